import { join } from 'node:path';
import { pause } from '../../src/kernel/signal.js';
import { withBareNode } from '../bare-node.js';
import type { BenchRow } from '../bench-row.js';
import { withDaemon, withFolder } from '../daemon-process.js';
import { type ProcessFigures, processFigures } from '../process-figures.js';

/** V8 trims its heap for some time after a start: on a busy machine 20 s do not see the end of it. */
const settleMs = 45_000;
const watchMs = 65_000;

/** A daemon that nobody asks for anything, beside a node that does nothing. Linux only: it reads /proc. */
export const row: BenchRow = {
  name: 'idle daemon',
  run: () =>
    withFolder((folder) =>
      withBareNode((barePid) =>
        withDaemon(join(folder, 'state'), async ({ pid }) => {
          await pause(settleMs);
          const before = await both(pid, barePid);
          await pause(watchMs);
          const after = await both(pid, barePid);
          const above = after.daemon.rssMb - after.bare.rssMb;
          const wakesPerMinute = ((after.daemon.wakes - before.daemon.wakes) / watchMs) * 60_000;
          return {
            name: row.name,
            budget: '≤ 55 MB above bare node; woken at most once a minute',
            figures: {
              'MB of the daemon': after.daemon.rssMb,
              'MB of bare node': after.bare.rssMb,
              'wakes a minute': wakesPerMinute,
              'wakes a minute of bare node': ((after.bare.wakes - before.bare.wakes) / watchMs) * 60_000,
            },
            ratio: above,
            unit: 'MB above bare node',
            verdict: above <= 55 && wakesPerMinute <= 1 ? 'within' : 'over',
          };
        }),
      ),
    ),
};

async function both(
  daemon: number,
  bare: number,
): Promise<{ readonly daemon: ProcessFigures; readonly bare: ProcessFigures }> {
  return { daemon: await processFigures(daemon), bare: await processFigures(bare) };
}
