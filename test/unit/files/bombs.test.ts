import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { Failure } from '../../../src/kernel/failure.js';
import { fixtures, loaderFor, ownFolder, signal } from './loader.js';

interface Entry {
  readonly name: string;
  readonly content: Buffer;
  /** What the directory claims; the truth when left out. */
  readonly claimed?: number;
  readonly method?: number;
}

/** A zip archive; its checksums are left at zero, since nothing here looks at them. */
function zip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claimed = content.length, method = 8 } of entries) {
    const stored = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(stored.length, 18);
    local.writeUInt32LE(claimed, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(stored.length, 20);
    entry.writeUInt32LE(claimed, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    parts.push(local, Buffer.from(name), stored);
    directory.push(entry, Buffer.from(name));
    offset += local.length + name.length + stored.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

const zeros = Buffer.alloc(4 << 20);
const laughs = `a0: &a0 [lol]\n${Array.from({ length: 20 }, (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`).join('\n')}\n`;
const merges = `a0: &a0 {x: 1}\n${Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} {<<: [*a${level}, *a${level}], k${level}: 1}`).join('\n')}\n`;

/** What must be refused as too much, long before it costs much. */
const bombs: Readonly<Record<string, readonly [name: string, content: string | Buffer, words: RegExp]>> = {
  'a billion laughs': ['a.yaml', laughs, /aliases to add at most 10000 values/],
  'merged laughs': ['a.yaml', merges, /aliases to add at most/],
  'nested YAML brackets': ['a.yaml', '['.repeat(1_000_000), /at most 256 deep/],
  'nested YAML lists': ['a.yaml', '- '.repeat(500_000), /at most 256 deep/],
  'nested YAML maps': [
    'a.yaml',
    Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
    /at most 256 deep/,
  ],
  'nested JSON': ['a.json', '{"a":'.repeat(200_000), /at most 256 deep/],
  'nested JSON lines': ['a.jsonl', `1\n${'['.repeat(300)}`, /at most 256 deep/],
  'nested JSON with comments': ['a.json', `// c\n${'['.repeat(300)}`, /at most 256 deep/],
  'nested TOML lists': ['a.toml', `a = ${'['.repeat(500_000)}`, /at most 256 deep/],
  'nested TOML keys': ['a.toml', `${'a.'.repeat(100_000)}a = 1`, /at most 256 deep/],
  'nested NUON': ['a.nuon', '[{a: '.repeat(100_000), /at most 256 deep/],
  'a workbook with too many entries': [
    'a.xlsx',
    zip(Array.from({ length: 10_001 }, (_, index) => ({ name: `${index}`, content: Buffer.alloc(0) }))),
    /at most 10000 entries/,
  ],
  'a workbook that inflates beyond the limit': [
    'a.xlsx',
    zip(Array.from({ length: 5 }, () => ({ name: 'a', content: Buffer.alloc(1), claimed: 60 << 20 }))),
    /at most 268435456 bytes when inflated/,
  ],
  'a workbook with a high ratio': [
    'a.ods',
    zip([{ name: 'a', content: zeros }]),
    /at most 500 inflated bytes/,
  ],
  'a workbook that lies about its size': [
    'a.xlsx',
    zip([{ name: 'a', content: zeros, claimed: 100 }]),
    /the 100 bytes its directory names/,
  ],
};

for (const [what, [name, content, words]] of Object.entries(bombs)) {
  test(`refuses ${what}`, async (context) => {
    const folder = ownFolder(context);
    const path = join(folder, name);
    writeFileSync(path, content);
    await assert.rejects(loaderFor(folder).load({ path, signal }), (failure: unknown) => {
      assert.ok(failure instanceof Failure, String(failure));
      assert.equal(failure.error, 'limit_exceeded', failure.message);
      assert.match(failure.message, words);
      return true;
    });
  });
}

const damaged: Readonly<Record<string, Buffer>> = {
  'no archive': Buffer.from('not a zip'),
  'bytes after the directory': Buffer.concat([
    zip([{ name: 'a', content: Buffer.from('a') }]),
    Buffer.from('x'),
  ]),
  'an unknown compression': zip([{ name: 'a', content: Buffer.from('a'), method: 12 }]),
  'a cut archive': zip([{ name: 'a', content: Buffer.from('a') }]).subarray(10),
};

for (const [what, content] of Object.entries(damaged)) {
  test(`refuses a workbook with ${what}`, async (context) => {
    const folder = ownFolder(context);
    const path = join(folder, 'a.xlsx');
    writeFileSync(path, content);
    await assert.rejects(loaderFor(folder).load({ path, signal }), (failure: unknown) => {
      assert.ok(failure instanceof Failure, String(failure));
      assert.equal(failure.error, 'invalid_document', failure.message);
      return true;
    });
  });
}

test('an ordinary workbook reaches Nushell', async () => {
  await assert.rejects(
    loaderFor(fixtures).load({ path: join(fixtures, 'a.xlsx'), signal }),
    /a file of format xlsx/,
  );
});

test('hostile keys pollute nothing', async (context) => {
  const folder = ownFolder(context);
  const contents = {
    'a.json': '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    'b.json': '// c\n{"__proto__": {"polluted": 1.0}}',
    'a.yaml': '__proto__: {polluted: 1}\nb: &b {__proto__: {polluted: 2}}\nc: {<<: *b}\n',
    'a.toml': '[__proto__]\npolluted = 1\n',
    'a.nuon': '{__proto__: {polluted: 1}, t: [[__proto__]; [{polluted: 1}]]}',
    'a.csv': '__proto__,a\n1,2\n',
  };
  for (const [name, content] of Object.entries(contents)) {
    writeFileSync(join(folder, name), content);
    const { value } = await loaderFor(folder).load({ path: join(folder, name), signal });
    const record: unknown = Array.isArray(value) ? value[0] : value;
    assert.ok(typeof record === 'object' && record !== null && Object.hasOwn(record, '__proto__'), name);
    assert.equal(Object.getPrototypeOf(record), Object.prototype, name);
  }
  assert.equal('polluted' in {}, false);
});
