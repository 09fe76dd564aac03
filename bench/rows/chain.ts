import { countingFiles } from '../../src/store/counting-files.js';
import { systemFiles } from '../../src/store/file-port.js';
import { openSidecar } from '../../test/fixtures/sidecar/open-sidecar.js';
import type { BenchRow } from '../bench-row.js';
import { measureRun } from '../measure-run.js';
import { median } from '../median.js';
import { chain } from '../no-op-workflow.js';
import { syncFloorMs } from '../sync-floor.js';

const tasks = 1_000;
const rounds = 5;
/** The journal line of a step in the chain: the end of one attempt and the start of the next. */
const lineBytes = 600;

/** A chain of 1,000 no-op tasks, where every task waits for the disk, beside one write and fdatasync. */
export const row: BenchRow = {
  name: 'chain of 1,000 no-op tasks',
  async run() {
    const found: { floorMs: number; taskMs: number; syncs: number; cpuUs: number }[] = [];
    const { files, counts } = countingFiles(systemFiles);
    const sidecar = await openSidecar({ files });
    try {
      // The first round warms the code up.
      for (let round = 0; round <= rounds; round += 1) {
        const floorMs = await syncFloorMs(lineBytes, tasks);
        const run = await measureRun(sidecar, counts, chain('chain', tasks), tasks);
        found.push({ floorMs, taskMs: run.ms / tasks, syncs: run.syncsPerTask, cpuUs: run.cpuUsPerTask });
      }
    } finally {
      await sidecar.close();
    }
    found.shift();
    const above = median(found.map(({ taskMs, floorMs }) => taskMs - floorMs));
    const syncs = Math.max(...found.map((round) => round.syncs));
    return {
      name: row.name,
      budget: '≤ 1.05 fdatasync a task; ≤ 0.3 ms a task above one write + fdatasync',
      figures: {
        'ms per task above the floor': above,
        'ms per task': median(found.map(({ taskMs }) => taskMs)),
        'ms of the floor': median(found.map(({ floorMs }) => floorMs)),
        'CPU µs per task': median(found.map(({ cpuUs }) => cpuUs)),
      },
      ratio: syncs,
      unit: 'fdatasync a task',
      verdict: syncs <= 1.05 && above <= 0.3 ? 'within' : 'over',
    };
  },
};
