import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/package-root.js';
import { sources } from './source-tree.js';

const everywhere = ['protocol', 'state', 'src', 'test', 'bench'];
const program = ['protocol', 'state', 'src'];

/** A pattern that no source may hold, outside the files that are named. */
interface Ban {
  readonly rule: string;
  readonly pattern: RegExp;
  readonly folders: readonly string[];
  readonly except?: RegExp;
}

const bans: readonly Ban[] = [
  {
    rule: 'only cli, config and main read the environment and the working directory',
    pattern: /process\.(env|cwd)\b/,
    folders: program,
    except: /^src\/(cli|config)\/|^src\/main\.ts$/,
  },
  {
    rule: 'stdout belongs to the protocol: only the CLI writes to it, and stdio gets it handed in',
    pattern: /\bconsole\.|process\.stdout/,
    folders: program,
    except: /^src\/cli\/|^src\/main\.ts$/,
  },
  {
    rule: 'no silenced checker',
    pattern: /@ts-(expect-error|ignore|nocheck)|biome-ignore|eslint-disable/,
    folders: everywhere,
  },
  {
    rule: 'no enum, no namespace',
    pattern: /^\s*(export\s+)?(const\s+)?(enum|namespace)\s/m,
    folders: everywhere,
  },
  {
    rule: 'no barrels: what is imported comes from the file that has it',
    pattern: /^export\s+(type\s+)?(\{[^}]*\}|\*.*)\s+from\b/m,
    folders: everywhere,
  },
  { rule: 'nothing left for later', pattern: /\b(TODO|FIXME|XXX)\b|[Nn]ot implemented/, folders: everywhere },
  {
    rule: 'no skipped test',
    pattern: /\b(test|it|describe)\.(skip|todo|only)\b|\b(skip|todo): true/,
    folders: ['test'],
  },
];

const self = 'test/contract/house-rules.test.ts';

for (const { rule, pattern, folders, except } of bans) {
  test(rule, () => {
    const found = sources(folders)
      .filter((file) => file !== self && !except?.test(file))
      .flatMap((file) => {
        const lines = withoutComments(readFileSync(join(packageRoot(), file), 'utf8')).split('\n');
        return lines.flatMap((line, index) =>
          pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
        );
      });
    assert.deepEqual(found, []);
  });
}

test('no source file has more than 400 lines', () => {
  const long = sources(everywhere)
    .map((file) => ({ file, lines: readFileSync(join(packageRoot(), file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 400);
  assert.deepEqual(long, []);
});

test('files are named after what they hold, in kebab-case', () => {
  const vague = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'types', 'misc', 'index']);
  const wrong = sources(everywhere).filter((file) => {
    const name = basename(file).replace(/\.(test\.)?ts$/, '');
    return vague.has(name) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
  });
  assert.deepEqual(wrong, []);
});

/** Comments may name what code may not do. Their lines stay, so that numbers fit. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|\s)\/\/.*$/gm, '$1');
}
