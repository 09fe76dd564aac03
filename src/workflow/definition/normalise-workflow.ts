import type {
  Action,
  InputDefinition,
  Need,
  TaskDefinition,
  WorkflowDefinition,
} from '../../../state/definition.js';
import { parseDurationText } from '../../kernel/value/duration-text.js';
import { Range, type Value, type ValueRecord } from '../../kernel/value/value.js';
import { frozen } from '../frozen.js';
import { MAX_ITEMS, rangeItems } from '../range-items.js';
import { convertInput } from './convert-input.js';
import type { InputFile, TaskFile, WorkflowFile } from './workflow-file-schema.js';

/**
 * Makes the normalised definition of a checked file: defaults filled in, durations in milliseconds, values in JSON form, so that
 * the definition a run keeps on disk is the one it was started with.
 */
export function normaliseWorkflow(
  file: WorkflowFile,
  place: { readonly root: string; readonly path: string | null },
): WorkflowDefinition {
  return {
    name: file.name,
    ...(file.description === undefined ? {} : { description: file.description }),
    root: place.root,
    file: place.path,
    maxParallel: file.max_parallel ?? null,
    timeoutMs: file.timeout === undefined ? null : milliseconds(file.timeout),
    onFailure: file.on_failure,
    overlap: file.overlap,
    runningSiblings: file.running_siblings,
    inputs: Object.fromEntries(
      Object.entries(file.inputs).map(([name, input]) => [name, normaliseInput(input)]),
    ),
    tasks: file.task.map(normaliseTask),
  };
}

function normaliseInput(input: InputFile): InputDefinition {
  const converted = input.default === undefined ? undefined : convertInput(input.default, input.type);
  return {
    type: input.type,
    required: input.required,
    ...(converted === undefined || !('value' in converted) ? {} : { default: converted.value }),
    ...(input.description === undefined ? {} : { description: input.description }),
  };
}

function normaliseTask(file: TaskFile): TaskDefinition {
  return {
    id: file.id,
    ...(file.description === undefined ? {} : { description: file.description }),
    needs: file.needs.map(normaliseNeed),
    ...(file.when === undefined ? {} : { when: file.when }),
    ...(file.for_each === undefined ? {} : { forEach: normaliseForEach(file.for_each) }),
    maxParallel: file.max_parallel ?? null,
    action: normaliseAction(file),
    ...(file.input === undefined ? {} : { input: frozen(file.input) }),
    ...(file.cwd === undefined ? {} : { cwd: file.cwd }),
    env: file.env,
    isolated: file.isolated,
    idempotent: file.idempotent,
    ...(file.on_crash === undefined ? {} : { onCrash: file.on_crash }),
    ...(file.on_failure === undefined ? {} : { onFailure: file.on_failure }),
    allowFailure: file.allow_failure,
    labels: file.labels,
    retry: {
      attempts: file.retry.attempts,
      backoff: file.retry.backoff,
      initialMs: milliseconds(file.retry.initial),
      maxMs: milliseconds(file.retry.max),
      jitter: file.retry.jitter,
    },
    timeoutMs: file.timeout === undefined ? null : Math.max(1, milliseconds(file.timeout)),
    graceMs: milliseconds(file.grace),
  };
}

function normaliseNeed(need: TaskFile['needs'][number]): Need {
  if (typeof need === 'string') return { task: need, kind: 'hard', ifSkipped: 'skip' };
  return { task: need.task, kind: need.kind, ifSkipped: need.if_skipped };
}

function normaliseForEach(forEach: NonNullable<TaskFile['for_each']>): Value {
  return frozen(forEach instanceof Range ? rangeItems(forEach, MAX_ITEMS) : forEach);
}

function normaliseAction(file: TaskFile): Action {
  if (file.nu !== undefined)
    return { kind: 'nu', module: file.nu.module, command: file.nu.command, ...callArguments(file.nu) };
  if (file.script !== undefined)
    return { kind: 'script', path: file.script.path, ...callArguments(file.script) };
  if (file.code !== undefined) return { kind: 'code', source: file.code };
  if (file.exec !== undefined) return { kind: 'exec', argv: file.exec };
  if (file.template !== undefined) {
    const { path, context, target } = file.template;
    return { kind: 'template', path, context: frozen(context), target };
  }
  if (file.call !== undefined)
    return { kind: 'call', method: file.call.method, params: frozen(file.call.params) };
  throw new Error(`Task ${file.id} was to be checked for a kind of work before it is normalised.`);
}

function callArguments(call: { readonly args: readonly Value[]; readonly flags: ValueRecord }) {
  return {
    args: call.args.map(frozen),
    flags: Object.fromEntries(Object.entries(call.flags).map(([name, value]) => [name, frozen(value)])),
  };
}

/** The schema let only durations through; one too large for a number is as good as no limit. */
const milliseconds = (text: string): number => parseDurationText(text) ?? Number.MAX_SAFE_INTEGER;
