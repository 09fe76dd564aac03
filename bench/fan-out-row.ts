import { pause } from '../src/kernel/signal.js';
import { countingFiles } from '../src/store/counting-files.js';
import { systemFiles } from '../src/store/file-port.js';
import { openSidecar } from '../test/fixtures/sidecar/open-sidecar.js';
import type { BenchResult, BenchRow } from './bench-row.js';
import { measureRun, type RunFigures } from './measure-run.js';
import { median } from './median.js';
import { fanOut } from './no-op-workflow.js';

export interface FanOutBudget {
  readonly slots: number;
  readonly tasksPerSecond: number;
  readonly syncsPerTask: number;
}

const few = 1_000;
const many = 10_000;
const rounds = 5;
const cpuUsPerTask = 250;
const maxRatio = 11;
const filedMs = 1_000;

/** A fan-out of 10,000 no-op calls beside one of 1,000: time must grow with the tasks and no faster. */
export function fanOutRow(budget: FanOutBudget): BenchRow {
  const name = `fan-out of 10,000 no-op calls, ${budget.slots} slots`;
  return {
    name,
    async run(): Promise<BenchResult> {
      const small: number[] = [];
      const ratios: number[] = [];
      const large: RunFigures[] = [];
      const { files, counts } = countingFiles(systemFiles);
      const sidecar = await openSidecar({ maxLive: budget.slots, files });
      const measure = async (tasks: number): Promise<RunFigures> => {
        // Half a second after its end a run is filed: what the run before left to do is not measured.
        await pause(filedMs);
        return measureRun(sidecar, counts, fanOut(tasks, budget.slots), tasks);
      };
      try {
        // The first run warms the code up, for both sides.
        await measure(few);
        for (let round = 0; round < rounds; round += 1) {
          const smallMs: number[] = [];
          // A run of 1,000 is short enough for one hiccup of the machine to double it.
          for (let run = 0; run < 3; run += 1) smallMs.push((await measure(few)).ms);
          const run = await measure(many);
          large.push(run);
          small.push(median(smallMs));
          ratios.push(run.ms / median(smallMs));
        }
      } finally {
        await sidecar.close();
      }
      const of = (figure: keyof RunFigures): number => median(large.map((run) => run[figure]));
      const ratio = median(ratios);
      const tasksPerSecond = (many / of('ms')) * 1_000;
      const syncs = of('syncsPerTask');
      const cpu = of('cpuUsPerTask');
      const isWithin =
        ratio <= maxRatio &&
        tasksPerSecond >= budget.tasksPerSecond &&
        syncs <= budget.syncsPerTask &&
        cpu <= cpuUsPerTask;
      return {
        name,
        budget: `≤ ${maxRatio}× the time of 1,000; ≥ ${budget.tasksPerSecond} tasks/s; ≤ ${budget.syncsPerTask} syncs and ≤ ${cpuUsPerTask} µs CPU a task`,
        figures: {
          'tasks per second': tasksPerSecond,
          'syncs per task': syncs,
          'CPU µs per task': cpu,
          'ms for 1,000': median(small),
          'ms for 10,000': of('ms'),
        },
        ratio,
        unit: '× the time of 1,000',
        verdict: isWithin ? 'within' : 'over',
      };
    },
  };
}
