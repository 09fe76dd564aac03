import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findProject, type ProjectSearch } from '../../../src/config/find-project.js';
import { Failure } from '../../../src/kernel/failure.js';

let base = '';
before(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'sidecar-project-')));
  await mkdir(join(base, 'outer/inner/workflows/servers'), { recursive: true });
  await mkdir(join(base, 'elsewhere'));
  await writeFile(join(base, 'outer/sidecar.toml'), '');
  await writeFile(join(base, 'outer/inner/sidecar.toml'), '');
  await mkdir(join(base, 'elsewhere/sidecar.toml'));
  await symlink(join(base, 'outer/inner/workflows'), join(base, 'elsewhere/linked'));
});
after(() => rm(base, { recursive: true, force: true }));

describe('the project is', () => {
  const rows: readonly (readonly [
    string,
    Partial<ProjectSearch> & { readonly cwd: string },
    string | null,
  ])[] = [
    [
      'the nearest folder with a sidecar.toml upwards',
      { cwd: 'outer/inner/workflows/servers' },
      'outer/inner',
    ],
    ['the folder itself', { cwd: 'outer' }, 'outer'],
    [
      'found from the file, not from the working directory',
      { cwd: 'outer', file: 'inner/workflows/servers/x.toml' },
      'outer/inner',
    ],
    ['found from where a linked folder really is', { cwd: 'elsewhere/linked' }, 'outer/inner'],
    ['none when only a folder is called sidecar.toml', { cwd: 'elsewhere' }, null],
    ['what the flag names, without a sidecar.toml too', { cwd: 'outer', flag: '../elsewhere' }, 'elsewhere'],
    ['what the variable names', { cwd: 'outer', env: { SIDECAR_PROJECT: 'inner' } }, 'outer/inner'],
    [
      'what the flag names, whatever the variable says',
      { cwd: 'outer', flag: '.', env: { SIDECAR_PROJECT: 'inner' } },
      'outer',
    ],
    ['found when the variable is empty', { cwd: 'outer', env: { SIDECAR_PROJECT: '' } }, 'outer'],
  ];
  for (const [title, search, expected] of rows) {
    it(title, async () => {
      const found = await findProject({ env: {}, ...search, cwd: join(base, search.cwd) });
      assert.equal(found, expected === null ? null : join(base, expected));
    });
  }

  it('an error when what was named is no folder', async () => {
    await assert.rejects(findProject({ env: { SIDECAR_PROJECT: 'nowhere' }, cwd: base }), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.error, 'config_invalid');
      assert.equal(
        error.message,
        `No project at ${join(base, 'nowhere')}: expected a folder, got nothing there.`,
      );
      return true;
    });
  });
});
