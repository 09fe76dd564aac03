import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { systemFiles } from '../../../src/store/file-port.js';
import { prepareStateDirectory } from '../../../src/store/state-directory.js';
import { directory, openSimulated } from './open-simulated.js';
import { SimulatedDisk, systemError } from './simulated-disk.js';

test('a directory that others may read is closed, and keeps its id', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sidecar-state-'));
  try {
    const path = join(folder, 'state');
    await mkdir(path);
    await chmod(path, 0o777);
    const id = await prepareStateDirectory(systemFiles, path);
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    assert.equal(await readFile(join(path, '.gitignore'), 'utf8'), '*\n');
    assert.equal(await prepareStateDirectory(systemFiles, path), id);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('many that prepare a directory at once agree on its id', async () => {
  const disk = new SimulatedDisk();
  const ids = await Promise.all(Array.from({ length: 10 }, () => prepareStateDirectory(disk, directory)));
  assert.equal(new Set(ids).size, 1);
});

test('a directory that is not fit is refused with the reason', async () => {
  const rows: readonly {
    name: string;
    disk: (disk: SimulatedDisk) => void;
    error: string;
    message: RegExp;
  }[] = [
    {
      name: 'NFS',
      disk: (disk) => Object.assign(disk, { fileSystem: 0x6969 }),
      error: 'storage_failed',
      message: /network file system \(NFS\)/,
    },
    // statfs(2) gives the number as a signed long on some machines.
    {
      name: 'CIFS',
      disk: (disk) => Object.assign(disk, { fileSystem: 0xff534d42 | 0 }),
      error: 'storage_failed',
      message: /CIFS/,
    },
    {
      name: 'of another user',
      disk: (disk) => Object.assign(disk, { restrict: async () => 1234 }),
      error: 'storage_failed',
      message: /uid 1234/,
    },
    {
      name: 'read-only',
      disk: (disk) => {
        disk.fault = ({ name }) =>
          name === 'makeFolder' || name === 'open' ? systemError('EROFS', 'disk') : undefined;
      },
      error: 'storage_failed',
      message: /EROFS/,
    },
    {
      name: 'without its id',
      disk: (disk) => void disk.unlink(`${directory}/state-id`),
      error: 'state_damaged',
      message: /state-id is damaged: it is missing/,
    },
    {
      name: 'with another id',
      disk: (disk) => disk.poke(`${directory}/state-id`, 'x'),
      error: 'state_damaged',
      message: /not a UUID/,
    },
  ];
  for (const { name, disk: change, error, message } of rows) {
    const disk = new SimulatedDisk();
    await (await openSimulated(disk)).close();
    change(disk);
    await assert.rejects(
      openSimulated(disk),
      (found: unknown) => found instanceof Failure && found.error === error && message.test(found.message),
      name,
    );
  }
});

test('a start that fails leaves the directory free for the next one', async () => {
  const disk = new SimulatedDisk();
  await (await openSimulated(disk)).close();
  const good = disk.peek(`${directory}/journal/head`);
  disk.poke(`${directory}/journal/head`, '');
  await assert.rejects(openSimulated(disk, { liveness: () => 'alive' }));
  disk.poke(`${directory}/journal/head`, good ?? '');
  await (await openSimulated(disk, { liveness: () => 'alive' })).close();
});
