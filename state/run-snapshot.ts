import { z } from 'zod';
import { workflowDefinitionSchema } from './definition.js';
import { attemptErrorSchema, blobSchema, endReasonSchema, evaluatedSchema } from './run-events.js';
import { valueSchema } from './value.js';

/** The content of `runs/<id>/run.json`: a run as it stands at the seq its document names, whole enough to go on from. */
const time = z.number().int().nullable();

export const unitSnapshotSchema = z.strictObject({
  state: z.enum([
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
  ]),
  stopping: z.enum(['timeout', 'stop', 'drain']).optional(),
  attempts: z.number().int().optional(),
  interrupted: z.number().int().optional(),
  attemptId: z.string().optional(),
  evaluated: evaluatedSchema.optional(),
  output: valueSchema.optional(),
  blob: blobSchema.optional(),
  error: attemptErrorSchema.optional(),
  retryAt: z.number().int().optional(),
  readySeq: z.number().int().optional(),
  startedAt: z.number().int().optional(),
  endedAt: z.number().int().optional(),
});

export const taskSnapshotSchema = z.strictObject({
  id: z.string(),
  unit: unitSnapshotSchema,
  items: z.array(unitSnapshotSchema).optional(),
  itemValues: z.array(valueSchema).optional(),
  itemsHash: z.string().optional(),
  skip: z.strictObject({ reason: z.enum(['when', 'upstream']), because: z.string().nullable() }).optional(),
});

export const runSnapshotSchema = z.strictObject({
  definition: z.union([workflowDefinitionSchema, z.strictObject({ blob: blobSchema })]),
  inputs: z.record(z.string(), valueSchema),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
  labels: z.record(z.string(), z.string()),
  key: z.strictObject({ text: z.string(), sha256: z.string() }).nullable(),
  actor: z.string(),
  phase: z.enum(['queued', 'running', 'stopping', 'succeeded', 'failed', 'cancelled']),
  reason: endReasonSchema.nullable(),
  because: z.string().nullable(),
  createdAt: z.number().int(),
  startedAt: time,
  endedAt: time,
  tasks: z.array(taskSnapshotSchema),
});

export type UnitSnapshot = z.infer<typeof unitSnapshotSchema>;
export type TaskSnapshot = z.infer<typeof taskSnapshotSchema>;
export type RunSnapshot = z.infer<typeof runSnapshotSchema>;
