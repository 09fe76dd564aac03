import { z } from 'zod';
import { defineNotification, defineRequest } from './define-method.js';
import { runShape, runState, runSummary, taskRow } from './run-shape.js';
import { cursor, labels, milliseconds, pageLimit, runId, seq, taskId, timestamp } from './scalars.js';

const item = z.number().int().min(0).describe('The index of an item of a for_each task.');

const exampleRun = {
  id: 'r-01k9zq3v7w',
  workflow: 'clusters/deploy',
  state: 'running',
  inputs: { infra: 'demo' },
  tasks: [{ id: 'network', state: 'succeeded', attempts: 1, output: { id: 'net-1' } }],
  createdAt: '2026-01-02T03:04:05.000Z',
  startedAt: '2026-01-02T03:04:05.012Z',
} as const;

export const runList = defineRequest({
  name: 'run/list',
  summary:
    'Lists runs a page at a time: those still in memory by their submit, then finished ones by their end, the newest first.',
  params: z.strictObject({
    workflow: z.string().optional().describe('Only runs of this workflow.'),
    state: runState.optional(),
    labels: labels.optional().describe('Only runs that carry all of these.'),
    limit: pageLimit.optional().describe('Default 50.'),
    cursor: cursor.optional(),
  }),
  result: z.strictObject({
    runs: z.array(runSummary),
    nextCursor: cursor.optional().describe('Absent at the end.'),
  }),
  rest: { method: 'GET', path: '/v1/runs' },
  example: {
    params: { workflow: 'clusters/deploy', limit: 1 },
    result: {
      runs: [
        {
          id: 'r-01k9zq3v7w',
          workflow: 'clusters/deploy',
          state: 'running',
          createdAt: '2026-01-02T03:04:05.000Z',
        },
      ],
      nextCursor: 'b2Zmc2V0OjE',
    },
  },
});

export const runGet = defineRequest({
  name: 'run/get',
  summary: 'Gives a run with its tasks, and one page of the items of a for_each task when asked.',
  params: z.strictObject({
    runId,
    items: z
      .strictObject({ taskId, offset: z.number().int().min(0).optional(), limit: pageLimit.optional() })
      .optional()
      .describe('Which items to give under the `items` of that task. Defaults: offset 0, limit 100.'),
  }),
  result: runShape,
  errors: ['run_not_found', 'not_found'],
  rest: { method: 'GET', path: '/v1/runs/{runId}' },
  example: { params: { runId: 'r-01k9zq3v7w' }, result: { ...exampleRun, tasks: [...exampleRun.tasks] } },
});

export const runWait = defineRequest({
  name: 'run/wait',
  summary: 'Answers with the run as soon as it has ended, or as it is when the time is over.',
  params: z.strictObject({
    runId,
    timeoutMs: milliseconds.optional().describe('Default: as long as it takes.'),
  }),
  result: runShape,
  errors: ['run_not_found'],
  rest: { method: 'POST', path: '/v1/runs/{runId}/wait' },
  example: {
    params: { runId: 'r-01k9zq3v7w', timeoutMs: 60000 },
    result: {
      ...exampleRun,
      state: 'succeeded',
      tasks: [...exampleRun.tasks],
      endedAt: '2026-01-02T03:04:31.500Z',
    },
  },
});

export const runCancel = defineRequest({
  name: 'run/cancel',
  summary: 'Asks a run to stop. Its processes are ended and confirmed gone; then the run is cancelled.',
  params: z.strictObject({
    runId,
    force: z.boolean().optional().describe('Kill now, without the time to clean up.'),
  }),
  result: z.strictObject({ runId, state: runState }),
  errors: ['run_not_found', 'run_ended', 'storage_failed'],
  rest: { method: 'POST', path: '/v1/runs/{runId}/cancel' },
  example: { params: { runId: 'r-01k9zq3v7w' }, result: { runId: 'r-01k9zq3v7w', state: 'cancelling' } },
});

const runEvent = z
  .looseObject({ seq, time: timestamp, type: z.string() })
  .describe('An event of the journal; what else it carries depends on its type.');

