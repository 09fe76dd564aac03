import PQueue from 'p-queue';
import type { Log } from '../kernel/log.js';
import type { AttemptOrder, Dispatcher, DispatchReports } from '../workflow/ports.js';
import type { Executors, ReadResult } from './executors.js';
import { startInProcess } from './in-process-attempt.js';
import type { LiveAttempt, StopHow } from './live-attempt.js';
import { type ProcessContext, startProcessAttempt } from './process-attempt.js';
import { fsyncFile } from './result-file.js';
import { settleAttempt } from './settle-attempt.js';

export interface EmbeddedDispatcherOptions {
  /** Absolute; the files of attempts are made below its `runs/`. */
  readonly stateDirectory: string;
  /** First part of every tag, so that two state directories never touch each other's processes. */
  readonly stateId: string;
  /** Processes at a time. */
  readonly concurrency: number;
  readonly executors: Executors;
  readonly readResult: ReadResult;
  readonly reports: DispatchReports;
  readonly log: Log;
  /** Milliseconds from SIGKILL, or from the abort of an in-process kind, until an attempt is `unkillable`. */
  readonly killDeadlineMs: number;
  /** Bytes of stdout and stderr together. */
  readonly outputLimitBytes: number;
  /** Makes a result file durable. */
  readonly fsyncResult?: (file: string) => Promise<void>;
}

/**
 * Creates the dispatcher that runs attempts on this host. The core admits, so this is an executor and a safety belt: the queue
 * holds admitted attempts of process kinds only (engine-semantics A8), and kinds that run inside this process start at once.
 * Reports come after `dispatch` has returned. An attempt id is remembered while it is live: a second dispatch of it is ignored.
 */
export function createEmbeddedDispatcher(options: EmbeddedDispatcherOptions): Dispatcher {
  const { executors, reports, log, killDeadlineMs } = options;
  const queue = new PQueue({ concurrency: options.concurrency });
  const live = new Map<string, LiveAttempt>();
  let wakeIdle: (() => void)[] = [];

  const processes: ProcessContext = {
    stateDirectory: options.stateDirectory,
    stateId: options.stateId,
    nu: executors.nu,
    result: { read: options.readResult, fsync: options.fsyncResult ?? fsyncFile },
    reports,
    log,
    killDeadlineMs,
    outputLimitBytes: options.outputLimitBytes,
  };
  const inProcess = {
    timedOut: (attemptId: string) => reports.timedOut(attemptId),
    log,
    killDeadlineMs,
  };

  function start(order: AttemptOrder): LiveAttempt {
    const { kind } = order.action;
    return kind === 'template' || kind === 'call'
      ? startInProcess(order, { ...inProcess, execute: executors[kind] })
      : startQueued(queue, () => startProcessAttempt(order, processes));
  }

  async function track(attemptId: string, attempt: LiveAttempt): Promise<void> {
    const outcome = await attempt.outcome;
    live.delete(attemptId);
    reports.finished(attemptId, outcome);
    if (live.size > 0) return;
    for (const wake of wakeIdle) wake();
    wakeIdle = [];
  }

  return {
    dispatch(order) {
      const { attemptId } = order;
      if (live.has(attemptId)) return;
      const attempt = start(order);
      live.set(attemptId, attempt);
      track(attemptId, attempt).catch((error: unknown) => {
        log.error({ err: error, attemptId }, 'The outcome of an attempt could not be reported.');
      });
    },
    stop: (attemptId, how) => live.get(attemptId)?.stop(how),
    settle: (attempt) =>
      settleAttempt(attempt, processes).catch((error: unknown) => {
        log.error({ err: error, attemptId: attempt.attemptId }, 'An attempt could not be settled.');
        return { outcome: 'unkillable', pids: [] };
      }),
    idle: () => (live.size === 0 ? Promise.resolve() : new Promise((resolve) => wakeIdle.push(resolve))),
  };
}

/** Waits for a slot of the queue; an attempt that is stopped while it waits is gone at once and never starts. */
function startQueued(queue: PQueue, start: () => LiveAttempt): LiveAttempt {
  let running: LiveAttempt | null = null;
  let stopWaiting = () => {};
  const outcome = new Promise<Awaited<LiveAttempt['outcome']>>((resolve, reject) => {
    let isGone = false;
    stopWaiting = () => {
      isGone = true;
      resolve({ outcome: 'gone' });
    };
    const run = async () => {
      if (isGone) return;
      running = start();
      resolve(await running.outcome);
    };
    queue.add(run).catch(reject);
  });
  return {
    outcome,
    stop: (how: StopHow) => (running === null ? stopWaiting() : running.stop(how)),
  };
}
