import { createHash } from 'node:crypto';
import { type WorkflowDefinition, workflowDefinitionSchema } from '../../../state/definition.js';
import type { BlobRef, EventOf } from '../../../state/run-events.js';
import { Failure } from '../../kernel/failure.js';
import { parseJson, stringifyJson } from '../../kernel/value/json.js';
import type { ValueRecord } from '../../kernel/value/value.js';
import { asRecord, frozen, isPlain } from '../frozen.js';
import type { Journal, RunStore } from '../ports.js';
import type { Engine } from './engine.js';

/** Bytes of JSON over which a definition is kept beside the journal. */
const definitionLimit = 64 * 1024;
/** Bytes of JSON that the inputs of a run may have. */
const inputLimit = 256 * 1024;

export interface SubmitRequest {
  readonly definition: WorkflowDefinition;
  readonly inputs: ValueRecord;
  /** The submitter's environment, allowlisted. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly idempotencyKey: string | undefined;
  /** Who asked, for the record: the client's name. */
  readonly actor: string;
}

export interface SubmitOptions {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly store: Pick<RunStore, 'putBlob'>;
  readonly newRunId: () => string;
}

/**
 * Submits a run and resolves once it is on disk. The same idempotency key with the same workflow, inputs and labels gives the
 * run of the earlier submit.
 *
 * Throws Failure `storage_failed` (nothing was accepted), `shutting_down`, `conflict`, `limit_exceeded`.
 */
export type SubmitRun = (
  request: SubmitRequest,
) => Promise<{ readonly runId: string; readonly existing: boolean }>;

/** A definition as its own JSON gives it back: a restart must read what this daemon runs. */
interface FrozenDefinition {
  readonly json: string;
  readonly definition: WorkflowDefinition;
}

/** Makes the submit. A definition that is submitted again, as the same object, is not written out again: half the cost of one. */
export function createSubmit(options: SubmitOptions): SubmitRun {
  const known = new WeakMap<WorkflowDefinition, FrozenDefinition>();
  return (request) => {
    let frozenDefinition = known.get(request.definition);
    if (frozenDefinition === undefined) {
      frozenDefinition = freezeDefinition(request.definition);
      known.set(request.definition, frozenDefinition);
    }
    return submitRun(options, request, frozenDefinition);
  };
}

async function submitRun(
  { engine, journal, store, newRunId }: SubmitOptions,
  request: SubmitRequest,
  { json: definitionJson, definition }: FrozenDefinition,
): ReturnType<SubmitRun> {
  if (engine.draining) throw new Failure('shutting_down', 'The daemon is stopping and takes no new run.');
  if (!journal.acceptsWork()) {
    throw new Failure(
      'storage_failed',
      'The run was not accepted: the state directory has no room or cannot be written.',
      {
        expected: 'a state directory with free space',
      },
    );
  }
  const key = keyOf(request, definitionJson);
  const earlier = earlierRun(engine, key);
  if (earlier !== null) {
    await engine.settled();
    return { runId: earlier, existing: true };
  }
  const inputs = asRecord(frozen(request.inputs));
  const inputBytes = stringifyJson(inputs).length;
  if (inputBytes > inputLimit) {
    throw new Failure(
      'limit_exceeded',
      `The inputs have ${inputBytes} bytes as JSON; the limit is ${inputLimit}.`,
      {
        expected: `at most ${inputLimit} bytes`,
        got: `${inputBytes} bytes`,
        advice: 'Pass the path of a file instead and let a task load it.',
      },
    );
  }
  const runId = newRunId();
  const kept = await keepDefinition(store, runId, definitionJson);
  // While this one waited, the same submit may have come again. From here to the end of `execute` nothing else runs.
  const meanwhile = earlierRun(engine, key);
  if (meanwhile !== null) {
    await engine.settled();
    return { runId: meanwhile, existing: true };
  }
  const event: EventOf<'run.submitted'> = {
    type: 'run.submitted',
    runId,
    workflow: request.definition.name,
    definition: kept === null ? definition : { blob: kept },
    inputs: { ...inputs },
    env: { ...request.env },
    cwd: request.cwd,
    labels: { ...request.labels },
    ...(key === null ? {} : { key }),
    actor: request.actor,
  };
  const seq = engine.execute({ type: 'submit', event, definition });
  await journal.synced(seq);
  return { runId, existing: false };
}

const definitionBlobName = 'definition.json';

/** Writes a definition that is too large for a journal line to a file of its run; null when it is not. */
async function keepDefinition(
  store: SubmitOptions['store'],
  runId: string,
  json: string,
): Promise<BlobRef | null> {
  if (json.length <= definitionLimit) return null;
  const blob = await store.putBlob(runId, definitionBlobName, Buffer.from(json));
  return { name: definitionBlobName, ...blob };
}

/** The run that an earlier submit with this key made, null when there is none. Throws Failure `conflict`. */
function earlierRun(engine: Engine, key: ReturnType<typeof keyOf>): string | null {
  const known = key === null ? undefined : engine.state.keys.get(key.text);
  if (key === null || known === undefined) return null;
  if (known.sha256 === key.sha256) return known.runId;
  throw new Failure(
    'conflict',
    `The idempotency key ${JSON.stringify(key.text)} belongs to run ${known.runId}, which was submitted with another workflow, inputs or labels.`,
    {
      expected: 'the same workflow, inputs and labels as in the first submit with this key',
      advice: 'Use a new key for a new run.',
    },
  );
}

function keyOf(
  request: SubmitRequest,
  definitionJson: string,
): { readonly text: string; readonly sha256: string } | null {
  if (request.idempotencyKey === undefined) return null;
  const canonical = stringifyJson([
    definitionJson,
    sortKeys(request.inputs),
    sortKeys({ ...request.labels }),
  ]);
  return { text: request.idempotencyKey, sha256: createHash('sha256').update(canonical).digest('hex') };
}

function freezeDefinition(definition: WorkflowDefinition): FrozenDefinition {
  const json = stringifyJson(asRecord(definition));
  const isSame = isPlain(asRecord(definition));
  return { json, definition: isSame ? definition : workflowDefinitionSchema.parse(parseJson(json)) };
}

/** The fields in order of their names: the order in which a client wrote them does not make another submit. */
function sortKeys(record: ValueRecord): ValueRecord {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
