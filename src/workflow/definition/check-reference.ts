import { suggest } from '../../kernel/suggest.js';
import type { NeedsIndex } from './check-needs.js';
import type { SiteReference } from './definition-ports.js';
import { RUN_FIELDS, SCOPE_ROOTS, TASK_FIELDS } from './scope-names.js';

/** What the checks of one expression know. */
export interface ReferenceScope {
  readonly task: string;
  /** Whether `item` and `index` are in scope: the body of a for_each task. */
  readonly items: boolean;
  readonly inputs: readonly string[];
  readonly needs: NeedsIndex;
  /** Optional needs of the task that the file does not have: their names may be used, and are undefined. */
  readonly absent: ReadonlySet<string>;
  /** Whether a task has for_each. */
  isForEach(id: string): boolean;
}

/** What is wrong with a reference. */
export interface ReferenceProblem {
  readonly code: string;
  readonly message: string;
  readonly expected: string;
  readonly got: string;
  readonly advice: string;
}

/** Checks the static part of a reference against what the expression will see when it runs. */
export function checkReference(
  reference: SiteReference,
  scope: ReferenceScope,
): ReferenceProblem | undefined {
  const [root = '', name] = reference.path;
  switch (root) {
    case 'inputs':
      return name === undefined || scope.inputs.includes(name) ? undefined : unknownInput(name, scope);
    case 'tasks':
      return name === undefined ? undefined : checkTask(name, reference.path[2], scope);
    case 'run':
      return name === undefined || isOneOf(name, RUN_FIELDS)
        ? undefined
        : unknownField('run', name, RUN_FIELDS);
    case 'item':
    case 'index':
      return scope.items ? undefined : outsideForEach(root, scope);
    case 'env':
    case 'state':
      return undefined;
    default:
      return unknownRoot(root, scope);
  }
}

function unknownInput(name: string, scope: ReferenceScope): ReferenceProblem {
  const near = suggest(name, scope.inputs);
  return {
    code: 'unknown-input',
    message: `The workflow has no input "${name}"`,
    expected:
      scope.inputs.length === 0 ? 'a declared input; there is none' : `one of ${scope.inputs.join(', ')}`,
    got: `inputs.${name}`,
    advice: near === undefined ? `Declare it: [inputs.${name}].` : `Did you mean "inputs.${near}"?`,
  };
}

function checkTask(
  id: string,
  field: string | undefined,
  scope: ReferenceScope,
): ReferenceProblem | undefined {
  if (!scope.needs.has(id)) return scope.absent.has(id) ? undefined : unknownTask(id, scope);
  if (id === scope.task) {
    return {
      code: 'self-reference',
      message: `Task "${id}" uses its own result`,
      expected: 'a task that comes before',
      got: taskPath(id),
      advice: 'Use another task.',
    };
  }
  if (!scope.needs.comesBefore(scope.task, id)) {
    return {
      code: 'task-outside-needs',
      message: `Task "${scope.task}" uses task "${id}", which is not among its needs`,
      expected: 'a task that comes before, by "needs"',
      got: taskPath(id),
      advice: `Add "${id}" to the needs of task "${scope.task}".`,
    };
  }
  if (field === undefined) return undefined;
  if (!isOneOf(field, TASK_FIELDS)) return unknownField(taskPath(id), field, TASK_FIELDS);
  return checkOutputField(id, field, scope.isForEach(id));
}

/** A for_each task has `outputs` and any other has `output`: the wrong one would be null in silence. */
function checkOutputField(id: string, field: string, forEach: boolean): ReferenceProblem | undefined {
  const wrong = forEach ? 'output' : 'outputs';
  if (field !== wrong) return undefined;
  const right = forEach ? 'outputs' : 'output';
  return {
    code: 'wrong-output',
    message: forEach
      ? `Task "${id}" has for_each: it has outputs, by index`
      : `Task "${id}" has no for_each: it has one output`,
    expected: `${taskPath(id)}.${right}`,
    got: `${taskPath(id)}.${wrong}`,
    advice: `Write "${right}".`,
  };
}

function unknownTask(id: string, scope: ReferenceScope): ReferenceProblem {
  const near = suggest(id, scope.needs.ids);
  return {
    code: 'unknown-task',
    message: `The workflow has no task "${id}"`,
    expected: 'the id of a task that comes before',
    got: `tasks.${id}`,
    advice: near === undefined ? 'Correct the id.' : `Did you mean "${taskPath(near)}"?`,
  };
}

/** A task in an expression: after a dot, or in brackets when its id has a dash. */
export const taskPath = (id: string): string => (id.includes('-') ? `tasks["${id}"]` : `tasks.${id}`);

function unknownField(owner: string, field: string, known: readonly string[]): ReferenceProblem {
  const near = suggest(field, known);
  return {
    code: 'unknown-field',
    message: `${owner} has no "${field}"`,
    expected: `one of ${known.join(', ')}`,
    got: `${owner}.${field}`,
    advice: near === undefined ? 'Correct the name.' : `Did you mean "${near}"?`,
  };
}

function outsideForEach(root: string, scope: ReferenceScope): ReferenceProblem {
  return {
    code: 'item-outside-for-each',
    message: `"${root}" is not in scope here`,
    expected: 'an expression in the body of a task with for_each',
    got: root,
    advice: scope.isForEach(scope.task)
      ? 'for_each and when are decided once for the whole task: use "item" and "index" in its other keys.'
      : `Give task "${scope.task}" a for_each, or use an input.`,
  };
}

function unknownRoot(root: string, scope: ReferenceScope): ReferenceProblem {
  const known = Object.keys(SCOPE_ROOTS);
  const problem = {
    code: 'unknown-name',
    message: `Unknown name "${root}"`,
    expected: `one of ${known.join(', ')}`,
    got: root,
  };
  if (root === 'output') {
    return {
      ...problem,
      message: '"output" is in scope in a rollback only',
      advice: 'Use tasks.ID.output of a task that comes before.',
    };
  }
  if (scope.inputs.includes(root)) return { ...problem, advice: `Did you mean "inputs.${root}"?` };
  if (scope.needs.has(root)) return { ...problem, advice: `Did you mean "${taskPath(root)}"?` };
  const near = suggest(root, known);
  return {
    ...problem,
    advice:
      near === undefined
        ? 'Put text in quotes, and a value behind its name, such as inputs.NAME.'
        : `Did you mean "${near}"?`,
  };
}

function isOneOf(word: string, known: readonly string[]): boolean {
  return known.includes(word);
}
