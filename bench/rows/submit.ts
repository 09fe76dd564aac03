import { join } from 'node:path';
import type { BenchRow } from '../bench-row.js';
import { requestsPerSecond } from '../closed-loop.js';
import { withDaemon, withFolder } from '../daemon-process.js';
import { withEchoSocket } from '../echo-figures.js';
import { median } from '../median.js';
import { chain } from '../no-op-workflow.js';

const clients = 128;
const requests = 10_000;
const rounds = 3;
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
  async run() {
    const alone: number[] = [];
    const running: number[] = [];
    const echoes: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await submitsPerSecond(true));
      echoes.push(await withEchoSocket('ours', (path) => rate(path, echoLine())));
      running.push(await submitsPerSecond(false));
    }
    const ratio = median(alone) / median(echoes);
    return {
      name: row.name,
      budget: '≥ 40 % of echo requests of the same bytes',
      figures: {
        'submits per second': median(alone),
        'echoes per second': median(echoes),
        'submits per second while the runs run': median(running),
      },
      ratio,
      unit: '× the echo rate',
      verdict: ratio >= 0.4 ? 'within' : 'over',
    };
  },
};

/** On a daemon of its own, killed afterwards: it would have thousands of runs to file. */
async function submitsPerSecond(held: boolean): Promise<number> {
  return withFolder((folder) =>
    withDaemon(
      join(folder, 'state'),
      async ({ rpcSocket }) => {
        if (held)
          await requestsPerSecond({ path: rpcSocket, clients: 1, requests: 1, line: submitLine(holder) });
        return rate(rpcSocket, submitLine(definition));
      },
      'SIGKILL',
    ),
  );
}

/** The rate of a server that is warm. */
async function rate(path: string, line: string): Promise<number> {
  await requestsPerSecond({ path, clients, requests: requests / 5, line });
  return requestsPerSecond({ path, clients, requests, line });
}
