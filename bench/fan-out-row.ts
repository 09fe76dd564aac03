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

/** A fan-out of 10,000 no-op calls beside one of 1,000: time must grow with the tasks and no faster. */
export function fanOutRow(budget: FanOutBudget): BenchRow {
  const name = `fan-out of 10,000 no-op calls, ${budget.slots} slots`;
  return {
    name,
    async run(): Promise<BenchResult> {
      const small: RunFigures[] = [];
      const large: RunFigures[] = [];
      const { files, counts } = countingFiles(systemFiles);
      const sidecar = await openSidecar({ maxLive: budget.slots, files });
      const measure = (tasks: number): Promise<RunFigures> =>
        measureRun(sidecar, counts, fanOut(tasks, budget.slots), tasks);
      try {
        // The first run warms the code up, for both sides.
        await measure(few);
        for (let round = 0; round < rounds; round += 1) {
          small.push(await measure(few));
          large.push(await measure(many));
        }
      } finally {
        await sidecar.close();
      }
      const of = (runs: readonly RunFigures[], figure: keyof RunFigures): number =>
        median(runs.map((run) => run[figure]));
      const ratio = of(large, 'ms') / of(small, 'ms');
      const tasksPerSecond = (many / of(large, 'ms')) * 1_000;
      const syncs = of(large, 'syncsPerTask');
      const cpu = of(large, 'cpuUsPerTask');
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
          'ms for 1,000': of(small, 'ms'),
          'ms for 10,000': of(large, 'ms'),
        },
        ratio,
        unit: '× the time of 1,000',
        verdict: isWithin ? 'within' : 'over',
      };
    },
  };
}
