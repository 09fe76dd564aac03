import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Action, TaskDefinition } from '../../../state/definition.js';
import type { Evaluated, StoredError } from '../../../state/run-events.js';
import { Failure } from '../../kernel/failure.js';
import { displayText } from '../../kernel/value/display.js';
import { parseJson, stringifyJson } from '../../kernel/value/json.js';
import { isList, isRecord, Range, typeName, type Value, type ValueRecord } from '../../kernel/value/value.js';
import type { Evaluate, Evaluation } from '../core/draft.js';
import type { Task, Unit } from '../core/state.js';
import { MAX_ITEMS, rangeItems } from '../range-items.js';
import { type CompiledTask, compileTask } from './compiled-task.js';
import type { CompileSite } from './expression.js';
import { createScope } from './scope.js';

/** Evaluates the expressions of tasks for the core. `state` gives the user's own keys as they are now. */
export function createEvaluator(compile: CompileSite, state: () => ValueRecord): Evaluate {
  const compiled = new WeakMap<TaskDefinition, CompiledTask>();
  const scopeOf = createScope(state);

  function of(task: Task): CompiledTask {
    let known = compiled.get(task.definition);
    if (known === undefined) {
      known = compileTask(task.definition, compile);
      compiled.set(task.definition, known);
    }
    return known;
  }

  function itemsOf(task: Task): readonly Value[] {
    const site = of(task).forEach;
    return site === null ? [] : listItems(site.evaluate(scopeOf(task.run, task.unit, site.tasks)));
  }

  /** Values that were recorded by hash come from recorded values again, and must be the same. */
  function ensureItems(task: Task): void {
    if (task.items === null || task.itemValues !== null) return;
    const values = itemsOf(task);
    if (task.itemsHash !== null && hashOf(values) !== task.itemsHash) {
      throw new Failure(
        'template_failed',
        `The items of ${task.definition.id} are not those it was expanded to.`,
        {
          expected: 'the same list from for_each as before the restart',
          advice: 'Let for_each read inputs and outputs of tasks only, not state that changes.',
        },
      );
    }
    task.itemValues = values;
  }

  return {
    when: (task) =>
      attempt(() => {
        const site = of(task).when;
        const value = site === null ? true : site.evaluate(scopeOf(task.run, task.unit, site.tasks));
        if (typeof value === 'boolean') return value;
        throw new Failure(
          'template_failed',
          `"when" must be true or false, and came to a ${typeName(value)}.`,
          {
            expected: 'bool',
            got: typeName(value),
            advice: 'Compare it with something, as in {{ inputs.name != "" }}.',
          },
        );
      }),
    items: (task) =>
      attempt(() => {
        const values = itemsOf(task);
        const json = stringifyJson(values);
        return { values, bytes: json.length, sha256: () => sha256(json) };
      }),
    order: (unit) =>
      attempt(() => {
        ensureItems(unit.task);
        const task = of(unit.task);
        const evaluated = orderOf(unit, task, scopeOf(unit.task.run, unit, task.tasks));
        const { action, input = null, cwd, env } = evaluated;
        return { evaluated, bytes: task.constant ? 0 : stringifyJson([action, input, cwd, env]).length };
      }),
  };
}

function orderOf(unit: Unit, task: CompiledTask, scope: ValueRecord): Evaluated {
  const { definition, run } = unit.task;
  const { root } = run.definition;
  const input = definition.input === undefined ? undefined : task.input.evaluate(scope);
  const cwd = task.cwd.evaluate(scope);
  return {
    action: actionOf(definition.action, fields(task.action.evaluate(scope)), root),
    ...(input === undefined ? {} : { input }),
    cwd: cwd === null ? root : resolve(root, displayText(cwd)),
    env: Object.fromEntries(
      Object.entries(fields(task.env.evaluate(scope))).map(([key, value]) => [key, displayText(value)]),
    ),
  };
}

function actionOf(action: Action, values: ValueRecord, root: string): Action {
  const list = (key: string): Value[] => {
    const value = values[key];
    return Array.isArray(value) ? [...value] : [];
  };
  const path = (key: string): string => resolve(root, displayText(values[key] ?? ''));
  switch (action.kind) {
    case 'nu':
      return {
        kind: 'nu',
        module: resolve(root, action.module),
        command: action.command,
        args: list('args'),
        flags: { ...fields(values['flags']) },
      };
    case 'script':
      return {
        kind: 'script',
        path: path('path'),
        args: list('args'),
        flags: { ...fields(values['flags']) },
      };
    case 'code':
      return { kind: 'code', source: action.source };
    case 'exec':
      return { kind: 'exec', argv: list('argv').map(displayText) };
    case 'template':
      return {
        kind: 'template',
        path: path('path'),
        context: values['context'] ?? {},
        target: path('target'),
      };
    case 'call':
      return { kind: 'call', method: action.method, params: values['params'] ?? {} };
  }
}

const fields = (value: Value | undefined): ValueRecord => (isRecord(value) ? value : {});

/** A list, the numbers of a range, or {key, value} for each field of a record. */
function listItems(value: Value): readonly Value[] {
  const items = isList(value)
    ? value
    : value instanceof Range
      ? rangeItems(value, MAX_ITEMS)
      : isRecord(value)
        ? Object.entries(value).map(([key, field]): Value => ({ key, value: field }))
        : null;
  if (items === null) {
    throw new Failure(
      'template_failed',
      `"for_each" must come to a list, a range or a record, not a ${typeName(value)}.`,
      {
        expected: 'list, range or record',
        got: typeName(value),
      },
    );
  }
  if (items.length <= MAX_ITEMS) return items;
  throw new Failure(
    'limit_exceeded',
    `"for_each" came to ${items.length} items; the limit is ${MAX_ITEMS}.`,
    {
      expected: `at most ${MAX_ITEMS} items`,
      got: String(items.length),
      advice: 'Let each item stand for a group of things.',
    },
  );
}

const hashOf = (values: readonly Value[]): string => sha256(stringifyJson(values));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function attempt<T>(evaluate: () => T): Evaluation<T> {
  try {
    return { ok: evaluate() };
  } catch (error) {
    if (error instanceof Failure) return { error: storedError(error) };
    throw error;
  }
}

/** A failure as a task shows it; its data is what the client may see. */
function storedError(failure: Failure): StoredError {
  const data = parseJson(JSON.stringify(failure.data));
  return { name: failure.error, message: failure.message, ...(isRecord(data) ? { data: { ...data } } : {}) };
}
