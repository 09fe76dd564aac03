import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, stringifyJson } from '../../../src/kernel/value/json.js';
import type { Value } from '../../../src/kernel/value/value.js';
import { packageRoot } from '../../../src/package-root.js';

/** The Nushell binaries of the supported range that are installed, by version. */
export function nushells(): readonly { readonly version: string; readonly path: string }[] {
  const modules = join(packageRoot(), 'node_modules');
  return [
    { version: '0.115', path: join(modules, '@nushell/linux-x64/bin/nu') },
    { version: '0.108', path: join(modules, 'nu-0-108/bin/nu') },
  ].filter(({ path }) => existsSync(path));
}

/** Runs a snippet with a value as JSON on its `$in`, and returns what it prints as JSON. */
export function nu(path: string, code: string, input: Value, cwd?: string): Value {
  const source = `from json | do {|| ${code} } | to json -r`;
  const result = spawnSync(path, ['-n', '--no-std-lib', '--stdin', '-c', source], {
    input: stringifyJson(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 120_000,
    cwd,
  });
  if (result.status !== 0) throw new Error(`nu ended with ${result.status}: ${result.stderr.slice(0, 2000)}`);
  return parseJson(result.stdout);
}
