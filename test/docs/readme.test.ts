import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/package-root.js';

/**
 * Every snippet of README.md runs, in order, as a reader would run it: `sh` in a shell and `nu` in Nushell, and where a `text` block
 * follows it is exactly what they print. The two commands that install are CI's own first and last step; here the example's is run
 * without the installation, and `npm test` is this very run.
 */
interface Snippet {
  readonly language: 'sh' | 'nu';
  readonly code: string;
  readonly expected: string | null;
}

const root = packageRoot();
const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const nu = join(root, 'node_modules', '@nushell', 'linux-x64', 'bin', 'nu');

const readme = await readFile(join(root, 'README.md'), 'utf8');
const snippets = parseSnippets(readme);

function parseSnippets(text: string): Snippet[] {
  const found: Snippet[] = [];
  const blocks = [...text.matchAll(/^```(sh|nu|text)\n([\s\S]*?)^```$/gm)];
  for (const [, language, code = ''] of blocks) {
    const last = found.at(-1);
    if (language === 'sh' || language === 'nu') found.push({ language, code, expected: null });
    else if (last !== undefined) found[found.length - 1] = { ...last, expected: code };
  }
  return found;
}

describe('README.md', () => {
  let clone = '';
  let env: Record<string, string> = {};

  before(async () => {
    // A folder that looks like a clone: what the snippets write stays out of the working tree.
    clone = await mkdtemp(join(tmpdir(), 'sidecar-readme-'));
    for (const name of [
      'nulib',
      'bin',
      'dist',
      'package.json',
      'node_modules',
      'docs',
      'protocol',
      'templates',
    ]) {
      await symlink(join(root, name), join(clone, name)).catch(() => undefined);
    }
    // Without what runs of the example left beside it: the state would lead to the daemon of another folder.
    await cp(join(root, 'examples'), join(clone, 'examples'), {
      recursive: true,
      filter: (path) => !['.sidecar', '.sandbox'].includes(basename(path)),
    });
    const shims = join(clone, '.shims');
    await mkdir(shims);
    // `npx nu-sidecar` of the build under test.
    await writeFile(join(shims, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${main}" "$@"\n`);
    await writeFile(join(shims, 'sidecar-bin'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    for (const name of ['npx', 'sidecar-bin']) await chmod(join(shims, name), 0o755);
    env = {
      PATH: [shims, join(nu, '..'), process.env['PATH'] ?? ''].join(delimiter),
      HOME: clone,
      SIDECAR_BIN: join(shims, 'sidecar-bin'),
    };
  });

  after(async () => {
    for (const project of [['--project', 'examples/provisioning'], []]) {
      await run(process.execPath, [main, 'stop', ...project], clone, env).catch(() => undefined);
    }
    await rm(clone, { recursive: true, force: true });
  });

  test('has snippets', () => assert.ok(snippets.length >= 8, `${snippets.length} snippets`));

  for (const { language, code, expected } of snippets) {
    if (/^npm install && npm test$/m.test(code)) continue;
    test(code.trim().split('\n').at(-1) ?? '', { timeout: 120_000 }, async () => {
      const script = code.replace(/^npm install && /m, '');
      const stdout =
        language === 'sh'
          ? await run('sh', ['-euc', script], clone, env)
          : await run(nu, ['--no-config-file', '-c', script], clone, env);
      if (expected !== null) assert.equal(stdout.trimEnd(), expected.trimEnd());
    });
  }
});

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { cwd, env: { ...env }, timeout: 110_000 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${program} ${args.join(' ')}: ${error.message}\n${stdout}\n${stderr}`));
      },
    );
    child.stdin?.end();
  });
}
