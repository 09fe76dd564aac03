import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { attemptFiles } from '../../../src/dispatcher/attempt-files.js';
import {
  createEmbeddedDispatcher,
  type EmbeddedDispatcherOptions,
} from '../../../src/dispatcher/embedded-dispatcher.js';
import type { Executors, ReadResult } from '../../../src/dispatcher/executors.js';
import { silentLog } from '../../../src/kernel/log.js';
import { parseJson } from '../../../src/kernel/value/json.js';
import { isRecord } from '../../../src/kernel/value/value.js';
import type { AttemptOrder, AttemptOutcome, Dispatcher } from '../../../src/workflow/ports.js';
import { until } from '../../fixtures/until.js';

export interface Stage {
  readonly dispatcher: Dispatcher;
  readonly stateDirectory: string;
  /** Every report in its order, such as "spawned t" and "gone t". */
  readonly events: readonly string[];
  /** Dispatches an order and waits for its outcome; `on.act` runs when the event was reported. */
  run(
    order: AttemptOrder,
    on?: { readonly event: string; readonly act: () => void },
  ): Promise<AttemptOutcome>;
  /** Dispatches an order, and stops it once it has printed "ready". */
  runAndStop(order: AttemptOrder): Promise<AttemptOutcome>;
}

/** A result file of these tests is `{"ok": …}` or `{"error": …}` with a last line "end". */
const readResult: ReadResult = (text) => {
  if (!text.endsWith('end\n')) return { complete: false };
  const value = parseJson(text.slice(0, -'end\n'.length));
  if (isRecord(value) && 'error' in value) {
    return { complete: true, outcome: { error: { name: 'nu_error', message: String(value['error']) } } };
  }
  return { complete: true, outcome: { ok: isRecord(value) ? (value['ok'] ?? null) : null } };
};

const unused = () => Promise.reject(new Error('this executor is not part of the test'));

/** A dispatcher with a state directory of its own. */
export function stage(
  t: TestContext,
  executors: Partial<Executors> = {},
  changes: Partial<EmbeddedDispatcherOptions> = {},
): Stage {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'nu-sidecar-dispatch-'));
  t.after(() => rmSync(stateDirectory, { recursive: true, force: true }));
  const events: string[] = [];
  const acts = new Map<string, () => void>();
  const settled = new Map<string, (outcome: AttemptOutcome) => void>();
  const tell = (event: string) => {
    events.push(event);
    acts.get(event)?.();
  };
  const dispatcher = createEmbeddedDispatcher({
    stateDirectory,
    stateId: stateDirectory.split('/').at(-1) ?? '',
    concurrency: 4,
    executors: { template: unused, call: unused, nu: unused, ...executors },
    readResult,
    log: silentLog,
    killDeadlineMs: 10_000,
    outputLimitBytes: 4 * 1024 * 1024,
    reports: {
      spawned: (attemptId) => tell(`spawned ${taskOf(attemptId)}`),
      timedOut: (attemptId) => tell(`timed out ${taskOf(attemptId)}`),
      finished(attemptId, outcome) {
        tell(`${outcome.outcome} ${taskOf(attemptId)}`);
        settled.get(attemptId)?.(outcome);
      },
    },
    ...changes,
  });
  const run: Stage['run'] = (order, on) => {
    if (on !== undefined) acts.set(on.event, on.act);
    return new Promise((resolve) => {
      settled.set(order.attemptId, resolve);
      dispatcher.dispatch(order);
    });
  };
  return {
    dispatcher,
    stateDirectory,
    events,
    run,
    async runAndStop(order) {
      const { stderr } = attemptFiles(stateDirectory, order.attemptId, order.runId);
      const outcome = run(order);
      await until(
        '"ready" in the log',
        () => existsSync(stderr) && readFileSync(stderr, 'utf8').includes('ready'),
      );
      dispatcher.stop(order.attemptId, { graceMs: order.graceMs });
      return outcome;
    },
  };
}

function taskOf(attemptId: string): string {
  return attemptId.split('/')[1] ?? attemptId;
}

/** An order of task `task`, whose only attempt has the id `r-1/<task>/1.1@1`. */
export function order(
  action: AttemptOrder['action'],
  changes: Partial<AttemptOrder> = {},
  task = 't',
): AttemptOrder {
  return {
    attemptId: `r-1/${task}/1.1@1`,
    runId: 'r-1',
    taskId: task,
    item: null,
    attempt: 1,
    epoch: 1,
    idempotencyKey: 'k',
    action,
    input: undefined,
    cwd: tmpdir(),
    root: tmpdir(),
    env: { PATH: '/usr/bin:/bin' },
    timeoutMs: null,
    graceMs: 5_000,
    ...changes,
  };
}

export const exec = (...argv: string[]): AttemptOrder['action'] => ({ kind: 'exec', argv });
export const call: AttemptOrder['action'] = { kind: 'call', method: 'test/any', params: null };
export const code: AttemptOrder['action'] = { kind: 'code', source: 'any' };
