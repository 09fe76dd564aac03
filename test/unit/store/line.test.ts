import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeBatch, lineEvents, parseLine } from '../../../src/store/line.js';
import { journalLineSchema } from '../../../state/events.js';

const batch = {
  number: 3,
  epoch: 2,
  lines: [
    { seq: 7, time: 1_790_000_000_000, events: '[{"type":"a","text":"é 🚀 \\n"}]' },
    { seq: 8, time: -1, events: '[{"type":"b","n":123456789012345678901,"x":1.0},{"type":"c"}]' },
  ],
};
const before = 'ab'.repeat(32);

function encoded(): { bytes: Buffer; hash: string } {
  const { text, hash } = encodeBatch(batch, before);
  return { bytes: Buffer.from(text), hash };
}

test('a batch reads back as it was written, chained', () => {
  const { bytes, hash } = encoded();
  const first = parseLine(bytes, 0);
  assert.ok(first !== null);
  const second = parseLine(bytes, first.end);
  assert.ok(second !== null);
  assert.deepEqual(
    { ...first, hash: '', end: 0 },
    { ...batch.lines[0], batch: 3, place: 1, count: 2, epoch: 2, prev: before, hash: '', start: 0, end: 0 },
  );
  assert.deepEqual([second.seq, second.place, second.prev, second.hash], [8, 2, first.hash, hash]);
  assert.equal(second.end, bytes.length);
  assert.equal(lineEvents(second)[0]?.['n'], 123456789012345678901n);
});

test('every line keeps to the published schema', () => {
  for (const text of encoded().bytes.toString().trimEnd().split('\n'))
    journalLineSchema.parse(JSON.parse(text));
});

test('the very first line has no line before it', () => {
  const { text } = encodeBatch(batch, '');
  assert.equal(parseLine(Buffer.from(text), 0)?.prev, '');
});

test('one flipped bit anywhere, or a cut anywhere, makes a line bad', () => {
  const { bytes } = encoded();
  const end = parseLine(bytes, 0)?.end ?? 0;
  assert.ok(end > 0);
  for (let offset = 0; offset < end; offset += 1) {
    const flipped = Buffer.from(bytes.subarray(0, end));
    flipped[offset] = (flipped[offset] ?? 0) ^ (1 << (offset % 8));
    assert.equal(parseLine(flipped, 0), null, `bit ${offset % 8} of byte ${offset}`);
    assert.equal(parseLine(bytes.subarray(0, offset), 0), null, `cut at ${offset}`);
  }
});

test('bytes that are no line are no line', () => {
  const rows = [
    '',
    '\n',
    '{}\n',
    '\0'.repeat(500),
    `${'\0'.repeat(500)}\n`,
    '{"seq":1}\n',
    ',"hash":"'.padEnd(90, 'a'),
  ];
  for (const row of rows) assert.equal(parseLine(Buffer.from(row), 0), null, JSON.stringify(row));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => parseLine(Buffer.from(bytes), 0) === null),
  );
});
