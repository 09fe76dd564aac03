import { z } from 'zod';
import { hashSchema } from './events.js';

/**
 * The documents of the state directory. Each names the version of its shape and the seq it covers: replay skips the lines up
 * to that seq, so that a crash between two documents applies nothing twice (engine-semantics A5).
 */
export const schemaVersion = 1;

const version = z.literal(schemaVersion);
const covering = z
  .number()
  .int()
  .min(0)
  .describe('The newest journal line whose effects are in the document; 0 for none.');
const milliseconds = z.number().int().describe('Milliseconds since 1970.');

/** `lock.<epoch>`: who owns the state directory. */
export const lockSchema = z.strictObject({
  schemaVersion: version,
  epoch: z.number().int().min(1),
  pid: z.number().int().min(1),
  startTicks: z.string().nullable(),
  bootId: z.string(),
  pidNs: z.string(),
  host: z.string(),
  takenAt: milliseconds,
});

/** `journal/head`: a line known to be on disk. A bad line at or before it is damage, never a torn tail. */
export const headSchema = z.strictObject({
  schemaVersion: version,
  seq: covering,
  hash: z.union([hashSchema, z.literal('')]),
});

/** A place between two journal lines. */
export const positionSchema = z.strictObject({
  seq: covering.describe('The line before the place.'),
  hash: z.union([hashSchema, z.literal('')]).describe('Its hash.'),
  batch: z.number().int().min(0).describe('Its batch.'),
  segment: z.number().int().min(1),
  offset: z.number().int().min(0).describe('Bytes from the start of the segment.'),
});

export const idempotencyEntrySchema = z.strictObject({
  key: z.string().describe('With its scope.'),
  digest: z.string().describe('SHA-256 of the canonical submit.'),
  runId: z.string(),
  time: milliseconds,
});

/** `db.json`: the checkpoint, written last. */
export const checkpointSchema = z.strictObject({
  schemaVersion: version,
  seq: covering,
  from: positionSchema
    .nullable()
    .describe('Where replay starts to read; its seq is at most the covering one.'),
  head: z.strictObject({ seq: covering, hash: z.union([hashSchema, z.literal('')]) }),
  liveRuns: z.array(z.string()).describe('Runs that have not ended; their documents are in runs/.'),
  counters: z.record(z.string(), z.number()),
  idempotency: z.array(idempotencyEntrySchema),
});

/** `kv.json`: the user's own keys, derived from `kv.put` and `kv.delete`. */
export const kvSchema = z.strictObject({
  schemaVersion: version,
  seq: covering,
  entries: z.array(z.tuple([z.string(), z.unknown()])).describe('Pairs, so that every key is data.'),
});

/** A line of `index/YYYY-MM.jsonl`: a run that has ended. */
export const finishedRunSchema = z.strictObject({
  id: z.string(),
  seq: z.number().int().min(1).describe('The line that ended it.'),
  workflow: z.string(),
  state: z.string(),
  createdAt: milliseconds,
  startedAt: milliseconds.nullable(),
  endedAt: milliseconds,
  labels: z.record(z.string(), z.string()),
  idempotencyKey: z.string().nullable(),
});

/** `runs/<id>/run.json`. `content` belongs to the engine. */
export const runDocumentSchema = z.strictObject({
  schemaVersion: version,
  id: z.string(),
  seq: covering,
  firstSeq: z.number().int().min(1).describe('The line that submitted the run.'),
  finished: finishedRunSchema
    .nullable()
    .describe('Its index row, once it has ended: the index can be rebuilt.'),
  content: z.unknown(),
});

/** One step from a version of a document's shape to the next. */
export type Migration = (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;

export const documentSchemas = {
  lock: lockSchema,
  head: headSchema,
  checkpoint: checkpointSchema,
  kv: kvSchema,
  run: runDocumentSchema,
} as const;

export type DocumentName = keyof typeof documentSchemas;

/** Steps by document: the first leads from version 1 to 2, and so on. */
export type Migrations = { readonly [name in DocumentName]: readonly Migration[] };

export const migrations: Migrations = { lock: [], head: [], checkpoint: [], kv: [], run: [] };

/**
 * Brings a stored document to the version of this build. Answers `newer` for one that a newer build wrote, and
 * `unversioned` for one without a usable schemaVersion: neither may be guessed at.
 */
export function migrate(
  name: DocumentName,
  document: Readonly<Record<string, unknown>>,
  steps: Migrations = migrations,
): Readonly<Record<string, unknown>> | 'newer' | 'unversioned' {
  const current = steps[name].length + 1;
  const found = document['schemaVersion'];
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 1) return 'unversioned';
  if (found > current) return 'newer';
  return steps[name]
    .slice(found - 1)
    .reduce<Readonly<Record<string, unknown>>>((older, step) => step(older), document);
}

export type LockDocument = z.infer<typeof lockSchema>;
export type HeadDocument = z.infer<typeof headSchema>;
export type JournalPosition = z.infer<typeof positionSchema>;
export type CheckpointDocument = z.infer<typeof checkpointSchema>;
export type IdempotencyEntry = z.infer<typeof idempotencyEntrySchema>;
export type FinishedRun = z.infer<typeof finishedRunSchema>;
