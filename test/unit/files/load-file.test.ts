import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { ErrorName } from '../../../protocol/errors.js';
import type { LoadRequest } from '../../../src/files/load-file.js';
import { Failure } from '../../../src/kernel/failure.js';
import { Float, type Value } from '../../../src/kernel/value/value.js';
import { fixtures, loaderFor, ownFolder, signal } from './loader.js';

interface Row {
  readonly name: string;
  readonly content: string | Buffer;
  readonly value: Value;
  readonly format: string;
  readonly options?: Partial<LoadRequest>;
}

function check(what: string, { name, content, value, format, options }: Row): void {
  test(what, async (context) => {
    const folder = ownFolder(context);
    const path = join(folder, name);
    writeFileSync(path, content);
    assert.deepStrictEqual(await loaderFor(folder).load({ path, signal, ...options }), { value, format });
  });
}

const mark = '\ufeff';
check('a byte order mark before JSON', {
  name: 'a.json',
  content: `${mark}{"a": 1.0}`,
  value: { a: new Float(1) },
  format: 'json',
});
check('a byte order mark before YAML', {
  name: 'a.yml',
  content: `${mark}a: 1\n`,
  value: { a: 1 },
  format: 'yaml',
});
check('a byte order mark before TOML', {
  name: 'a.toml',
  content: `${mark}a = 1\n`,
  value: { a: 1 },
  format: 'toml',
});
check('a byte order mark before NUON', {
  name: 'a.nuon',
  content: `${mark}{a: 1}`,
  value: { a: 1 },
  format: 'nuon',
});
check('a byte order mark before CSV', {
  name: 'a.csv',
  content: `${mark}a,b\n1,2`,
  value: [{ a: 1, b: 2 }],
  format: 'csv',
});
check('a byte order mark stays in text, as in open', {
  name: 'a.txt',
  content: `${mark}x`,
  value: `${mark}x`,
  format: 'text',
});
check('Windows line ends in CSV', {
  name: 'a.csv',
  content: 'a,b\r\n1,"x\r\ny"\r\n\r\n2,z\r\n',
  value: [
    { a: 1, b: 'x\r\ny' },
    { a: 2, b: 'z' },
  ],
  format: 'csv',
});
check('Windows line ends in a TOML string', {
  name: 'a.toml',
  content: 'b = """x\r\ny"""\r\n',
  value: { b: 'x\ny' },
  format: 'toml',
});
check('JSON lines', {
  name: 'a.ndjson',
  content: '{"a":1}\r\n\n[2.0]\n',
  value: [{ a: 1 }, [new Float(2)]],
  format: 'jsonl',
});
check('an integer beyond 64 bits in CSV', {
  name: 'a.csv',
  content: 'a\n9223372036854775808',
  value: [{ a: 9223372036854775808n }],
  format: 'csv',
});
check('CloudFormation tags', {
  name: 'a.yaml',
  content: 'a: !Ref x\nb: !Sub "y"\nc: !GetAtt a.b\nd: !Select [0, !Ref l]\n',
  value: {
    a: { Ref: 'x' },
    b: { 'Fn::Sub': 'y' },
    c: { 'Fn::GetAtt': ['a', 'b'] },
    d: { 'Fn::Select': [0, { Ref: 'l' }] },
  },
  format: 'yaml',
});
check('an empty NUON file', {
  name: 'a.nuon',
  content: '',
  value: null,
  format: 'nuon',
});
check('raw text', {
  name: 'a.json',
  content: '{"a": 1',
  value: '{"a": 1',
  format: 'text',
  options: { raw: true },
});
check('raw bytes', {
  name: 'a.json',
  content: Buffer.from([0xff, 0]),
  value: new Uint8Array([0xff, 0]),
  format: 'binary',
  options: { raw: true },
});
check('bytes that are not UTF-8', {
  name: 'a.bin',
  content: Buffer.from([0xff]),
  value: new Uint8Array([0xff]),
  format: 'binary',
});
check('an extension in capitals', { name: 'A.YAML', content: 'a: 1', value: { a: 1 }, format: 'yaml' });
check('an unknown extension is text', { name: 'a.conf', content: 'a = 1', value: 'a = 1', format: 'text' });
check('a file only called .db is text', { name: 'a.db', content: 'x', value: 'x', format: 'text' });
check('a named format wins over the extension', {
  name: 'a.txt',
  content: 'a: 1',
  value: { a: 1 },
  format: 'yaml',
  options: { format: 'yml' },
});
check('a format with a dot', {
  name: 'a',
  content: '[1]',
  value: [1],
  format: 'json',
  options: { format: '.JSON' },
});

interface Refusal {
  readonly name: string;
  readonly content: string | Buffer;
  readonly error: ErrorName;
  readonly message: RegExp;
  readonly options?: Partial<LoadRequest>;
  /** Line and column of the first diagnostic. */
  readonly at?: readonly [number, number];
}

function refuse(what: string, { name, content, error, message, options, at }: Refusal): void {
  test(`refuses ${what}`, async (context) => {
    const folder = ownFolder(context);
    const path = join(folder, name);
    writeFileSync(path, content);
    await assert.rejects(loaderFor(folder).load({ path, signal, ...options }), (failure: unknown) => {
      assert.ok(failure instanceof Failure, String(failure));
      assert.equal(failure.error, error);
      assert.match(failure.message, message);
      const [first] = failure.data.diagnostics ?? [];
      if (at !== undefined) assert.deepEqual([first?.line, first?.column, first?.path], [...at, path]);
      return true;
    });
  });
}

