import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { init, parse } from 'es-module-lexer';
import { packageRoot } from '../../src/package-root.js';
import { importTable, type RoomRule } from './import-table.js';
import { buildRoot, filesBelow } from './source-tree.js';

interface Import {
  readonly file: string;
  readonly room: RoomRule;
  /** A path relative to the build, or the name of a package. */
  readonly target: string;
  readonly kind: 'file' | 'package';
}

const builtin = new Set(builtinModules);

function roomOf(file: string): RoomRule {
  const folders = importTable.filter(({ room }) => room !== 'src');
  const found = folders.find(({ room }) => file.startsWith(`${room}/`));
  const rule =
    found ?? (dirname(file) === 'src' ? importTable.find(({ room }) => room === 'src') : undefined);
  assert.ok(rule, `${file} is in no room of the import table`);
  return rule;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

await init();
const imports: readonly Import[] = filesBelow(buildRoot, ['protocol', 'state', 'src'], '.js').flatMap(
  (file) => {
    const room = roomOf(file);
    const [found] = parse(readFileSync(join(buildRoot, file), 'utf8'), file);
    return found.flatMap(({ specifier }): readonly Import[] => {
      if (typeof specifier !== 'string' || specifier.startsWith('node:') || builtin.has(specifier)) return [];
      if (!specifier.startsWith('.'))
        return [{ file, room, target: packageName(specifier), kind: 'package' }];
      const target = relative(buildRoot, resolve(buildRoot, dirname(file), specifier));
      return [{ file, room, target, kind: 'file' }];
    });
  },
);

test('every room imports only the rooms of the table', () => {
  const wrong = imports.filter(
    ({ room, target, kind }) =>
      kind === 'file' &&
      room.imports !== 'anything' &&
      !room.imports.some((allowed) => target.startsWith(allowed)),
  );
  assert.deepEqual(
    wrong.map(({ file, target }) => `${file} imports ${target}`),
    [],
  );
});

test('every package but zod is imported by its one room', () => {
  const wrong = imports.filter(
    ({ room, target, kind }) => kind === 'package' && target !== 'zod' && !room.packages?.includes(target),
  );
  assert.deepEqual(
    wrong.map(({ file, target }) => `${file} imports ${target}`),
    [],
  );
  const owned = importTable.flatMap(({ packages = [] }) => packages);
  assert.deepEqual(owned, [...new Set(owned)], 'no package in two rooms');
});

test('the dependencies of package.json are the packages of the table', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  assert.ok(typeof manifest === 'object' && manifest !== null && 'dependencies' in manifest);
  const { dependencies } = manifest;
  assert.ok(typeof dependencies === 'object' && dependencies !== null);
  const owned = importTable.flatMap(({ packages = [] }) => packages);
  assert.deepEqual(Object.keys(dependencies).sort(), ['zod', ...owned].sort());
  const used = new Set(imports.filter(({ kind }) => kind === 'package').map(({ target }) => target));
  assert.deepEqual([...used].sort(), ['zod', ...owned].sort(), 'each is really used');
});
