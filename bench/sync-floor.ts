import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemFiles } from '../src/store/file-port.js';
import { median } from './median.js';

/** Milliseconds of one write of so many bytes and its fdatasync, the median of so many in a row: what no durable step can beat. */
export async function syncFloorMs(bytes: number, count: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'sidecar-bench-'));
  try {
    const fd = await systemFiles.open(join(directory, 'floor'), 'create');
    const line = Buffer.alloc(bytes, 'x');
    const times: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const start = performance.now();
      await systemFiles.write(fd, line, index * bytes);
      await systemFiles.datasync(fd);
      times.push(performance.now() - start);
    }
    await systemFiles.close(fd);
    return median(times);
  } finally {
    await rm(directory, { recursive: true });
  }
}
