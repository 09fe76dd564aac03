import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/kernel/clock.js';
import { createLog } from '../../src/kernel/log.js';
import { selfIdentity } from '../../src/process/identity.js';
import { type FilePort, systemFiles } from '../../src/store/file-port.js';
import { openStore } from '../../src/store/open-store.js';
import type { BenchResult, BenchRow } from '../bench-row.js';

const writers = 128;
const linesPerWriter = 200;
const rounds = 5;

interface Round {
  readonly journalMs: number;
  readonly rawMs: number;
  readonly cpuUs: number;
  readonly batches: number;
}

/** The journal under 128 writers, against bare write + fdatasync of the same batches in the same folder. */
export const row: BenchRow = {
  name: 'journal append, 128 writers',
  async run() {
    const found: Round[] = [];
    // The first round warms the code up.
    for (let round = 0; round <= rounds; round += 1) found.push(await measure());
    found.shift();
    return summarise(
      found.sort((a, b) => a.rawMs / a.journalMs - b.rawMs / b.journalMs)[Math.floor(rounds / 2)],
    );
  },
};

function summarise(median: Round | undefined): BenchResult {
  if (median === undefined) throw new Error('No round was measured.');
  const lines = writers * linesPerWriter;
  const ratio = median.rawMs / median.journalMs;
  const cpuPerEvent = median.cpuUs / lines;
  return {
    name: row.name,
    budget: '≥ 60 % of raw write + fdatasync; ≤ 12 µs CPU per event',
    figures: {
      'events per second': Math.round((lines / median.journalMs) * 1_000),
      'raw events per second': Math.round((lines / median.rawMs) * 1_000),
      'events per sync': lines / median.batches,
      'CPU µs per event': cpuPerEvent,
    },
    ratio,
    unit: '× the raw rate',
    verdict: ratio >= 0.6 && cpuPerEvent <= 12 ? 'within' : 'over',
  };
}

async function measure(): Promise<Round> {
  const directory = await mkdtemp(join(tmpdir(), 'sidecar-bench-'));
  try {
    const batches: Uint8Array[] = [];
    const files: FilePort = {
      ...systemFiles,
      write(fd, bytes, position) {
        batches.push(bytes);
        return systemFiles.write(fd, bytes, position);
      },
    };
    const store = await openStore({
      directory: join(directory, 'state'),
      identity: selfIdentity(),
      clock: systemClock,
      log: createLog({ level: 'silent', to: 'stderr' }),
      files,
    });
    batches.length = 0;
    const cpu = process.cpuUsage();
    const start = performance.now();
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(store.journal, writer)));
    const journalMs = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    const written = batches.slice();
    await store.close();
    const rawMs = await writeRaw(join(directory, 'raw'), written);
    return { journalMs, rawMs, cpuUs: user + system, batches: written.length };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function write(
  journal: Awaited<ReturnType<typeof openStore>>['journal'],
  writer: number,
): Promise<void> {
  for (let line = 0; line < linesPerWriter; line += 1) {
    const taskId = `server[${line}]`;
    const attemptId = `run-${writer}/${taskId}/1.1@1`;
    // The size of an ordinary result: some 450 bytes a line.
    const events = [
      {
        type: 'attempt.finished',
        runId: `run-${writer}`,
        taskId,
        attemptId,
        outcome: 'succeeded',
        output: { id: line, ok: true },
      },
    ];
    await journal.synced(journal.append(systemClock.now(), events));
  }
}

async function writeRaw(path: string, batches: readonly Uint8Array[]): Promise<number> {
  const fd = await systemFiles.open(path, 'create');
  const start = performance.now();
  let position = 0;
  for (const bytes of batches) {
    position += await systemFiles.write(fd, bytes, position);
    await systemFiles.datasync(fd);
  }
  const elapsed = performance.now() - start;
  await systemFiles.close(fd);
  return elapsed;
}
