import { createHash } from 'node:crypto';
import type { BlobRef, Evaluated, RunEvent } from '../../../state/run-events.js';
import type { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/failure.js';
import type { Log } from '../../kernel/log.js';
import type { Command } from '../core/command.js';
import { decide } from '../core/decide.js';
import type { Evaluate } from '../core/draft.js';
import { Fifo } from '../core/fifo.js';
import { type EngineState, isEnded, type Run } from '../core/state.js';
import { frozen } from '../frozen.js';
import type { Alarm, AttemptOutcome, Dispatcher, DispatchReports, Journal, RunStore } from '../ports.js';
import { createAlarms } from './alarms.js';
import { attemptOrder } from './attempt-order.js';
import { collectChanges } from './collect-changes.js';
import { largeJson } from './large-json.js';
import { createRunChanges, type RunChange, type RunChanges } from './run-changes.js';

/** Bytes of JSON over which an output goes to a file of its own before the event that names it (engine-semantics A2 rule 6). */
const outputLimit = 64 * 1024;

export interface EngineOptions {
  /** As replay left it. */
  readonly state: EngineState;
  readonly journal: Journal;
  readonly store: Pick<RunStore, 'putBlob'>;
  readonly createDispatcher: (reports: DispatchReports) => Dispatcher;
  readonly evaluate: Evaluate;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly random: () => number;
  /** Slots of the daemon. */
  readonly maxLive: number;
  /** What every process of a task gets beside the submitter's environment. */
  readonly attemptEnvironment: Readonly<Record<string, string>>;
  readonly log: Log;
}

export interface Engine {
  readonly state: EngineState;
  readonly changes: RunChanges;
  /** Decides a command and appends what follows; answers the seq that its consequences have on disk once `synced`. */
  execute(command: Command): number;
  /** Resolves once all that was decided so far is on disk: what is told after that is durable. */
  settled(): Promise<void>;
  /** Settles the attempts of a former daemon, sets the timers again, and begins to admit work. */
  recover(): Promise<void>;
  /** Kills the live attempts of a run now, without their grace. */
  killRun(run: Run): void;
  /** Starts nothing new; resolves when no attempt is live, at the latest some time after `timeoutMs` when those left were told to end. */
  drain(timeoutMs: number): Promise<void>;
  readonly draining: boolean;
  /** The storage failed and nothing can be recorded: kills every live attempt; resolves when none is left. */
  abandon(): Promise<void>;
  /** Called after each journal batch. */
  onAdvance(listener: (events: readonly RunEvent[]) => void): void;
}

interface Appended {
  readonly seq: number;
  readonly events: readonly RunEvent[];
  readonly orders: ReadonlyMap<string, Evaluated>;
  readonly changes: readonly RunChange[];
}

/**
 * The shell around the core: it gives decides their clock and expressions, appends what they conclude, and acts on it once it is
 * on disk, never before (engine-semantics A2): dispatch, signals, timers, notifications.
 */
export function createEngine(options: EngineOptions): Engine {
  const { state, journal, clock, log } = options;
  const changes = createRunChanges();
  const appended = new Fifo<Appended>();
  const advanceListeners: ((events: readonly RunEvent[]) => void)[] = [];
  let admitting = false;
  let draining = false;
  let lastTime = 0;

  const alarms = createAlarms(options.alarm, report);
  const dispatcher = options.createDispatcher({
    spawned(attemptId, process) {
      const unit = state.attempts.get(attemptId);
      if (unit === undefined) return;
      const event: RunEvent = { type: 'attempt.spawned', runId: unit.task.run.id, attemptId, ...process };
      const time = now();
      tolerate(event.type, () => {
        // A hint: it rides with the next batch and starts none of its own.
        const seq = journal.append(time, [event], { lazy: true });
        unit.task.run.seq = seq;
        appended.push({ seq, events: [event], orders: new Map(), changes: [] });
      });
    },
    timedOut: (attemptId) => report({ type: 'timed-out', attemptId }),
    finished: (attemptId, outcome) => finish(attemptId, outcome, false),
  });

  function now(): number {
    // The time of an event is never before that of the event before, whatever the wall clock does.
    lastTime = Math.max(lastTime, clock.now());
    return lastTime;
  }

  function execute(command: Command): number {
    const time = now();
    const { events, orders } = decide(state, command, {
      now: time,
      seq: journal.seq + 1,
      epoch: journal.epoch,
      random: options.random,
      evaluate: options.evaluate,
      maxLive: options.maxLive,
      admitting,
    });
    if (events.length === 0) return journal.seq;
    const seq = journal.append(time, events);
    appended.push({ seq, events, orders, changes: collectChanges(state, changes, events, seq) });
    return seq;
  }

  /** A fact that nobody waits for: when the storage has failed it is lost, and the next daemon finds out by itself. */
  function report(command: Command): void {
    tolerate(command.type, () => void execute(command));
  }

  function tolerate(fact: string, record: () => void): void {
    try {
      record();
    } catch (error) {
      if (!(error instanceof Failure) || error.error !== 'storage_failed') throw error;
      log.error({ err: error, fact }, 'A fact could not be recorded.');
    }
  }

  function finish(attemptId: string, reported: AttemptOutcome, recovered: boolean): void {
    const outcome =
      reported.outcome === 'succeeded' ? { ...reported, output: frozen(reported.output) } : reported;
    const json = outcome.outcome === 'succeeded' ? largeJson(outcome.output, outputLimit) : null;
    if (json === null) {
      report({ type: 'finished', attemptId, outcome, recovered });
      return;
    }
    keepOutput(attemptId, json).then(
      (blob) => report({ type: 'finished', attemptId, outcome, blob, recovered }),
      (error: unknown) => {
        log.error({ err: error, attemptId }, 'An output could not be kept.');
        const message = `The output (${json.length} bytes of JSON) could not be written to the state directory.`;
        const failure = { name: 'storage_failed', message };
        report({
          type: 'finished',
          attemptId,
          outcome: { outcome: 'error', error: failure, retryable: false },
          recovered,
        });
      },
    );
  }

  async function keepOutput(attemptId: string, json: string): Promise<BlobRef> {
    const runId = state.attempts.get(attemptId)?.task.run.id ?? '';
    const name = outputName(attemptId);
    return { name, ...(await options.store.putBlob(runId, name, Buffer.from(json))) };
  }

  journal.onSynced = (synced) => {
    const done: RunEvent[] = [];
    const told: RunChange[] = [];
    for (let next = appended.peek(); next !== undefined && next.seq <= synced; next = appended.peek()) {
      appended.shift();
      for (const event of next.events) act(event, next.orders);
      for (const event of next.events) done.push(event);
      for (const change of next.changes) told.push(change);
    }
    if (done.length === 0) return;
    changes.publish(told);
    for (const listener of advanceListeners) listener(done);
  };

  /** What an event asks of the world, now that it is on disk. */
  function act(event: RunEvent, orders: ReadonlyMap<string, Evaluated>): void {
    switch (event.type) {
      case 'attempt.started': {
        const unit = state.attempts.get(event.attemptId);
        const evaluated = orders.get(event.attemptId);
        if (unit === undefined || evaluated === undefined) return;
        dispatcher.dispatch(attemptOrder(unit, event, evaluated, journal.epoch, options.attemptEnvironment));
        return;
      }
      case 'attempt.stopping': {
        const unit = state.attempts.get(event.attemptId);
        if (unit !== undefined) dispatcher.stop(event.attemptId, { graceMs: unit.task.definition.graceMs });
        return;
      }
      case 'attempt.finished':
        alarms.retry(event);
        return;
      case 'run.started':
        alarms.runTimeout(state.runs.get(event.runId));
        return;
      case 'run.ended':
        alarms.clear(event.runId);
        return;
      default:
    }
  }

  async function settle(attemptId: string): Promise<void> {
    const unit = state.attempts.get(attemptId);
    if (unit === undefined) return;
    const { definition, run } = unit.task;
    const unsettled = { attemptId, runId: run.id, kind: definition.action.kind, graceMs: definition.graceMs };
    const outcome = await dispatcher.settle(unsettled).catch((error: unknown): AttemptOutcome => {
      log.error({ err: error, attemptId }, 'An attempt of a former daemon could not be settled.');
      // Nobody can say that it is gone, so it counts as not gone: no run stays "running" for that.
      return { outcome: 'unkillable', pids: [] };
    });
    log.info({ attemptId, outcome: outcome.outcome }, 'Settled an attempt of a former daemon.');
    finish(attemptId, outcome, true);
  }

  return {
    state,
    changes,
    execute,
    settled: () => journal.synced(journal.seq),
    async recover() {
      const unsettled = [...state.attempts.keys()];
      for (const run of state.runs.values()) if (!isEnded(run.phase)) alarms.restore(run);
      admitting = true;
      execute({ type: 'wake' });
      await Promise.all(unsettled.map(settle));
    },
    killRun(run) {
      for (const { attemptId } of run.liveUnits) {
        if (attemptId !== null) dispatcher.stop(attemptId, { graceMs: 0, force: true });
      }
    },
    async drain(timeoutMs) {
      draining = true;
      admitting = false;
      let cancel = (): void => undefined;
      const late = new Promise<'late'>((resolve) => {
        cancel = options.alarm(clock.now() + timeoutMs, () => resolve('late'));
      });
      if ((await Promise.race([dispatcher.idle(), late])) === 'late') {
        log.warn(
          { live: state.live, timeoutMs },
          'The drain timeout is over: the attempts that are left are told to end.',
        );
        execute({ type: 'drain' });
        await dispatcher.idle();
      }
      cancel();
      alarms.close();
      await journal.synced(journal.seq);
    },
    async abandon() {
      draining = true;
      admitting = false;
      alarms.close();
      for (const attemptId of state.attempts.keys()) dispatcher.stop(attemptId, { graceMs: 0, force: true });
      await dispatcher.idle();
    },
    get draining() {
      return draining;
    },
    onAdvance: (listener) => void advanceListeners.push(listener),
  };
}

/** The file of an output: the id of its attempt, or its hash when that would be too long for a name. */
function outputName(attemptId: string): string {
  const id = encodeURIComponent(attemptId);
  return `${id.length > 190 ? createHash('sha256').update(attemptId).digest('hex') : id}.json`;
}
