import type { Value, ValueRecord } from '../../kernel/value/value.js';
import { isRecord } from '../../kernel/value/value.js';

/** A string of a workflow file that may hold expressions, compiled: the part of the template engine that the engine needs. */
export interface ExpressionSite {
  /** Exactly one `{{ expression }}`: evaluates to its value; otherwise to text. */
  readonly typed: boolean;
  /** No expression at all. */
  readonly constant: boolean;
  /** Names from the scope's root on: ["tasks", "network", "output"]. */
  readonly references: readonly { readonly path: readonly string[] }[];
  /** Throws Failure `template_failed` or `template_budget`. */
  evaluate(scope: ValueRecord): Value;
}

export type CompileSite = (text: string) => ExpressionSite;

/** A value whose strings are expression sites, compiled. */
export interface CompiledValue {
  readonly constant: boolean;
  /** Ids of the tasks it reads. */
  readonly tasks: ReadonlySet<string>;
  evaluate(scope: ValueRecord): Value;
}

/** Compiles every string in a value; what holds no expression is given back as it is. */
export function compileValue(value: Value, compile: CompileSite): CompiledValue {
  if (typeof value === 'string') return compileText(value, compile);
  if (Array.isArray(value)) {
    const parts = value.map((part: Value) => compileValue(part, compile));
    return combine(value, parts, (scope) => parts.map((part) => part.evaluate(scope)));
  }
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, part]) => [key, compileValue(part, compile)] as const);
    return combine(
      value,
      entries.map(([, part]) => part),
      (scope) => Object.fromEntries(entries.map(([key, part]) => [key, part.evaluate(scope)])),
    );
  }
  return constant(value);
}

function compileText(text: string, compile: CompileSite): CompiledValue {
  if (!text.includes('{')) return constant(text);
  const site = compile(text);
  if (site.constant) return constant(text);
  const tasks = new Set<string>();
  for (const { path } of site.references) {
    const [root, id] = path;
    if (root === 'tasks' && id !== undefined) tasks.add(id);
  }
  return { constant: false, tasks, evaluate: (scope) => site.evaluate(scope) };
}

const none: ReadonlySet<string> = new Set();

function constant(value: Value): CompiledValue {
  return { constant: true, tasks: none, evaluate: () => value };
}

function combine(
  value: Value,
  parts: readonly CompiledValue[],
  evaluate: (scope: ValueRecord) => Value,
): CompiledValue {
  if (parts.every((part) => part.constant)) return constant(value);
  const tasks = new Set<string>();
  for (const part of parts) for (const id of part.tasks) tasks.add(id);
  return { constant: false, tasks, evaluate };
}
