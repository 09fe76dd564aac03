import type { ValueRecord } from '../src/kernel/value/value.js';
import type { FileCounts } from '../src/store/counting-files.js';
import type { OpenedSidecar } from '../test/fixtures/sidecar/open-sidecar.js';

export interface RunFigures {
  /** From the acknowledged submit to the answer that says the run has succeeded. */
  readonly ms: number;
  readonly syncsPerTask: number;
  readonly cpuUsPerTask: number;
}

/** Runs a definition of so many tasks to its success and says what each of them cost. */
export async function measureRun(
  sidecar: OpenedSidecar,
  counts: FileCounts,
  definition: ValueRecord,
  tasks: number,
): Promise<RunFigures> {
  const { runId = null } = await sidecar.request('workflow/submit', { definition });
  const syncsBefore = counts.fileSyncs;
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const { state, error } = await sidecar.request('run/wait', { runId });
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (state !== 'succeeded')
    throw new Error(`The run of ${tasks} tasks ended ${state}: ${JSON.stringify(error)}`);
  return {
    ms,
    syncsPerTask: (counts.fileSyncs - syncsBefore) / tasks,
    cpuUsPerTask: (user + system) / tasks,
  };
}
