import type { Clock } from '../../kernel/clock.js';
import type { Log } from '../../kernel/log.js';
import { toRunSnapshot } from '../core/run-snapshot.js';
import { isEnded, type Run } from '../core/state.js';
import { asRecord } from '../frozen.js';
import type { Alarm, FinishedRow, Journal, RunStore, RunToStore } from '../ports.js';
import type { Engine } from './engine.js';
import { runState } from './run-view.js';

/** Journal lines after which a checkpoint is due even when no run ended: bounds what a start has to replay. */
const lineInterval = 20_000;
/** Milliseconds between the end of a run and the checkpoint that files it, so that runs which end together share one. */
const quietMs = 500;
/** How long an idempotency key is kept, at least (C15). */
const keyWindowMs = 7 * 24 * 60 * 60 * 1000;

export interface Checkpointer {
  /** Writes a checkpoint now; resolves when it is on disk. */
  checkpoint(): Promise<void>;
  close(): void;
}

/**
 * Files what the journal holds: documents of runs that changed, index rows of runs that ended, then the checkpoint itself. Runs
 * that have ended leave the memory once they are filed.
 */
export function createCheckpointer(options: {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly store: RunStore;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly log: Log;
}): Checkpointer {
  const { engine, journal, store, alarm, clock, log } = options;
  const { state } = engine;
  const filedSeq = new Map<string, number>();
  let coveredSeq = journal.seq;
  let cancel: (() => void) | null = null;
  let running: Promise<void> | null = null;

  engine.onAdvance((events) => {
    const ended = events.some((event) => event.type === 'run.ended');
    if (cancel === null && (ended || journal.seq - coveredSeq >= lineInterval)) {
      cancel = alarm(clock.now() + (ended ? quietMs : 0), () => {
        cancel = null;
        checkpoint().catch((error: unknown) =>
          log.error({ err: error }, 'A checkpoint failed; the journal has everything.'),
        );
      });
    }
  });

  async function write(): Promise<void> {
    // Snapshots are taken in one go: together they are the state at seq. A document must not be ahead of the journal.
    const seq = journal.seq;
    const changed = [...state.runs.values()].filter((run) => filedSeq.get(run.id) !== run.seq);
    const runs = changed.map(toStore);
    const liveRuns = [...state.runs.values()].filter((run) => !isEnded(run.phase)).map((run) => run.id);
    const oldest = clock.now() - keyWindowMs;
    for (const [text, key] of state.keys) if (key.at < oldest) state.keys.delete(text);
    const idempotency = [...state.keys].map(([key, of]) => ({
      key,
      digest: of.sha256,
      runId: of.runId,
      time: of.at,
    }));
    const seqs = changed.map((run) => run.seq);
    await journal.synced(seq);
    await store.checkpoint({ seq, runs, liveRuns, counters: {}, idempotency });
    coveredSeq = seq;
    changed.forEach((run, index) => {
      const filed = seqs[index] ?? 0;
      if (run.seq === filed && isEnded(run.phase)) {
        state.runs.delete(run.id);
        filedSeq.delete(run.id);
      } else {
        filedSeq.set(run.id, filed);
      }
    });
  }

  function checkpoint(): Promise<void> {
    running = (running ?? Promise.resolve()).then(write, write);
    return running;
  }

  return {
    checkpoint,
    close() {
      cancel?.();
      cancel = null;
    },
  };
}

function toStore(run: Run): RunToStore {
  return {
    id: run.id,
    firstSeq: run.firstSeq,
    content: asRecord(toRunSnapshot(run)),
    finished: isEnded(run.phase) ? finishedRow(run) : null,
  };
}

/** The index row of a run that has ended. */
function finishedRow(run: Run): FinishedRow {
  return {
    id: run.id,
    seq: run.seq,
    workflow: run.definition.name,
    state: runState(run),
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt ?? run.createdAt,
    labels: run.labels,
    idempotencyKey: run.key?.text ?? null,
  };
}
