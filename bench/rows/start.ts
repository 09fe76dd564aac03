import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FinishedRun } from '../../state/schema.js';
import { bareStartMs } from '../bare-node.js';
import type { BenchRow } from '../bench-row.js';
import { type DaemonProcess, withDaemon, withFolder } from '../daemon-process.js';
import { median } from '../median.js';
import { processFigures } from '../process-figures.js';

const finishedRuns = 100_000;
const rounds = 7;

interface Start {
  readonly ms: number;
  readonly rssMb: number;
}

/** A start on a state that has seen 100,000 runs beside one on an empty state. Linux only: it reads /proc. */
export const row: BenchRow = {
  name: 'start with 100,000 finished runs',
  run: () =>
    withFolder(async (folder) => {
      const empty: Start[] = [];
      const full: Start[] = [];
      const bare: number[] = [];
      const fullState = join(folder, 'full');
      await withDaemon(fullState, nothing);
      await writeIndex(join(fullState, 'index'));
      for (let round = 0; round < rounds; round += 1) {
        const emptyState = join(folder, `empty-${round}`);
        await withDaemon(emptyState, nothing);
        empty.push(await withDaemon(emptyState, startFigures));
        full.push(await withDaemon(fullState, startFigures));
        bare.push(await bareStartMs());
      }
      const emptyMs = median(empty.map(({ ms }) => ms));
      const moreMs = median(full.map(({ ms }) => ms)) - emptyMs;
      const moreMb = median(full.map(({ rssMb }) => rssMb)) - median(empty.map(({ rssMb }) => rssMb));
      return {
        name: row.name,
        budget: '≤ 50 ms and ≤ 10 MB more than on an empty state',
        figures: {
          'ms on an empty state': emptyMs,
          'ms of bare node': median(bare),
          'MB more': moreMb,
        },
        ratio: moreMs,
        unit: 'ms more',
        verdict: moreMs <= 50 && moreMb <= 10 ? 'within' : 'over',
      };
    }),
};

async function nothing(): Promise<void> {}

async function startFigures({ startMs, pid }: DaemonProcess): Promise<Start> {
  return { ms: startMs, rssMb: (await processFigures(pid)).rssMb };
}

/** The rows of runs that ended over ten months, as checkpoints would have left them. */
async function writeIndex(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const perMonth = finishedRuns / 10;
  for (let month = 1; month <= 10; month += 1) {
    const rows: string[] = [];
    for (let index = 0; index < perMonth; index += 1) {
      const at = Date.UTC(2025, month, 1) + index * 1_000;
      const run: FinishedRun = {
        id: `r-${String(month).padStart(2, '0')}${String(index).padStart(10, '0')}`,
        seq: 1,
        workflow: 'clusters/deploy',
        state: 'succeeded',
        createdAt: at,
        startedAt: at,
        endedAt: at + 500,
        labels: {},
        idempotencyKey: null,
      };
      rows.push(`${JSON.stringify(run)}\n`);
    }
    const name = new Date(Date.UTC(2025, month, 1)).toISOString().slice(0, 7);
    await writeFile(join(folder, `${name}.jsonl`), rows.join(''), { mode: 0o600 });
  }
}
