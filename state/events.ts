import { z } from 'zod';

/**
 * The journal on disk: segments `journal/000001.jsonl`, …, each a header line followed by one line per decide. Integrity is
 * over raw bytes: `crc` is zlib's CRC-32 (IEEE) of the line's bytes before `,"crc":`, and `hash` is the SHA-256 of its bytes
 * before `,"hash":`. The fields therefore keep the order they have here. The payload of an event is the business of
 * whoever appended it; an event that concerns a run names it in `runId`.
 */

/** A SHA-256 in lower-case hexadecimal. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

const seq = z.number().int().min(1);

/** First line of a segment. It is on disk, with the lines it supersedes, before the segment has its name. */
export const segmentHeaderSchema = z.strictObject({
  schemaVersion: z.literal(1),
  segment: z.number().int().min(1),
  firstSeq: seq.describe(
    'The seq of the first line below. Lines of older segments from this seq on are void.',
  ),
  prev: z
    .union([hashSchema, z.literal('')])
    .describe('Hash of the line before firstSeq; empty at the very start.'),
  createdAt: z.number().int().describe('Milliseconds since 1970.'),
  stateId: z.string(),
  epoch: z.number().int().min(1),
  chainId: z.literal(0).describe('One chain per state directory today.'),
  supersedes: z
    .strictObject({ segment: z.number().int().min(1), fromSeq: seq, toSeq: seq })
    .optional()
    .describe(
      'The lines of an older segment that stand here again, because their sync there is in doubt. On disk here.',
    ),
  crc: z.number().int(),
  hash: hashSchema,
});

/** One decide: its events are applied all or none. */
export const journalLineSchema = z.strictObject({
  seq,
  b: z.number().int().min(1).describe('Batch: batch b + 1 is written only after batch b was synced.'),
  k: z.number().int().min(1).describe('Place in the batch, from 1.'),
  n: z.number().int().min(1).describe('Lines in the batch.'),
  time: z.number().int().describe('Milliseconds since 1970, of the decide.'),
  epoch: z.number().int().min(1).describe('The fencing token of the daemon that wrote the line.'),
  events: z.array(z.looseObject({ type: z.string() })),
  prev: z.union([hashSchema, z.literal('')]).describe('Hash of the line before.'),
  crc: z.number().int(),
  hash: hashSchema,
});

/** The store's own events. `kv.*` carry the user's keys; `journal.closed` ends a clean stop and concerns nobody else. */
export const journalClosed = 'journal.closed';
export const kvPut = 'kv.put';
export const kvDelete = 'kv.delete';

export type SegmentHeader = z.infer<typeof segmentHeaderSchema>;
