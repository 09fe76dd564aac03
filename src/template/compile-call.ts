import { suggest } from '../kernel/suggest.js';
import type { Value } from '../kernel/value/value.js';
import {
  compileExpression,
  compileLenient,
  compileValue,
  type EvaluateValue,
  type ExpressionSite,
  placing,
} from './compile-expression.js';
import type { FilterForm, Test, Toolbox } from './filter.js';
import { filters } from './filters/filters.js';
import { isTruthy } from './is-truthy.js';
import { rangeCall } from './iterate.js';
import { loopFunctions } from './loop.js';
import type { Machine } from './machine.js';
import { EvaluationFault, placed, SyntaxFault } from './problem.js';
import type { Evaluate } from './scope.js';
import { type BoundArguments, bindArguments, fitsKeywords, type Signature } from './signature.js';
import type { Expression, Span } from './syntax.js';
import { tests } from './tests.js';

type FilterNode = Extract<Expression, { kind: 'filter' }>;
type TestNode = Extract<Expression, { kind: 'test' }>;
type CallNode = Extract<Expression, { kind: 'call' }>;

/** The functions of an expression. */
const functions: ReadonlyMap<string, Signature> = new Map([
  ['range', { parameters: ['start?', 'stop|end?', 'step|step_by?'] }],
]);

/** Finds a filter and puts its arguments in order. Throws a SyntaxFault; the checker calls it for every node. */
export function bindFilter(node: FilterNode): { readonly form: FilterForm; readonly args: BoundArguments } {
  const filter = filters.get(node.name);
  if (filter === undefined) throw unknown('filter', node.name, node.nameSpan, filters.keys());
  const form = filter.tera !== undefined && fitsKeywords(filter.tera, node.arguments) ? filter.tera : filter;
  const args = bindArguments(`The filter \`${node.name}\``, form, node.arguments, node.nameSpan);
  if (node.name === 'map' && form === filter) checkNamed('filter', args[0]?.value, filters.keys());
  if (node.name === 'select' || node.name === 'reject') checkNamed('test', args[0]?.value, tests.keys());
  if (node.name === 'selectattr' || node.name === 'rejectattr')
    checkNamed('test', args[1]?.value, tests.keys());
  return { form, args };
}

/** Finds a test and puts its arguments in order. Throws a SyntaxFault. */
export function bindTest(node: TestNode): { readonly test: Test; readonly args: BoundArguments } {
  const test = tests.get(node.name);
  if (test === undefined) throw unknown('test', node.name, node.nameSpan, tests.keys());
  return { test, args: bindArguments(`The test \`${node.name}\``, test, node.arguments, node.nameSpan) };
}

/** Checks a call: `range(…)`, `loop.cycle(…)`, `loop.changed(…)`. Throws a SyntaxFault. */
export function bindCall(node: CallNode): { readonly name: string; readonly args: BoundArguments } {
  const { target } = node;
  if (target.kind === 'attribute' && target.target.kind === 'name' && target.target.name === 'loop') {
    if (!Object.hasOwn(loopFunctions, target.key))
      throw unknown('function', `loop.${target.key}`, target.keySpan, Object.keys(loopFunctions));
    return {
      name: `loop.${target.key}`,
      args: bindArguments(`loop.${target.key}`, { parameters: [], rest: true }, node.arguments, target),
    };
  }
  if (target.kind === 'attribute') throw methodFault(target.key, target.keySpan);
  if (target.kind !== 'name')
    throw new SyntaxFault('unknown-function', 'Only functions can be called.', target, {
      expected: 'range(…)',
    });
  const signature = functions.get(target.name);
  if (signature !== undefined) {
    if (node.arguments.length === 0)
      throw new SyntaxFault('missing-argument', 'range() needs its end.', node, { expected: 'range(end)' });
    return {
      name: target.name,
      args: bindArguments(`The function \`${target.name}\``, signature, node.arguments, target),
    };
  }
  if (filters.has(target.name)) throw methodFault(target.name, target);
  throw unknown('function', target.name, target, functions.keys());
}

function methodFault(name: string, span: Span): SyntaxFault {
  const advice = filters.has(name) ? `Use the filter: value|${name}.` : 'Use a filter.';
  return new SyntaxFault('unknown-function', `\`${name}\` cannot be called: values have no methods.`, span, {
    got: `${name}(…)`,
    advice,
  });
}

function unknown(what: string, name: string, span: Span, known: Iterable<string>): SyntaxFault {
  const near = suggest(name, known);
  return new SyntaxFault(`unknown-${what}`, `The ${what} \`${name}\` is unknown.`, span, {
    got: name,
    advice: near === undefined ? `See the manual for the ${what}s there are.` : `Did you mean \`${near}\`?`,
  });
}

