import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { DateTime, Float, type Value } from '../../../src/kernel/value/value.js';
import { captureNu } from '../../../src/nu/capture-nu.js';
import { createOpenWithNu } from '../../../src/nu/open-with-nu.js';
import { nuPackages, realNu } from './real-nu.js';

const texts: readonly [format: string, text: string, value: Value][] = [
  [
    'xml',
    '<a b="c">t</a>',
    { tag: 'a', attributes: { b: 'c' }, content: [{ tag: null, attributes: null, content: 't' }] },
  ],
  ['ssv', 'name  size\na     1\n', [{ name: 'a', size: '1' }]],
  ['url', 'a=1&b=x', { a: '1', b: 'x' }],
];

const failing: readonly [format: string, text: string, error: string][] = [
  ['xml', '<a></b>', 'invalid_document'],
  ['msgpack', '\u00c1\u00ff', 'invalid_document'],
  ['zip', '', 'unsupported_format'],
  ['constructor', '', 'unsupported_format'],
];

for (const packageName of nuPackages) {
  test(`${packageName}: Nushell's own parsers, whatever the file is called`, async () => {
    const { nu, folder } = await realNu(packageName);
    const open = createOpenWithNu({ findNu: async () => nu });
    const { signal } = new AbortController();
    const path = join(folder, 'it\'s; $(a) "file"');
    for (const [format, text, value] of texts) {
      writeFileSync(path, text);
      assert.deepEqual(await open(path, format, signal), value, format);
    }
    for (const [format, text, error] of failing) {
      writeFileSync(path, text);
      await assert.rejects(
        open(path, format, signal),
        (thrown) => thrown instanceof Failure && thrown.error === error,
        format,
      );
    }
  });

  test(`${packageName}: binary formats keep their types, SQLite by its header`, async () => {
    const { nu, folder } = await realNu(packageName);
    const open = createOpenWithNu({ findNu: async () => nu });
    const { signal } = new AbortController();
    const make = `[[a b]; [1.0 2026-01-02]] | to msgpack | save a.bin
[[a b]; [1.0 x] [2.5 0x[ff]]] | into sqlite b.bin
[[z]; [1]] | into sqlite b.bin --table-name 'odd.table name'`;
    const made = await captureNu({ path: nu.path, args: ['-n', '-c', make], cwd: folder, env: {} });
    assert.equal(made.exitCode, 0, made.stderr);
    assert.deepEqual(await open(join(folder, 'a.bin'), 'msgpack', signal), [
      { a: new Float(1), b: new DateTime('2026-01-02T00:00:00+00:00') },
    ]);
    assert.deepEqual(await open(join(folder, 'b.bin'), 'sqlite', signal), {
      main: [
        { a: new Float(1), b: 'x' },
        { a: 2.5, b: Uint8Array.of(255) },
      ],
      'odd.table name': [{ z: 1 }],
    });
  });
}

test('a format that an older Nushell lacks is said to be so', async () => {
  const { nu, folder } = await realNu('nu-0-108');
  const open = createOpenWithNu({ findNu: async () => nu });
  const path = join(folder, 'a.kdl');
  writeFileSync(path, 'a 1');
  await assert.rejects(open(path, 'kdl', new AbortController().signal), {
    error: 'unsupported_format',
    message: 'Nushell 0.108.0 cannot read kdl files.',
  });
});
