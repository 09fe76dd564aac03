import { type WorkflowDefinition, workflowDefinitionSchema } from '../../../state/definition.js';
import { type BlobRef, type EventOf, type RunEvent, runEventSchema } from '../../../state/run-events.js';
import { type RunSnapshot, runSnapshotSchema } from '../../../state/run-snapshot.js';
import { Failure } from '../../kernel/failure.js';
import { parseJson } from '../../kernel/value/json.js';
import type { Value } from '../../kernel/value/value.js';
import { apply } from '../core/apply.js';
import { restoreRun } from '../core/restore-run.js';
import { createEngineState, type EngineState, type Run } from '../core/state.js';
import type { JournalEvent, RunStore } from '../ports.js';

type Stored = Pick<RunStore, 'checkpointed' | 'replay' | 'readRun' | 'getBlob'>;

/**
 * The state of the engine as the disk has it: documents of unfinished runs, then every journal line they do not cover.
 *
 * Throws Failure `state_damaged` that names the line or the run, for what cannot be read or applied: nothing is guessed.
 */
export async function restoreState(store: Stored): Promise<EngineState> {
  const state = createEngineState();
  const covered = new Map<string, number>();
  const documents = [];
  for (const id of store.checkpointed?.liveRuns ?? []) {
    const document = await store.readRun(id);
    if (document === null)
      throw damaged(`The document of run ${id} is missing, and the checkpoint says it has not ended.`);
    documents.push(document);
  }
  documents.sort((a, b) => a.firstSeq - b.firstSeq);
  for (const document of documents) {
    const { snapshot, definition } = await readSnapshot(store, document.id, document.content);
    restoreRun(state, document, snapshot, definition);
    covered.set(document.id, document.seq);
  }
  for (const { key, digest, runId, time } of store.checkpointed?.idempotency ?? []) {
    state.keys.set(key, { runId, sha256: digest, at: time });
  }
  await replay(store, state, covered);
  for (const run of state.runs.values()) await restoreOutputs(store, run);
  return state;
}

/** A stored run as a live one would look, for showing it. Throws Failure `state_damaged`. */
export async function restoreEndedRun(
  store: Pick<RunStore, 'getBlob'>,
  document: { readonly id: string; readonly seq: number; readonly firstSeq: number; readonly content: Value },
): Promise<Run> {
  const { snapshot, definition } = await readSnapshot(store, document.id, document.content);
  const run = restoreRun(createEngineState(), document, snapshot, definition);
  await restoreOutputs(store, run);
  return run;
}

async function replay(
  store: Stored,
  state: EngineState,
  covered: ReadonlyMap<string, number>,
): Promise<void> {
  const lines: { readonly seq: number; readonly time: number; readonly events: readonly JournalEvent[] }[] =
    [];
  store.replay((line) => lines.push(line));
  for (const { seq, time, events } of lines) {
    for (const stored of events) {
      const event = parseEvent(stored, seq);
      if (event === null || seq <= (covered.get(event.runId) ?? 0)) continue;
      const definition = event.type === 'run.submitted' ? await definitionOf(store, event) : null;
      try {
        apply(state, event, {
          seq,
          time,
          definitionOf() {
            if (definition === null) throw new Error('only a submit has a definition');
            return definition;
          },
        });
      } catch (error) {
        throw damaged(`Journal line ${seq} (${event.type} of run ${event.runId}) cannot be applied.`, error);
      }
    }
  }
}

/** Null for events that are not the engine's. */
function parseEvent(stored: JournalEvent, seq: number): RunEvent | null {
  if (!/^(run|task|items|attempt)\./.test(stored.type)) return null;
  const parsed = runEventSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw damaged(
    `Journal line ${seq} has an event "${stored.type}" that this build cannot read.`,
    parsed.error,
  );
}

async function readSnapshot(
  store: Pick<RunStore, 'getBlob'>,
  runId: string,
  content: Value,
): Promise<{ readonly snapshot: RunSnapshot; readonly definition: WorkflowDefinition }> {
  const parsed = runSnapshotSchema.safeParse(content);
  if (!parsed.success)
    throw damaged(`The document of run ${runId} cannot be read by this build.`, parsed.error);
  return { snapshot: parsed.data, definition: await readDefinition(store, runId, parsed.data.definition) };
}

const definitionOf = (store: Stored, event: EventOf<'run.submitted'>): Promise<WorkflowDefinition> =>
  readDefinition(store, event.runId, event.definition);

async function readDefinition(
  store: Pick<RunStore, 'getBlob'>,
  runId: string,
  definition: WorkflowDefinition | { readonly blob: BlobRef },
): Promise<WorkflowDefinition> {
  if (!('blob' in definition)) return definition;
  const parsed = workflowDefinitionSchema.safeParse(await readBlob(store, runId, definition.blob));
  if (!parsed.success)
    throw damaged(`The definition of run ${runId} cannot be read by this build.`, parsed.error);
  return parsed.data;
}

/** Brings outputs that are kept in files of their own back into memory, where expressions read them. */
async function restoreOutputs(store: Pick<RunStore, 'getBlob'>, run: Run): Promise<void> {
  for (const task of run.tasks.values()) {
    for (const unit of task.items ?? [task.unit]) {
      if (unit.blob !== null) unit.output = await readBlob(store, run.id, unit.blob);
    }
  }
}

async function readBlob(store: Pick<RunStore, 'getBlob'>, runId: string, blob: BlobRef): Promise<Value> {
  const bytes = await store.getBlob(runId, blob.name);
  if (bytes === null || bytes.byteLength !== blob.size) {
    throw damaged(
      `The file ${blob.name} of run ${runId} is missing or cut: the journal names it with ${blob.size} bytes.`,
    );
  }
  return parseJson(new TextDecoder().decode(bytes));
}

function damaged(message: string, cause?: unknown): Failure {
  return new Failure('state_damaged', message, {}, cause === undefined ? {} : { cause });
}
