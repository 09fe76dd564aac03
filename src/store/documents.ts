import { join } from 'node:path';
import { Low } from 'lowdb';
import { z } from 'zod';
import {
  type CheckpointDocument,
  checkpointSchema,
  type HeadDocument,
  headSchema,
  kvSchema,
  runDocumentSchema,
  schemaVersion,
} from '../../state/schema.js';
import type { Value } from '../kernel/value/value.js';
import { documentFile } from './document-file.js';
import type { FilePort } from './file-port.js';
import { runFile } from './run-blobs.js';

/** What the schemas call unknown is a Value here: documents are read by parseJson, which makes nothing else. */
const anyValue = z.custom<Value>();
const storedKvSchema = kvSchema.extend({ entries: z.array(z.tuple([z.string(), anyValue])) });
const storedRunSchema = runDocumentSchema.extend({ content: anyValue });

export type StoredKv = z.infer<typeof storedKvSchema>;
export type StoredRunDocument = z.infer<typeof storedRunSchema>;

const emptyCheckpoint: CheckpointDocument = {
  schemaVersion,
  seq: 0,
  from: null,
  head: { seq: 0, hash: '' },
  liveRuns: [],
  counters: {},
  idempotency: [],
};

/** The documents of a state directory, held by lowdb. */
export class Documents {
  /** `db.json`; empty where there is none. */
  readonly checkpoint: Low<CheckpointDocument>;
  /** `kv.json`; empty where there is none. */
  readonly kv: Low<StoredKv>;
  /** `journal/head`. */
  readonly head: Low<HeadDocument>;
  readonly #files: FilePort;
  readonly #directory: string;
  readonly #unique: () => string;

  constructor(files: FilePort, directory: string, unique: () => string) {
    this.#files = files;
    this.#directory = directory;
    this.#unique = unique;
    const path = (name: string): string => join(directory, name);
    this.checkpoint = new Low(
      documentFile(files, path('db.json'), 'checkpoint', checkpointSchema, unique),
      emptyCheckpoint,
    );
    this.kv = new Low(documentFile(files, path('kv.json'), 'kv', storedKvSchema, unique), {
      schemaVersion,
      seq: 0,
      entries: [],
    });
    this.head = new Low(documentFile(files, path('journal/head'), 'head', headSchema, unique), {
      schemaVersion,
      seq: 0,
      hash: '',
    });
  }

  /** Reads all but the documents of the runs. Throws Failure `state_damaged`. */
  async read(): Promise<void> {
    await this.checkpoint.read();
    await this.kv.read();
    await this.head.read();
  }

  readRun(id: string): Promise<StoredRunDocument | null> {
    return this.#run(id).read();
  }

  /** Durable on return. The folder of the run must be there. */
  async writeRun(document: StoredRunDocument): Promise<void> {
    await new Low(this.#run(document.id), document).write();
  }

  #run(id: string): ReturnType<typeof documentFile<StoredRunDocument>> {
    return documentFile(
      this.#files,
      runFile(this.#directory, id, 'run.json'),
      'run',
      storedRunSchema,
      this.#unique,
    );
  }
}
