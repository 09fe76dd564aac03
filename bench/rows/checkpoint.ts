import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { within } from '../../src/kernel/signal.js';
import { type FilePort, systemFiles } from '../../src/store/file-port.js';
import { openSidecar } from '../../test/fixtures/sidecar/open-sidecar.js';
import type { BenchRow } from '../bench-row.js';
import { median } from '../median.js';
import { independentTasks } from '../no-op-workflow.js';

const tasks = 10_000;
const rounds = 3;
const limitMs = 60_000;

/** The longest time that the event loop is held up while a checkpoint files a run of 10,000 tasks that is under way. */
export const row: BenchRow = {
  name: 'checkpoint during a 10,000-task run',
  async run() {
    const found: { readonly stallMs: number; readonly startStallMs: number }[] = [];
    // The first round warms the code up.
    for (let round = 0; round <= rounds; round += 1) found.push(await measure());
    found.shift();
    const stallMs = median(found.map((round) => round.stallMs));
    return {
      name: row.name,
      budget: 'longest event-loop stall ≤ 25 ms',
      figures: {
        'ms of the longest stall while the run is submitted and starts': median(
          found.map((each) => each.startStallMs),
        ),
      },
      ratio: stallMs,
      unit: 'ms',
      verdict: stallMs <= 25 ? 'within' : 'over',
    };
  },
};

async function measure(): Promise<{ readonly stallMs: number; readonly startStallMs: number }> {
  const { files, filed } = watchedFiles();
  const sidecar = await openSidecar({ maxLive: 4, files });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  try {
    const { runId = null } = await sidecar.request('workflow/submit', {
      definition: independentTasks('large', tasks),
    });
    // The end of a small run is what makes a checkpoint due, in the middle of the large one.
    await sidecar.run(independentTasks('small', 1));
    const startStallMs = longestMs(delay);
    await within(filed, limitMs, 'the checkpoint to be filed');
    const stallMs = longestMs(delay);
    const { state } = await sidecar.request('run/get', { runId });
    if (state !== 'running')
      throw new Error(`The run is ${state}: it ended before the checkpoint was filed.`);
    await sidecar.request('run/wait', { runId });
    return { stallMs, startStallMs };
  } finally {
    delay.disable();
    await sidecar.close();
  }
}

/** Tells when a checkpoint is whole: `db.json` is renamed last. */
function watchedFiles(): { readonly files: FilePort; readonly filed: Promise<void> } {
  let file = (): void => undefined;
  const filed = new Promise<void>((resolve) => {
    file = resolve;
  });
  return {
    filed,
    files: {
      ...systemFiles,
      async rename(from, to) {
        await systemFiles.rename(from, to);
        if (to.endsWith('/db.json')) file();
      },
    },
  };
}

/** Since the last look. The histogram counts its own tick of a millisecond in. */
function longestMs(delay: IntervalHistogram): number {
  const longest = delay.max / 1e6;
  delay.reset();
  return longest;
}
