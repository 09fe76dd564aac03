import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, FrameDecoder, type FrameLimits } from '../../../src/transport/framing.js';

const limits: FrameLimits = { messageBytes: 20, headerBytes: 100 };

/** What a stream gives: message texts, `refused`, or `fatal`. */
function decode(chunks: readonly (string | Buffer)[], use: FrameLimits = limits): readonly string[] {
  const decoder = new FrameDecoder(use);
  const frames: string[] = [];
  const take = (): void => {
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
      if (frame.kind === 'message') frames.push(frame.body.toString('utf8'));
      else frames.push(frame.fatal ? 'fatal' : 'refused');
    }
  };
  for (const chunk of chunks) {
    decoder.push(Buffer.from(chunk));
    take();
  }
  decoder.end();
  take();
  return frames;
}

interface Row {
  readonly title: string;
  readonly bytes: string;
  readonly frames: readonly string[];
}

const rows: readonly Row[] = [
  { title: 'nothing', bytes: '', frames: [] },
  { title: 'blanks', bytes: ' \r\n\t\n', frames: [] },
  { title: 'lines', bytes: '{"a":1}\n[2]\n', frames: ['{"a":1}', '[2]'] },
  { title: 'a last line without newline', bytes: '{}\n{"a":1}', frames: ['{}', '{"a":1}'] },
  { title: 'blank lines between', bytes: '\n{}\n\n \n{}\n', frames: ['{}', '{}'] },
  { title: 'CR LF lines', bytes: '{}\r\n{}\r\n', frames: ['{}\r', '{}\r'] },
  { title: 'junk is a line', bytes: 'hello\n', frames: ['hello'] },
  { title: 'a line of exactly the limit', bytes: `${'x'.repeat(20)}\n{}\n`, frames: ['x'.repeat(20), '{}'] },
  { title: 'a line over the limit', bytes: `${'x'.repeat(21)}\n{}\n`, frames: ['refused', '{}'] },
  { title: 'a line over the limit, never ended', bytes: 'x'.repeat(100), frames: ['refused'] },
  { title: 'a frame', bytes: 'Content-Length: 2\r\n\r\n{}', frames: ['{}'] },
  {
    title: 'two frames',
    bytes: 'Content-Length: 2\r\n\r\n{}content-length:3\r\n\r\n[1]',
    frames: ['{}', '[1]'],
  },
  {
    title: 'an empty body',
    bytes: 'Content-Length: 0\r\n\r\nContent-Length: 2\r\n\r\n{}',
    frames: ['', '{}'],
  },
  {
    title: 'other headers',
    bytes: 'Content-Type: a; charset=UTF-8\r\nX: y\r\nContent-Length: 2\r\n\r\n{}',
    frames: ['{}'],
  },
  {
    title: 'a quoted charset',
    bytes: 'Content-Type: a; charset="utf8"\r\nContent-Length: 2\r\n\r\n{}',
    frames: ['{}'],
  },
  {
    title: 'another charset',
    bytes: 'Content-Type: a; charset=latin1\r\nContent-Length: 2\r\n\r\n{}Content-Length: 2\r\n\r\n[]',
    frames: ['refused', '[]'],
  },
  {
    title: 'a body over the limit is skipped',
    bytes: `Content-Length: 30\r\n\r\n${'x'.repeat(30)}Content-Length: 2\r\n\r\n{}`,
    frames: ['refused', '{}'],
  },
  { title: 'an insane length', bytes: 'Content-Length: 9999999999\r\n\r\n{}', frames: ['fatal'] },
  { title: 'no length', bytes: 'Content-Type: a\r\n\r\n{}', frames: ['fatal'] },
  { title: 'two lengths', bytes: 'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}', frames: ['fatal'] },
  { title: 'a negative length', bytes: 'Content-Length: -2\r\n\r\n{}', frames: ['fatal'] },
  { title: 'no digits', bytes: 'Content-Length: two\r\n\r\n{}', frames: ['fatal'] },
  { title: 'LF alone', bytes: 'Content-Length: 2\n\n{}', frames: ['fatal'] },
  { title: 'no colon', bytes: 'Content-Length 2\r\n\r\n{}', frames: ['fatal'] },
  { title: 'a header block over its limit', bytes: `Content-X: ${'y'.repeat(200)}`, frames: ['fatal'] },
  { title: 'many header lines over the limit', bytes: 'C: y\r\n'.repeat(50), frames: ['fatal'] },
  { title: 'nothing after what is fatal', bytes: 'C\r\n\r\nContent-Length: 2\r\n\r\n{}', frames: ['fatal'] },
  { title: 'a cut body', bytes: 'Content-Length: 5\r\n\r\n{}', frames: ['fatal'] },
  { title: 'a cut header', bytes: 'Content-Len', frames: ['fatal'] },
  { title: 'a cut block', bytes: 'Content-Length: 5\r\n', frames: ['fatal'] },
];

describe('framing', () => {
  for (const { title, bytes, frames } of rows) {
    test(title, () => {
      assert.deepEqual(decode([bytes]), frames);
      assert.deepEqual(decode([...bytes]), frames, 'byte by byte');
    });
  }
});

test('a stream gives the same frames however it is cut', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('headers' as const, 'lines' as const),
      fc.array(
        fc.jsonValue().map((value) => JSON.stringify({ value })),
        { maxLength: 8 },
      ),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
      (framing, texts, sizes) => {
        const bytes = Buffer.from(texts.map((text) => encodeFrame(framing, text)).join(''));
        const chunks: Buffer[] = [];
        for (let at = 0, index = 0; at < bytes.length; index++) {
          const size = sizes[index % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        assert.deepEqual(decode(chunks, { messageBytes: 1_000_000, headerBytes: 100 }), texts);
      },
    ),
  );
});

test('after restart the framing is recognised anew', () => {
  const decoder = new FrameDecoder(limits);
  decoder.push(Buffer.from('{"first":1}\nContent-Length: 2\r\n\r\n{}'));
  assert.deepEqual(decoder.next(), { kind: 'message', body: Buffer.from('{"first":1}') });
  assert.equal(decoder.framing, 'lines');
  decoder.restart();
  assert.deepEqual(decoder.next(), { kind: 'message', body: Buffer.from('{}') });
  assert.equal(decoder.framing, 'headers');
});

test('a long line in small pieces is looked at once', () => {
  // Counted, not timed: what is searched may not grow with the square of the length.
  let searched = 0;
  const piece = Buffer.alloc(64, 'x');
  const decoder = new FrameDecoder({ messageBytes: 10_000_000, headerBytes: 100 });
  const indexOf = piece.indexOf.bind(piece);
  piece.indexOf = (value: string | number | Uint8Array, from?: unknown) => {
    const start = typeof from === 'number' ? from : 0;
    searched += piece.length - start;
    return indexOf(value, start);
  };
  const pieces = 10_000;
  for (let index = 0; index < pieces; index++) {
    decoder.push(piece);
    assert.equal(decoder.next(), undefined);
  }
  assert.equal(searched, pieces * piece.length);
});
