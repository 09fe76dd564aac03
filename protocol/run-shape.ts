import { z } from 'zod';
import { anyValue, labels, runId, taskId, timestamp, valueRecord } from './scalars.js';

/** The states of a run as the wire shows them. */
export const runState = z
  .enum([
    'queued',
    'running',
    'paused',
    'stopping',
    'cancelling',
    'rolling-back',
    'succeeded',
    'failed',
    'cancelled',
    'rolled-back',
    'rollback-failed',
  ])
  .meta({ id: 'RunState', description: 'The state of a run. The last five it ends in.' });

/** The states of a task, or of one item of a for_each task. */
export const taskState = z
  .enum([
    'pending',
    'ready',
    'running',
    'stopping',
    'waiting',
    'succeeded',
    'failed',
    'skipped',
    'cancelled',
    'lost',
  ])
  .meta({ id: 'TaskState', description: 'The state of a task or item. The last five it ends in.' });

/** The states a run ends in; it may leave them only by an explicit retry or rollback. */
export const endedRunStates = ['succeeded', 'failed', 'cancelled', 'rolled-back', 'rollback-failed'] as const;

export const taskError = z
  .strictObject({
    name: z.string().describe('A name of the error table, or the kind of fault, such as nu_error.'),
    message: z.string(),
    data: valueRecord
      .optional()
      .describe("Nushell's code, label, help and place; the exit code; the last lines of the log."),
  })
  .meta({ id: 'TaskError', description: 'Why a task or run ended without success.' });

const progress = {
  state: taskState,
  attempts: z.number().int().min(0).describe('Attempts started so far.'),
  output: anyValue.optional().describe('The result, where it succeeded.'),
  error: taskError.optional(),
  reason: z.string().optional().describe('Why it is in this state: what it waits for, why it was skipped.'),
  nextAttemptAt: timestamp.optional().describe('When the next attempt is due, in state waiting.'),
  startedAt: timestamp.optional(),
  endedAt: timestamp.optional(),
};

export const itemRow = z
  .strictObject({
    index: z.number().int().min(0),
    item: anyValue.optional().describe('The element of the list it stands for.'),
    ...progress,
  })
  .meta({ id: 'Item', description: 'One item of a for_each task.' });

export const taskRow = z
  .strictObject({
    id: taskId,
    labels: labels.optional().describe('Those of the workflow file.'),
    ...progress,
    outputs: z.array(anyValue).optional().describe('Of a for_each task: by index, null where there is none.'),
    counts: z
      .partialRecord(taskState, z.number().int().min(0))
      .optional()
      .describe('Of a for_each task: how many items are in each state.'),
    items: z.array(itemRow).optional().describe('Of a for_each task: the page that run/get was asked for.'),
  })
  .meta({ id: 'Task', description: 'A task of a run.' });

const summary = {
  id: runId,
  workflow: z.string(),
  state: runState,
  labels: labels.optional(),
  reason: z.string().optional().describe('Why it ended or waits.'),
  createdAt: timestamp,
  startedAt: timestamp.optional(),
  endedAt: timestamp.optional(),
  error: taskError.optional(),
  warnings: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('How many tasks with allow_failure failed; of a filed run only run/get tells.'),
};

export const runSummary = z
  .strictObject(summary)
  .meta({ id: 'RunSummary', description: 'A run without its tasks.' });

export const runShape = z
  .strictObject({
    ...summary,
    inputs: valueRecord,
    tasks: z.array(taskRow).describe('In the order of the workflow file.'),
  })
  .meta({ id: 'Run', description: 'A run with its tasks.' });

export type RunState = z.infer<typeof runState>;
export type TaskState = z.infer<typeof taskState>;
export type TaskRow = z.infer<typeof taskRow>;
export type ItemRow = z.infer<typeof itemRow>;
export type RunSummary = z.infer<typeof runSummary>;
export type RunShape = z.infer<typeof runShape>;
