import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { SourceDocument } from '../../document/document.js';
import { checkDocument } from '../../document/schema-findings.js';
import { isRecord, ownKey, type Value, type ValueRecord } from '../../kernel/value/value.js';
import { explainLater } from './later-keys.js';
import {
  ID_PATTERN,
  type InputFile,
  inputFileSchema,
  type TaskFile,
  taskFileSchema,
  type WorkflowFile,
  workflowFileSchema,
} from './workflow-file-schema.js';

/** A task as far as it could be read. */
export interface DraftTask {
  /** Its position in the file. */
  readonly index: number;
  readonly file: TaskFile;
  /** Keys that could not be read. */
  readonly unread: ReadonlySet<string>;
}

/**
 * A workflow file as far as it could be read: a file with a misspelt key still has its needs, expressions and commands
 * checked, so that its author sees all findings at once.
 */
export interface DraftWorkflow {
  /** The file when the schema had no finding, else null. */
  readonly complete: WorkflowFile | null;
  readonly inputs: ReadonlyMap<string, InputFile>;
  readonly tasks: readonly DraftTask[];
}

/** Reads a document by the schema of workflow files. */
export function draftWorkflow(document: SourceDocument): {
  readonly draft: DraftWorkflow;
  readonly findings: readonly Diagnostic[];
} {
  const { value, findings } = checkDocument(document, workflowFileSchema, explainLater);
  if (value === null) return { draft: readTolerantly(document.value), findings };
  const tasks = value.task.map((file, index) => ({ index, file, unread: new Set<string>() }));
  return { draft: { complete: value, inputs: new Map(Object.entries(value.inputs)), tasks }, findings };
}

function readTolerantly(root: Value): DraftWorkflow {
  const file = isRecord(root) ? root : {};
  const inputs = ownKey(file, 'inputs');
  const tasks = ownKey(file, 'task');
  return {
    complete: null,
    inputs: new Map(
      isRecord(inputs) ? Object.entries(inputs).map(([name, input]) => [name, readInput(input)]) : [],
    ),
    tasks: Array.isArray(tasks) ? tasks.flatMap((task, index) => readTask(task, index)) : [],
  };
}

/** An input that could not be read may be anything. */
function readInput(input: Value): InputFile {
  const parsed = inputFileSchema.safeParse(input);
  return parsed.success ? parsed.data : { type: 'any', required: false };
}

/** Leaves out the keys the schema complains about; a task without a usable id is left out whole. */
function readTask(task: Value, index: number): readonly DraftTask[] {
  if (!isRecord(task)) return [];
  const id = ownKey(task, 'id');
  if (typeof id !== 'string' || !ID_PATTERN.test(id)) return [];
  const first = taskFileSchema.safeParse(task);
  if (first.success) return [{ index, file: first.data, unread: new Set() }];
  const unread = new Set(
    first.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [String(issue.path[0])],
    ),
  );
  const rest: ValueRecord = Object.fromEntries(Object.entries(task).filter(([key]) => !unread.has(key)));
  const second = taskFileSchema.safeParse(rest);
  return second.success ? [{ index, file: second.data, unread }] : [];
}
