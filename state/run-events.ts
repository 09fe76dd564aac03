import { z } from 'zod';
import { actionSchema, workflowDefinitionSchema } from './definition.js';
import { valueSchema } from './value.js';

/**
 * The events of the engine: what a journal line may hold, and all that replay relies on. An event is a fact in the past
 * tense; `apply` needs nothing else. Unit = a task, or one item of a `for_each` task (`item` is its index, else absent).
 */
const value = valueSchema;
const runId = z.string();
const taskId = z.string();
const attemptId = z.string();
const item = z.number().int().min(0).optional();
const time = z.number().int().describe('Milliseconds since the epoch.');

/** A value kept outside the journal: `runs/<run>/out/<name>`, named by size and sha256 (engine-semantics A2 rule 6). */
export const blobSchema = z.strictObject({ name: z.string(), size: z.number().int(), sha256: z.string() });

export const attemptErrorSchema = z.strictObject({
  name: z.string(),
  message: z.string(),
  data: z.record(z.string(), value).optional(),
});

/** The action and surroundings of an attempt with every expression evaluated. */
export const evaluatedSchema = z.strictObject({
  action: actionSchema,
  input: value.optional(),
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
});

export const endReasonSchema = z.enum(['succeeded', 'failed', 'cancelled', 'timeout']);

export const runEventSchemas = {
  'run.submitted': z.strictObject({
    type: z.literal('run.submitted'),
    runId,
    workflow: z.string(),
    /** The frozen definition, or where it is kept when it is over 64 KiB. */
    definition: z.union([workflowDefinitionSchema, z.strictObject({ blob: blobSchema })]),
    inputs: z.record(z.string(), value),
    /** The submitter's allowlisted environment; masked wherever events are shown. */
    env: z.record(z.string(), z.string()),
    cwd: z.string(),
    labels: z.record(z.string(), z.string()),
    /** The idempotency key and the sha256 of what was submitted under it. */
    key: z.strictObject({ text: z.string(), sha256: z.string() }).optional(),
    actor: z.string(),
  }),
  'run.started': z.strictObject({ type: z.literal('run.started'), runId }),
  /** Every open unit becomes cancelled; live attempts are stopped by events of their own. */
  'run.stopping': z.strictObject({
    type: z.literal('run.stopping'),
    runId,
    reason: endReasonSchema,
    /** The task whose end caused it, for a run that fails. */
    because: z.string().optional(),
    actor: z.string().optional(),
  }),
  'run.ended': z.strictObject({
    type: z.literal('run.ended'),
    runId,
    state: z.enum(['succeeded', 'failed', 'cancelled']),
    reason: endReasonSchema,
  }),
  /** `when` was true, or a retry is due: the unit waits for a slot. Tasks without `when` and `for_each` are ready when their needs are. */
  'task.ready': z.strictObject({ type: z.literal('task.ready'), runId, taskId, item }),
  'task.expanded': z.strictObject({
    type: z.literal('task.expanded'),
    runId,
    taskId,
    count: z.number().int().min(0),
    /** The items, or the sha256 of their JSON when they are over 64 KiB: then they are evaluated again from recorded values. */
    items: z.union([z.array(value), z.strictObject({ sha256: z.string() })]),
  }),
  'task.skipped': z.strictObject({
    type: z.literal('task.skipped'),
    runId,
    tasks: z.array(taskId),
    reason: z.enum(['when', 'upstream']),
    /** The task whose end caused it; absent when the task's own `when` was false. */
    because: z.string().optional(),
  }),
  /** A unit that failed before an attempt could start: one of its expressions failed. */
  'task.failed': z.strictObject({
    type: z.literal('task.failed'),
    runId,
    taskId,
    item,
    error: attemptErrorSchema,
  }),
  /** The open items of a for_each task whose item failed. */
  'items.cancelled': z.strictObject({ type: z.literal('items.cancelled'), runId, taskId }),
  'attempt.started': z.strictObject({
    type: z.literal('attempt.started'),
    runId,
    taskId,
    item,
    attempt: z.number().int().min(1),
    attemptId,
    /** Absent when nothing in the task is an expression, or when it is over 64 KiB. */
    evaluated: evaluatedSchema.optional(),
  }),
  'attempt.spawned': z.strictObject({
    type: z.literal('attempt.spawned'),
    runId,
    attemptId,
    pid: z.number().int(),
    startTicks: z.string().nullable(),
  }),
  'attempt.stopping': z.strictObject({
    type: z.literal('attempt.stopping'),
    runId,
    attemptId,
    why: z.enum(['timeout', 'stop', 'drain']),
  }),
  'attempt.finished': z.strictObject({
    type: z.literal('attempt.finished'),
    runId,
    attemptId,
    outcome: z.enum(['succeeded', 'error', 'timed-out', 'cancelled', 'interrupted', 'lost']),
    /** The state the unit enters. */
    next: z.enum(['succeeded', 'failed', 'waiting', 'ready', 'cancelled', 'lost']),
    output: value.optional(),
    blob: blobSchema.optional(),
    error: attemptErrorSchema.optional(),
    retryAt: time.optional(),
    /** Processes that could not be ended. */
    pids: z.array(z.number().int()).optional(),
  }),
} as const;

export const runEventSchema = z.discriminatedUnion('type', [
  runEventSchemas['run.submitted'],
  runEventSchemas['run.started'],
  runEventSchemas['run.stopping'],
  runEventSchemas['run.ended'],
  runEventSchemas['task.ready'],
  runEventSchemas['task.expanded'],
  runEventSchemas['task.skipped'],
  runEventSchemas['task.failed'],
  runEventSchemas['items.cancelled'],
  runEventSchemas['attempt.started'],
  runEventSchemas['attempt.spawned'],
  runEventSchemas['attempt.stopping'],
  runEventSchemas['attempt.finished'],
]);

export type RunEvent = z.infer<typeof runEventSchema>;
export type RunEventType = RunEvent['type'];
export type EventOf<T extends RunEventType> = Extract<RunEvent, { type: T }>;
export type EndReason = z.infer<typeof endReasonSchema>;
export type BlobRef = z.infer<typeof blobSchema>;
export type StoredError = z.infer<typeof attemptErrorSchema>;
export type Evaluated = z.infer<typeof evaluatedSchema>;
