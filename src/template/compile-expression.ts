import { setOwnKey } from '../kernel/value/own-key.js';
import { typeName, type Value } from '../kernel/value/value.js';
import { field, member, slice } from './access.js';
import { arithmetic, concatenate, negate, textOf } from './arithmetic.js';
import { contains, equal, order } from './compare.js';
import { compileCall, compileFilter, compileTest } from './compile-call.js';
import { isTruthy } from './is-truthy.js';
import { loopFields, loopRecord } from './loop.js';
import type { Machine } from './machine.js';
import { type Explain, explainMissing } from './missing.js';
import { isInt } from './number.js';
import { EvaluationFault, placed } from './problem.js';
import type { Evaluate, Scope } from './scope.js';
import type { BinaryOperator, Expression } from './syntax.js';

/** A compiled expression whose value is there. */
export type EvaluateValue = (machine: Machine) => Value;

/** What the compiler of an expression knows: the source text, for messages, and the names in sight. */
export interface ExpressionSite {
  readonly text: string;
  readonly scope: Scope;
}

/** Compiles an expression that must have a value: a missing one is a fault that names it. */
export function compileValue(node: Expression, site: ExpressionSite): EvaluateValue {
  if (node.kind === 'literal') {
    const { value } = node;
    return () => value;
  }
  const evaluate = compileExpression(node, site);
  const explain = explanation(node, site);
  return (machine) => {
    const value = evaluate(machine);
    if (value === undefined) throw explain(machine);
    return value;
  };
}

/** Compiles an expression; a missing value (an unknown name, a field that is not there) is undefined. */
export function compileExpression(node: Expression, site: ExpressionSite): Evaluate {
  switch (node.kind) {
    case 'literal':
      return compileValue(node, site);
    case 'name':
      return compileName(node.name, site);
    case 'list':
      return compileList(node.items, site);
    case 'record':
      return compileRecord(node, site);
    case 'attribute':
      return compileAttribute(node, site);
    case 'index':
      return compileIndex(node, site);
    case 'slice':
      return compileSlice(node, site);
    case 'unary':
      return compileUnary(node, site);
    case 'binary':
      return compileBinary(node, site);
    case 'chain':
      return compileChain(node, site);
    case 'logic':
      return compileLogic(node, site);
    case 'conditional':
      return compileConditional(node, site);
    case 'filter':
      return compileFilter(node, site);
    case 'test':
      return compileTest(node, site);
    case 'call':
      return compileCall(node, site);
  }
}

/**
 * Compiles an expression for `is defined` and `default(…)`: a missing link anywhere in a path (`a.b.c` without an `a`) is a
 * missing value and no fault.
 */
export function compileLenient(node: Expression, site: ExpressionSite): Evaluate {
  if (node.kind === 'attribute') {
    if (isLoop(node.target, site)) return compileExpression(node, site);
    const target = compileLenient(node.target, site);
    const { key } = node;
    return (machine) => {
      const from = target(machine);
      return from === undefined ? undefined : field(from, key);
    };
  }
  if (node.kind === 'index') {
    const target = compileLenient(node.target, site);
    const key = compileLenient(node.key, site);
    return (machine) => {
      const from = target(machine);
      const wanted = from === undefined ? undefined : key(machine);
      return from === undefined || wanted === undefined ? undefined : member(from, wanted);
    };
  }
  return compileExpression(node, site);
}

/** Runs an operation and gives its faults the place of the node. */
export function placing(node: Expression, evaluate: EvaluateValue): EvaluateValue {
  return (machine) => {
    try {
      return evaluate(machine);
    } catch (error) {
      throw placed(error, node);
    }
  };
}

/** The target is compiled when there is something to explain: doing it for every node would double the work at each level. */
function explanation(node: Expression, site: ExpressionSite): Explain {
  const target = node.kind === 'attribute' || node.kind === 'index' ? node.target : undefined;
  return explainMissing(node, site, (machine) => target && compileLenient(target, site)(machine));
}

function isLoop(node: Expression, site: ExpressionSite): boolean {
  return node.kind === 'name' && node.name === 'loop' && site.scope.loop !== undefined;
}

function compileName(name: string, { scope }: ExpressionSite): Evaluate {
  const { loop } = scope;
  if (name !== 'loop' || loop === undefined) return scope.lookup(name);
  return (machine) => {
    const state = machine.loops[loop];
    return state === undefined ? undefined : loopRecord(state);
  };
}

function compileList(items: readonly Expression[], site: ExpressionSite): EvaluateValue {
  const parts = items.map((item) => compileValue(item, site));
  return (machine) => parts.map((part) => part(machine));
}

function compileRecord(node: Extract<Expression, { kind: 'record' }>, site: ExpressionSite): EvaluateValue {
  const fields = node.entries.map(([key, value]) => ({
    node: key,
    key: compileValue(key, site),
    value: compileValue(value, site),
  }));
  return (machine) => {
    const record: Record<string, Value> = {};
    for (const entry of fields)
      setOwnKey(record, keyText(entry.key(machine), entry.node, machine), entry.value(machine));
    return record;
  };
}