export const runEvents = defineRequest({
  name: 'run/events',
  summary: 'Gives what happened in a run, in order, from the journal.',
  params: z.strictObject({
    runId,
    since: seq.optional().describe('Only events after this seq.'),
    limit: pageLimit.optional().describe('Default 200.'),
  }),
  result: z.strictObject({
    events: z.array(runEvent),
    nextSince: seq.optional().describe('Give it as `since` to go on; absent when there is no more yet.'),
  }),
  errors: ['run_not_found'],
  rest: { method: 'GET', path: '/v1/runs/{runId}/events' },
  example: {
    params: { runId: 'r-01k9zq3v7w', since: 12 },
    result: {
      events: [
        { seq: 13, time: '2026-01-02T03:04:05.012Z', type: 'attempt.started', taskId: 'network', attempt: 1 },
      ],
    },
  },
});

export const runLogs = defineRequest({
  name: 'run/logs',
  summary: 'Gives what the attempts of a run printed, and can wait for more.',
  params: z.strictObject({
    runId,
    taskId: taskId.optional(),
    item: item.optional(),
    attempt: z.number().int().min(1).optional(),
    since: cursor.optional().describe('The cursor of the last answer.'),
    limit: pageLimit.optional().describe('Default 200.'),
    waitMs: milliseconds.optional().describe('When there is nothing new, wait so long for it. Default 0.'),
  }),
  result: z.strictObject({
    entries: z.array(
      z.strictObject({
        taskId,
        item: item.optional(),
        attempt: z.number().int().min(1),
        stream: z.enum(['stdout', 'stderr', 'both']),
        text: z.string().describe('One line, without its end.'),
        time: timestamp.optional(),
      }),
    ),
    cursor: cursor.describe('Give it as `since` to go on.'),
    ended: z.boolean().describe('Nothing more will come.'),
  }),
  errors: ['run_not_found', 'not_found'],
  rest: { method: 'GET', path: '/v1/runs/{runId}/logs' },
  example: {
    params: { runId: 'r-01k9zq3v7w', taskId: 'network' },
    result: {
      entries: [{ taskId: 'network', attempt: 1, stream: 'both', text: 'network net-1 is up' }],
      cursor: 'bmV0d29yazoyMA',
      ended: false,
    },
  },
});

const subscriptionId = z.string().min(1);

export const runSubscribe = defineRequest({
  name: 'run/subscribe',
  summary:
    'Starts run/didChange notifications about one run or all of them, until run/unsubscribe or the end of the session.',
  params: z.strictObject({
    runId: runId.optional(),
    all: z.literal(true).optional(),
    since: seq
      .optional()
      .describe(
        'The last seq the client knows. The snapshot holds every change up to its own seq, so none after it is missed.',
      ),
  }),
  oneOf: [{ fields: ['runId', 'all'], required: true }],
  result: z.strictObject({
    subscriptionId,
    seq: seq.describe('The snapshot covers the journal up to here; later changes are notified.'),
    snapshot: z
      .union([runShape, z.strictObject({ runs: z.array(runSummary) })])
      .describe('The run, or the unfinished runs when all were asked for.'),
  }),
  errors: ['run_not_found'],
  example: {
    params: { runId: 'r-01k9zq3v7w' },
    result: { subscriptionId: 's-1', seq: 13, snapshot: { ...exampleRun, tasks: [...exampleRun.tasks] } },
  },
});

export const runUnsubscribe = defineRequest({
  name: 'run/unsubscribe',
  summary: 'Ends a subscription of this session.',
  params: z.strictObject({ subscriptionId }),
  result: z.null(),
  errors: ['not_found'],
  example: { params: { subscriptionId: 's-1' }, result: null },
});

export const runDidChange = defineNotification({
  name: 'run/didChange',
  direction: 'sidecar',
  summary: 'Something in a subscribed run changed. It is on disk before it is told.',
  params: z.strictObject({
    subscriptionId,
    runId,
    seq,
    state: runState,
    tasks: z.array(taskRow).optional().describe('The tasks that changed.'),
    ended: z.boolean().describe('The run has ended; nothing more comes for it.'),
  }),
  example: {
    params: {
      subscriptionId: 's-1',
      runId: 'r-01k9zq3v7w',
      seq: 14,
      state: 'running',
      tasks: [{ id: 'network', state: 'succeeded', attempts: 1 }],
      ended: false,
    },
  },
});

export const runMethods = [
  runList,
  runGet,
  runWait,
  runCancel,
  runEvents,
  runLogs,
  runSubscribe,
  runUnsubscribe,
  runDidChange,
] as const;