/** A name given as a literal (`map('upper')`) is checked before anything runs. */
function checkNamed(what: 'filter' | 'test', node: Expression | undefined, known: Iterable<string>): void {
  if (node?.kind !== 'literal' || typeof node.value !== 'string') return;
  const names = [...known];
  if (!names.includes(node.value)) throw unknown(what, node.value, node, names);
}

function compileArguments(
  args: BoundArguments,
  site: ExpressionSite,
): (machine: Machine) => readonly (Value | undefined)[] {
  const parts = args.map((argument) => argument && compileValue(argument.value, site));
  if (parts.every((part) => part === undefined)) {
    const none: readonly undefined[] = parts.map(() => undefined);
    return () => none;
  }
  return (machine) => parts.map((part) => part?.(machine));
}

export function compileFilter(node: FilterNode, site: ExpressionSite): Evaluate {
  const { form, args } = bindFilter(node);
  if (node.name === 'default' || node.name === 'd') return compileDefault(node, args, site);
  const input = compileValue(node.target, site);
  const read = compileArguments(args, site);
  return (machine) => {
    const value = input(machine);
    const given = read(machine);
    machine.budget.charge(1);
    try {
      return form.apply(value, given, machine.tools);
    } catch (error) {
      throw placed(error, node);
    }
  };
}

/** `value|default(other)`; with `true` behind it what counts as false is replaced too. Arguments are compiled once. */
function compileDefault(node: FilterNode, [other, empty]: BoundArguments, site: ExpressionSite): Evaluate {
  const input = compileLenient(node.target, site);
  const fallback = other === undefined ? () => '' : compileExpression(other.value, site);
  const replacesEmpty = empty === undefined ? () => false : compileValue(empty.value, site);
  return (machine) => {
    const value = input(machine);
    if (value === undefined || (!isTruthy(value) && isTruthy(replacesEmpty(machine))))
      return fallback(machine);
    return value;
  };
}

export function compileTest(node: TestNode, site: ExpressionSite): EvaluateValue {
  const { test, args } = bindTest(node);
  const { negated } = node;
  if (node.name === 'defined' || node.name === 'undefined') {
    const input = compileLenient(node.target, site);
    const wanted = (node.name === 'defined') !== negated;
    return (machine) => (input(machine) !== undefined) === wanted;
  }
  const input = compileValue(node.target, site);
  const read = compileArguments(args, site);
  return (machine) => {
    const value = input(machine);
    const given = read(machine);
    try {
      return test.holds(value, given, machine.tools) !== negated;
    } catch (error) {
      throw placed(error, node);
    }
  };
}

export function compileCall(node: CallNode, site: ExpressionSite): Evaluate {
  const { name, args } = bindCall(node);
  const read = compileArguments(args, site);
  if (name === 'range') {
    return placing(node, (machine) => {
      const [first, second, step = 1] = read(machine);
      // With one argument it is the end.
      const [start = 0, stop = 0] = second === undefined ? [0, first] : [first, second];
      return rangeCall(start, stop, step, machine.budget);
    });
  }
  const { loop } = site.scope;
  const call = loopFunctions[name.slice('loop.'.length)];
  return placing(node, (machine) => {
    const state = loop === undefined ? undefined : machine.loops[loop];
    if (state === undefined || call === undefined) {
      throw new EvaluationFault('There is no loop here.', { expected: 'a place inside {% for %}' });
    }
    return call(
      state,
      read(machine).map((value) => value ?? null),
      machine.budget,
    );
  });
}

/** The tools of a render: its budget, the clock, and filters and tests by name. */
export function createToolbox(budget: Toolbox['budget'], now: () => number): Toolbox {
  const tools: Toolbox = {
    budget,
    now,
    applyFilter(name, input, args) {
      const filter = filters.get(name);
      if (filter === undefined)
        throw new EvaluationFault(`The filter \`${name}\` is unknown.`, { got: name });
      budget.charge(1);
      checkCount(`The filter \`${name}\``, filter, args.length);
      return filter.apply(input, args, tools);
    },
    applyTest(name, input, args) {
      const test = tests.get(name);
      if (test === undefined) throw new EvaluationFault(`The test \`${name}\` is unknown.`, { got: name });
      checkCount(`The test \`${name}\``, test, args.length);
      return test.holds(input, args, tools);
    },
  };
  return tools;
}

function checkCount(what: string, signature: Signature, count: number): void {
  const needed = signature.parameters.filter((parameter) => !parameter.endsWith('?')).length;
  if (count >= needed && (signature.rest === true || count <= signature.parameters.length)) return;
  const expected = signature.parameters.length === 0 ? 'no arguments' : signature.parameters.join(', ');
  throw new EvaluationFault(`${what} got ${count} arguments.`, { expected, got: String(count) });
}
