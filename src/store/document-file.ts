import type { Adapter } from 'lowdb';
import type { z } from 'zod';
import { type DocumentName, migrate } from '../../state/schema.js';
import { Failure } from '../kernel/failure.js';
import { parseJson } from '../kernel/value/json.js';
import { isRecord, type Value, type ValueRecord } from '../kernel/value/value.js';
import { damage } from './damage.js';
import { replaceFileDurably } from './durable-file.js';
import type { FilePort } from './file-port.js';
import { jsonPieces } from './json-pieces.js';

/** What the store wrote may nest deeper than what a client may send: a run holds values of that depth. */
const documentDepth = 1_024;

/**
 * A lowdb adapter that a power cut cannot hurt: the document is written to a temporary file of its own name, synced, renamed
 * into place, and the folder is synced; lowdb's own adapter does none of the syncs. Large documents are serialised in
 * slices. Reading brings an older version of the document up to date.
 */
export function documentFile<Document extends ValueRecord>(
  files: FilePort,
  path: string,
  name: DocumentName,
  schema: z.ZodType<Document>,
  unique: () => string,
): Adapter<Document> {
  return {
    read: () => readDocument(files, path, name, schema),
    write: (document) => replaceFileDurably(files, path, withNewline(document), unique()),
  };
}

/** Reads and checks a document; null when there is none. Throws Failure `state_damaged`. */
export async function readDocument<Document>(
  files: FilePort,
  path: string,
  name: DocumentName,
  schema: z.ZodType<Document>,
): Promise<Document | null> {
  const bytes = await files.readFile(path);
  if (bytes === null) return null;
  const stored = parse(path, Buffer.from(bytes).toString('utf8'));
  if (!isRecord(stored)) throw damage(path, 'it holds no record');
  const current = migrate(name, stored);
  if (current === 'unversioned') throw damage(path, 'it has no schemaVersion');
  if (current === 'newer') {
    throw damage(
      path,
      'it was written by a newer build',
      'Start the newer build, or put back a copy from before it.',
    );
  }
  const checked = schema.safeParse(current);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw damage(path, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`);
}

function parse(path: string, text: string): Value {
  try {
    return parseJson(text, documentDepth);
  } catch (error) {
    if (error instanceof Failure) throw damage(path, error.message);
    throw error;
  }
}

function* withNewline(document: Value): Generator<string> {
  yield* jsonPieces(document);
  yield '\n';
}