function keyText(key: Value, node: Expression, machine: Machine): string {
  if (typeof key === 'string') return key;
  if (isInt(key)) return textOf(key, machine.budget);
  const detail = { expected: 'string or int', got: typeName(key) };
  throw new EvaluationFault(`A key of a record is ${typeName(key)}.`, detail, 'template_failed', node);
}

function compileAttribute(node: Extract<Expression, { kind: 'attribute' }>, site: ExpressionSite): Evaluate {
  const { key } = node;
  const { loop } = site.scope;
  const read = Object.hasOwn(loopFields, key) ? loopFields[key] : undefined;
  if (loop !== undefined && isLoop(node.target, site)) {
    return (machine) => {
      const state = machine.loops[loop];
      return state === undefined ? undefined : read?.(state);
    };
  }
  const target = compileValue(node.target, site);
  return (machine) => field(target(machine), key);
}

function compileIndex(node: Extract<Expression, { kind: 'index' }>, site: ExpressionSite): Evaluate {
  const target = compileValue(node.target, site);
  const key = compileValue(node.key, site);
  return (machine) => member(target(machine), key(machine));
}

function compileSlice(node: Extract<Expression, { kind: 'slice' }>, site: ExpressionSite): EvaluateValue {
  const target = compileValue(node.target, site);
  const [from, to, by] = [node.from, node.to, node.by].map((part) => part && compileValue(part, site));
  return placing(node, (machine) =>
    slice(target(machine), from?.(machine), to?.(machine), by?.(machine), machine.budget),
  );
}

function compileUnary(node: Extract<Expression, { kind: 'unary' }>, site: ExpressionSite): EvaluateValue {
  const operand = compileValue(node.operand, site);
  if (node.operator === 'not') return (machine) => !isTruthy(operand(machine));
  if (node.operator === '-') return placing(node, (machine) => negate(operand(machine)));
  return placing(node, (machine) => negate(negate(operand(machine))));
}

function compileBinary(node: Extract<Expression, { kind: 'binary' }>, site: ExpressionSite): EvaluateValue {
  const left = compileValue(node.left, site);
  const right = compileValue(node.right, site);
  const apply = operation(node.operator);
  return (machine) => {
    const a = left(machine);
    const b = right(machine);
    try {
      return apply(a, b, machine);
    } catch (error) {
      throw placed(error, node);
    }
  };
}

type Operation = (left: Value, right: Value, machine: Machine) => Value;

function operation(operator: BinaryOperator): Operation {
  switch (operator) {
    case '~':
      return (left, right, { budget }) => concatenate(left, right, budget);
    case '==':
      return (left, right, { budget }) => equal(left, right, budget);
    case '!=':
      return (left, right, { budget }) => !equal(left, right, budget);
    case '<':
      return (left, right, { budget }) => order(left, right, budget) < 0;
    case '<=':
      return (left, right, { budget }) => order(left, right, budget) <= 0;
    case '>':
      return (left, right, { budget }) => order(left, right, budget) > 0;
    case '>=':
      return (left, right, { budget }) => order(left, right, budget) >= 0;
    case 'in':
      return (left, right, { budget }) => contains(right, left, budget);
    case 'not in':
      return (left, right, { budget }) => !contains(right, left, budget);
    default:
      return (left, right, { budget }) => arithmetic(operator, left, right, budget);
  }
}

function compileChain(node: Extract<Expression, { kind: 'chain' }>, site: ExpressionSite): EvaluateValue {
  const operands = node.operands.map((operand) => compileValue(operand, site));
  const operations = node.operators.map(operation);
  return placing(node, (machine) => {
    let left = operands[0]?.(machine) ?? null;
    for (const [index, apply] of operations.entries()) {
      const right = operands[index + 1]?.(machine) ?? null;
      if (apply(left, right, machine) !== true) return false;
      left = right;
    }
    return true;
  });
}

/** `and` and `or` give the operand that decided, as in Python. */
function compileLogic(node: Extract<Expression, { kind: 'logic' }>, site: ExpressionSite): EvaluateValue {
  const left = compileValue(node.left, site);
  const right = compileValue(node.right, site);
  const stopsAt = node.operator === 'or';
  return (machine) => {
    const value = left(machine);
    return isTruthy(value) === stopsAt ? value : right(machine);
  };
}

/** Without an else the value is null, which prints nothing. */
function compileConditional(
  node: Extract<Expression, { kind: 'conditional' }>,
  site: ExpressionSite,
): EvaluateValue {
  const condition = compileValue(node.condition, site);
  const chosen = compileValue(node.chosen, site);
  const otherwise = node.otherwise === undefined ? () => null : compileValue(node.otherwise, site);
  return (machine) => (isTruthy(condition(machine)) ? chosen(machine) : otherwise(machine));
}
