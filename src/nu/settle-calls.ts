import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { settleOrphans } from '../process/settle-orphans.js';
import { callTag } from './call-nu.js';
import { readResult } from './result.js';

/**
 * Ends what calls of a former daemon left behind: a folder that is still there belongs to a call that was never answered. A server that an
 * answered call left running is its output and stays.
 */
export async function settleCalls(options: {
  readonly directory: string;
  readonly stateId: string;
  readonly settle: typeof settleOrphans;
  readonly graceMs: number;
  readonly killDeadlineMs: number;
}): Promise<void> {
  const { directory, stateId, settle, graceMs, killDeadlineMs } = options;
  for (const name of await readdir(directory).catch(() => [])) {
    const folder = join(directory, name);
    await settle({
      tag: callTag(stateId, folder),
      aliveFifo: join(folder, 'alive'),
      graceMs,
      killDeadlineMs,
      resultIsComplete: async () => {
        const result = readResult(await readFile(join(folder, 'result'), 'utf8').catch(() => ''));
        return result.complete && 'ok' in result.outcome;
      },
    });
    await rm(folder, { recursive: true, force: true });
  }
}
