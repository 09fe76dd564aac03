import { join } from 'node:path';
import type { BenchRow } from '../bench-row.js';
import { requestsPerSecond } from '../closed-loop.js';
import { withDaemon, withFolder } from '../daemon-process.js';
import { withEchoSocket } from '../echo-figures.js';
import { median } from '../median.js';
import { chain } from '../no-op-workflow.js';

const clients = 128;
/** Of a round. All rounds together stay under the 20,000 journal lines after which the daemon would file thousands of runs. */
const requests = 2_000;
const rounds = 7;
const definition = chain('deploy', 5);

/** A run that waits for its own end: runs of the same workflow queue behind it (`overlap = "queue"`), so none of them starts. */
const holder = {
  name: 'deploy',
  task: [{ id: 'hold', call: { method: 'run/wait', params: { runId: '{{ run.id }}' } } }],
};

const submitLine = (of: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'workflow/submit', params: { definition: of, cwd: '/' } });

/** An echo request of exactly the bytes of a submit. */
function echoLine(): string {
  const line = (text: string): string =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'bench/echo', params: { text, payload: definition } });
  return line('x'.repeat(Math.max(0, submitLine(definition).length - line('').length)));
}

/**
 * What a submit does: its params are checked; the definition, known by its text, needs no second validation; inputs are bound
 * and the environment is chosen; the run is made in memory; its event is on disk before the answer, with one fdatasync for all
 * submits that came together. The runs themselves do not start here; a second figure has them run at the same time.
 */
export const row: BenchRow = {
  name: 'durable submit of a 5-task workflow, 128 clients',
  run: () =>
    withSubmits(true, (alone) =>
      withEchoSocket('ours', async (echoPath) => {
        const echo: Side = { path: echoPath, line: echoLine() };
        for (const side of [alone, echo]) await rate(side, 2 * requests);
        const found: { readonly submits: number; readonly echoes: number }[] = [];
        for (let round = 0; round < rounds; round += 1) {
          found.push({ submits: await rate(alone, requests), echoes: await rate(echo, requests) });
        }
        const ratio = median(found.map(({ submits, echoes }) => submits / echoes));
        return {
          name: row.name,
          budget: '≥ 40 % of echo requests of the same bytes',
          figures: {
            'submits per second': median(found.map(({ submits }) => submits)),
            'echoes per second': median(found.map(({ echoes }) => echoes)),
            'submits per second while the runs run': await withSubmits(false, whileRunning),
          },
          ratio,
          unit: '× the echo rate',
          verdict: ratio >= 0.4 ? 'within' : 'over',
        };
      }),
    ),
};

interface Side {
  readonly path: string;
  readonly line: string;
}

const rate = (side: Side, count: number): Promise<number> =>
  requestsPerSecond({ ...side, clients, requests: count });

async function whileRunning(side: Side): Promise<number> {
  await rate(side, requests);
  return rate(side, requests);
}

/** A daemon of its own, killed afterwards: it would have thousands of runs to file. `held`: none of the runs starts. */
function withSubmits<T>(held: boolean, work: (side: Side) => Promise<T>): Promise<T> {
  return withFolder((folder) =>
    withDaemon(
      join(folder, 'state'),
      async ({ rpcSocket: path }) => {
        if (held) await requestsPerSecond({ path, clients: 1, requests: 1, line: submitLine(holder) });
        return work({ path, line: submitLine(definition) });
      },
      'SIGKILL',
    ),
  );
}