refuse('broken JSON', {
  name: 'a.json',
  content: '{"a": 1\n "b": 2}',
  error: 'invalid_document',
  message: /Comma expected/,
  at: [2, 2],
});
refuse('a broken JSON line', {
  name: 'a.jsonl',
  content: '{"a": 1}\n{"a": }\n',
  error: 'invalid_document',
  message: /a value, got "}"/,
  at: [2, 7],
});
refuse('broken TOML', {
  name: 'a.toml',
  content: 'a = 1\nb = [1\n',
  error: 'invalid_document',
  message: /Expected TOML in/,
  at: [3, 1],
});
refuse('a TOML key twice', {
  name: 'a.toml',
  content: 'a = 1\na = 2\n',
  error: 'invalid_document',
  message: /multiple times/,
  at: [2, 1],
});
refuse('broken YAML', {
  name: 'a.yaml',
  content: 'a: 1\nb: [1\n',
  error: 'invalid_document',
  message: /Expected YAML in/,
  at: [3, 1],
});
refuse('a YAML key twice', {
  name: 'a.yaml',
  content: 'a: 1\nb: 2\na: 3\n',
  error: 'invalid_document',
  message: /each key once, got a again/,
  at: [3, 1],
});
refuse('a YAML tag of someone', {
  name: 'a.yaml',
  content: 'a: !!python/object:os.system x\n',
  error: 'invalid_document',
  message: /!!python\/object/,
  at: [1, 30],
});
refuse('an unknown YAML alias', {
  name: 'a.yaml',
  content: 'a: *x\n',
  error: 'invalid_document',
  message: /anchor &x before/,
  at: [1, 4],
});
refuse('a YAML node that holds itself', {
  name: 'a.yaml',
  content: 'a: &x [*x]\n',
  error: 'invalid_document',
  message: /anchor &x before/,
  at: [1, 8],
});
refuse('broken NUON', {
  name: 'a.nuon',
  content: '{a: 1\n b}',
  error: 'invalid_document',
  message: /":" after the key/,
  at: [2, 3],
});
refuse('a row that is too short', {
  name: 'a.csv',
  content: 'a,b\n1,2\n3\n',
  error: 'invalid_document',
  message: /expect 2, got 1/,
  at: [3, 1],
});
refuse('a column twice', {
  name: 'a.csv',
  content: 'a,a\n1,2\n',
  error: 'invalid_document',
  message: /each column once, got "a" twice/,
  at: [1, 1],
});
refuse('JSON that is not UTF-8', {
  name: 'a.json',
  content: Buffer.from([0x22, 0xff, 0x22]),
  error: 'invalid_document',
  message: /UTF-8/,
});
refuse('an unknown format', {
  name: 'a',
  content: '',
  error: 'unsupported_format',
  message: /got "jsn"/,
  options: { format: 'jsn' },
});
refuse('a cancelled load', {
  name: 'a.json',
  content: '1',
  error: 'request_cancelled',
  message: /cancelled/,
  options: { signal: AbortSignal.abort() },
});

test('a misspelt format is told the right one', async (context) => {
  const folder = ownFolder(context);
  writeFileSync(join(folder, 'a'), '');
  await assert.rejects(
    loaderFor(folder).load({ path: join(folder, 'a'), format: 'jsn', signal }),
    (failure: unknown) => {
      assert.ok(failure instanceof Failure);
      assert.equal(failure.data.advice, 'Did you mean json?');
      return true;
    },
  );
});

test('Nushell gets a private copy that is gone afterwards', async (context) => {
  const folder = ownFolder(context);
  const scratch = ownFolder(context);
  const path = join(folder, 'a.xml');
  writeFileSync(path, '<a/>');
  let seen: readonly unknown[] = [];
  let copied = '';
  const loader = loaderFor(folder, {
    scratch,
    openWithNu: async (copy, format) => {
      copied = copy;
      const modes = [statSync(copy).mode & 0o777, statSync(dirname(copy)).mode & 0o777];
      seen = [format, readFileSync(copy, 'utf8'), ...modes];
      return { tag: 'a' };
    },
  });
  assert.deepEqual(await loader.load({ path, signal }), { value: { tag: 'a' }, format: 'xml' });
  assert.deepEqual(seen, ['xml', '<a/>', 0o600, 0o700]);
  assert.equal(existsSync(copied), false);
  assert.deepEqual(readdirSync(scratch), []);
});

test('a failure of Nushell reaches the caller, and its copy goes too', async (context) => {
  const scratch = ownFolder(context);
  const loader = loaderFor(fixtures, { scratch });
  await assert.rejects(loader.load({ path: join(fixtures, 'a.xml'), signal }), /not to need Nushell/);
  assert.deepEqual(readdirSync(scratch), []);
});

test('text is read without its byte order mark, with its real path', async (context) => {
  const folder = ownFolder(context);
  writeFileSync(join(folder, 'a.j2'), `${mark}{{ x }}`);
  const read = await loaderFor(folder).read(join(folder, '.', 'a.j2'));
  assert.deepEqual(read, { text: '{{ x }}', path: join(folder, 'a.j2') });
  writeFileSync(join(folder, 'b.j2'), Buffer.from([0xff]));
  await assert.rejects(loaderFor(folder).read(join(folder, 'b.j2')), /Expected UTF-8 text/);
});

test('every format has a name and extensions of its own', () => {
  const formats = loaderFor('/').formats();
  const names = formats.flatMap(({ name, extensions }) => [...new Set([name, ...extensions])]);
  assert.equal(new Set(names).size, names.length);
});
