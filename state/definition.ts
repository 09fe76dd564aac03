import { z } from 'zod';
import { valueSchema } from './value.js';

/**
 * The normalised workflow definition: what a workflow file becomes once it is valid, and what `run.submitted` freezes by
 * value (engine-semantics A10). Durations are milliseconds, values in JSON form (a date is its RFC 3339 text), so that a
 * definition read back from disk is the one that was submitted. Every string inside `action`, `input`, `cwd`, `env`, `when`
 * and `forEach` may hold `{{ expressions }}`, except the `source` of a code task and what names the thing that is called:
 * `module`, `command` and `method`.
 */
const value = valueSchema;

/** What a task does. */
export const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('nu'),
    module: z.string(),
    command: z.string(),
    args: z.array(value),
    flags: z.record(z.string(), value),
  }),
  z.strictObject({
    kind: z.literal('script'),
    path: z.string(),
    args: z.array(value),
    flags: z.record(z.string(), value),
  }),
  z.strictObject({ kind: z.literal('code'), source: z.string() }),
  z.strictObject({ kind: z.literal('exec'), argv: z.array(z.string()).min(1) }),
  z.strictObject({ kind: z.literal('template'), path: z.string(), context: value, target: z.string() }),
  z.strictObject({ kind: z.literal('call'), method: z.string(), params: value }),
]);

const need = z.strictObject({
  task: z.string(),
  kind: z.enum(['hard', 'soft', 'optional']),
  /** What a hard edge does when the need was skipped by its `when`: the default is to skip as well. */
  ifSkipped: z.enum(['skip', 'run']),
});

const retry = z.strictObject({
  /** All attempts together, the first included. */
  attempts: z.number().int().min(1),
  backoff: z.enum(['fixed', 'linear', 'exponential']),
  initialMs: z.number().int().min(0),
  maxMs: z.number().int().min(0),
  jitter: z.boolean(),
});

export const taskDefinitionSchema = z.strictObject({
  id: z.string(),
  description: z.string().optional(),
  needs: z.array(need),
  when: z.string().optional(),
  forEach: value.optional().describe('An expression site or a literal list, range or record.'),
  /** Limit on live items of this task; null: only the workflow limit. */
  maxParallel: z.number().int().min(1).nullable(),
  action: actionSchema,
  input: value.optional(),
  cwd: z.string().optional(),
  env: z.record(z.string(), z.string()),
  isolated: z.boolean(),
  idempotent: z.boolean(),
  onCrash: z.enum(['retry', 'fail']).optional(),
  onFailure: z.enum(['fail', 'continue']).optional(),
  allowFailure: z.boolean(),
  labels: z.record(z.string(), z.string()),
  retry,
  timeoutMs: z.number().int().min(1).nullable(),
  graceMs: z.number().int().min(0),
});

export const inputDefinitionSchema = z.strictObject({
  type: z.enum(['string', 'int', 'float', 'bool', 'list', 'record', 'duration', 'path', 'any']),
  required: z.boolean(),
  /** In JSON form: a duration is its text in Nushell's words. */
  default: value.optional(),
  description: z.string().optional(),
});

export const workflowDefinitionSchema = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  /** The folder relative paths are resolved against: the project, else the folder of the workflow file, else the request's cwd. */
  root: z.string(),
  /** The workflow file, absolute, where there is one. */
  file: z.string().nullable(),
  maxParallel: z.number().int().min(1).nullable(),
  timeoutMs: z.number().int().min(1).nullable(),
  onFailure: z.enum(['fail', 'continue']),
  overlap: z.literal('queue'),
  runningSiblings: z.enum(['finish', 'stop']),
  inputs: z.record(z.string(), inputDefinitionSchema),
  /** In the order of the file. */
  tasks: z.array(taskDefinitionSchema),
});

export type Action = z.infer<typeof actionSchema>;
export type Need = z.infer<typeof need>;
export type Retry = z.infer<typeof retry>;
export type TaskDefinition = z.infer<typeof taskDefinitionSchema>;
export type InputDefinition = z.infer<typeof inputDefinitionSchema>;
export type WorkflowDefinition = z.infer<typeof workflowDefinitionSchema>;
