import type { runMethods } from '../../protocol/run.js';
import { readLogCursor, writeLogCursor } from '../dispatcher/log-cursor.js';
import { awaitLog, type LogEntry } from '../dispatcher/read-log.js';
import { rfc3339 } from '../kernel/clock.js';
import { Failure } from '../kernel/failure.js';
import type { HandlersOf } from '../kernel/handlers.js';
import { isRecord, type ValueRecord } from '../kernel/value/value.js';
import { isEnded } from '../workflow/core/state.js';
import type { Engine } from '../workflow/engine/engine.js';
import { noTask, type Runs } from '../workflow/engine/runs.js';
import type { JournalEvent, RunStore } from '../workflow/ports.js';
import type { RunSubscriptions } from './run-subscriptions.js';

export interface RunParts {
  readonly engine: Engine;
  readonly runs: Runs;
  readonly store: RunStore;
  readonly subscriptions: RunSubscriptions;
  readonly stateDirectory: string;
}

export function runHandlers({ engine, runs, store, subscriptions, stateDirectory }: RunParts) {
  return {
    'run/list': ({ workflow, state, labels, limit = 50, cursor }) =>
      runs.list(
        {
          ...(workflow === undefined ? {} : { workflow }),
          ...(state === undefined ? {} : { state }),
          ...(labels === undefined ? {} : { labels }),
        },
        limit,
        cursor,
      ),
    'run/get': ({ runId, items }) =>
      runs.get(
        runId,
        items === undefined
          ? undefined
          : { taskId: items.taskId, offset: items.offset ?? 0, limit: items.limit ?? 100 },
      ),
    'run/wait': ({ runId, timeoutMs }, { signal }) => runs.wait(runId, timeoutMs, signal),
    'run/cancel': async ({ runId, force = false }, { session }) => ({
      runId,
      state: await runs.cancel(runId, { force, actor: session.client?.name ?? 'client' }),
    }),
    'run/events': async ({ runId, since = 0, limit = 200 }) => {
      const run = await runs.find(runId);
      const page = await store.runEvents({ runId, firstSeq: run.firstSeq, since, limit });
      return {
        events: page.events.map(({ seq, time, event }) => ({
          ...masked(event),
          seq,
          time: rfc3339(time),
          type: event.type,
        })),
        ...(page.nextSince === null ? {} : { nextSince: page.nextSince }),
      };
    },
    'run/logs': async ({ runId, taskId, item, attempt, since, limit = 200, waitMs = 0 }, { signal }) => {
      const run = await runs.find(runId);
      if (taskId !== undefined && !run.tasks.has(taskId)) throw noTask(run, taskId);
      const cursor = since === undefined ? undefined : readLogCursor(since);
      if (cursor === null) {
        throw new Failure('invalid_params', 'since is not a cursor of run/logs.', {
          expected: 'the cursor of an earlier answer',
          got: since?.slice(0, 80) ?? '',
        });
      }
      const ended = isEnded(run.phase);
      const page = await awaitLog(
        {
          stateDirectory,
          runId,
          matches: (name) =>
            (taskId === undefined || name.taskId === taskId) &&
            (item === undefined || name.item === item) &&
            (attempt === undefined || name.attempt === attempt),
          ...(cursor === undefined ? {} : { since: cursor }),
          limit,
          isLive: (attemptId) => engine.state.attempts.has(attemptId),
        },
        // Of an ended run nothing more can come.
        ended ? 0 : waitMs,
        signal,
      );
      return {
        entries: page.entries.map(logEntry),
        cursor: writeLogCursor(page.cursor),
        ended: page.complete && ended,
      };
    },
    'run/subscribe': ({ runId }, context) => subscriptions.subscribe(runId, context),
    'run/unsubscribe': ({ subscriptionId }, context) => subscriptions.unsubscribe(subscriptionId, context),
  } satisfies HandlersOf<typeof runMethods>;
}

const logEntry = ({ taskId, item, attempt, stream, text }: LogEntry) => ({
  taskId,
  ...(item === null ? {} : { item }),
  attempt,
  stream,
  text,
});

/** An event as people may see it: the names of the submitter's variables, not their values. */
function masked(event: JournalEvent): ValueRecord {
  const fields: ValueRecord = isRecord(event) ? event : {};
  if (!isRecord(fields['env'])) return fields;
  return { ...fields, env: Object.fromEntries(Object.keys(fields['env']).map((name) => [name, '***'])) };
}
