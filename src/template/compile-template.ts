import { setOwnKey } from '../kernel/value/own-key.js';
import { isList, isRecord, typeName, type Value, type ValueRecord } from '../kernel/value/value.js';
import { textOf } from './arithmetic.js';
import { compileValue } from './compile-expression.js';
import { isTruthy } from './is-truthy.js';
import { itemsOf, pairsOf } from './iterate.js';
import { loopRecord } from './loop.js';
import type { Machine, Program, Step } from './machine.js';
import { EvaluationFault, placed } from './problem.js';
import { Scope } from './scope.js';
import type { Span, Statement } from './syntax.js';
import { assignsGlobally } from './walk.js';

/** Compiles checked statements to a flat list of steps: blocks become jumps, so that a render can stop anywhere. */
export function compileTemplate(body: readonly Statement[], text: string): Program {
  const compiler = new TemplateCompiler(text);
  const scope = Scope.outermost();
  for (const name of assignsGlobally(body)) scope.declare(name);
  compiler.body(body, scope, undefined);
  return {
    steps: compiler.steps,
    spans: compiler.spans,
    slots: scope.counter.slots,
    loops: scope.counter.loops,
  };
}

/** The index of a step that may not be known yet when a jump to it is compiled. */
interface Label {
  at: number;
}

/** Where `break` and `continue` go. */
interface LoopLabels {
  readonly next: Label;
  readonly end: Label;
}

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

class TemplateCompiler {
  readonly steps: Step[] = [];
  readonly spans: Span[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  body(statements: readonly Statement[], scope: Scope, loop: LoopLabels | undefined): void {
    for (const statement of statements) this.#statement(statement, scope, loop);
  }

  #statement(statement: Statement, scope: Scope, loop: LoopLabels | undefined): void {
    const { kind } = statement;
    if (kind === 'text') this.#literal(statement);
    else if (kind === 'output') this.#output(statement, scope);
    else if (kind === 'if') this.#if(statement, scope, loop);
    else if (kind === 'for') this.#for(statement, scope, loop);
    else if (kind === 'set') this.#set(statement, scope);
    else if (kind === 'capture') this.#capture(statement, scope);
    else if (kind === 'include') this.#include(statement, scope);
    else if (loop !== undefined) this.#jump(statement, kind === 'break' ? loop.end : loop.next);
  }

  /** Adds a step, which is made for the index behind it. */
  #add(span: Span, make: (next: number) => Step): void {
    this.spans.push(span);
    this.steps.push(make(this.steps.length + 1));
  }

  #place(label: Label): void {
    label.at = this.steps.length;
  }

  #jump(span: Span, to: Label): void {
    this.#add(span, () => (machine) => {
      machine.budget.charge(1);
      return to.at;
    });
  }

  #literal({ text, ...span }: Of<'text'>): void {
    this.#add(span, (next) => (machine) => {
      machine.budget.charge(1);
      write(machine, text);
      return next;
    });
  }

  #output({ expression }: Of<'output'>, scope: Scope): void {
    const value = compileValue(expression, { text: this.#text, scope });
    const { size } = expression;
    this.#add(expression, (next) => (machine) => {
      machine.budget.charge(size);
      const written = value(machine);
      write(machine, typeof written === 'string' ? written : textOf(written, machine.budget));
      return next;
    });
  }

  #if(statement: Of<'if'>, scope: Scope, loop: LoopLabels | undefined): void {
    const end: Label = { at: 0 };
    for (const { condition, body } of statement.branches) {
      const otherwise: Label = { at: 0 };
      const test = compileValue(condition, { text: this.#text, scope });
      this.#add(condition, (next) => (machine) => {
        machine.budget.charge(condition.size);
        return isTruthy(test(machine)) ? next : otherwise.at;
      });
      this.body(body, scope, loop);
      this.#jump(statement, end);
      this.#place(otherwise);
    }
    this.body(statement.otherwise, scope, loop);
    this.#place(end);
  }

  #for(statement: Of<'for'>, scope: Scope, around: LoopLabels | undefined): void {
    const number = scope.counter.loops++;
    const inner = scope.inner(number);
    const targets = statement.targets.map((name) => inner.declare(name));
    const bind = assignment(targets, statement);
    const items = this.#loopItems(statement, scope);
    const labels = { next: { at: 0 }, end: { at: 0 }, otherwise: { at: 0 } };
    // Filled when the body is compiled: what an iteration assigns is gone in the next.
    const ownSlots: number[] = [];
    const begin = (machine: Machine, item: Value): void => {
      for (const slot of ownSlots) machine.slots[slot] = undefined;
      bind(machine, item);
    };
    this.#add(statement, (next) => (machine) => {
      machine.budget.charge(statement.iterable.size);
      const found = items(machine);
      const [first] = found;
      if (first === undefined) return labels.otherwise.at;
      machine.loops[number] = { items: found, index: 0, depth: inner.loopDepth, seen: undefined };
      begin(machine, first);
      return next;
    });
    const start = this.steps.length;
    this.body(statement.body, inner, labels);
    ownSlots.push(...inner.ownSlots.filter((slot) => !targets.includes(slot)));
    this.#place(labels.next);
    this.#add(statement, () => (machine) => {
      machine.budget.charge(1);
      const state = machine.loops[number];
      const item = state?.items[state.index + 1];
      if (state === undefined || item === undefined) return labels.end.at;
      state.index++;
      begin(machine, item);
      return start;
    });
    this.#place(labels.otherwise);
    this.body(statement.otherwise, scope, around);
    this.#place(labels.end);
  }

  /** The items of a loop; its `if` has been applied, so that `loop.length` counts what is left. */
  #loopItems(
    { iterable, condition, targets }: Of<'for'>,
    scope: Scope,
  ): (machine: Machine) => readonly Value[] {
    const read = compileValue(iterable, { text: this.#text, scope });
    const all = (machine: Machine): readonly Value[] => {
      const value = read(machine);
      try {
        // Two variables over a record are its keys and values, as in Tera.
        return targets.length === 2 && isRecord(value)
          ? pairsOf(value, machine.budget)
          : itemsOf(value, machine.budget);
      } catch (error) {
        throw placed(error, iterable);
      }
    };
    if (condition === undefined) return all;
    // The condition sees the item, but `loop` is still the one around.
    const outer = scope.inner(undefined);
    const bind = assignment(
      targets.map((name) => outer.declare(name)),
      iterable,
    );
    const keep = compileValue(condition, { text: this.#text, scope: outer });
    return (machine) =>
      all(machine).filter((item) => {
        machine.budget.charge(condition.size);
        bind(machine, item);
        return isTruthy(keep(machine));
      });
  }

  #set({ targets, value, global, ...span }: Of<'set'>, scope: Scope): void {
    const read = compileValue(value, { text: this.#text, scope });
    const owner = global ? scope.top : scope;
    const bind = assignment(
      targets.map((name) => owner.declare(name)),
      value,
    );
    this.#add(span, (next) => (machine) => {
      machine.budget.charge(value.size);
      bind(machine, read(machine));
      return next;
    });
  }

  #capture({ target, body, ...span }: Of<'capture'>, scope: Scope): void {
    this.#add(span, (next) => (machine) => {
      machine.budget.charge(1);
      machine.captures.push(machine.out);
      machine.out = '';
      return next;
    });
    this.body(body, scope, undefined);
    const slot = scope.declare(target);
    this.#add(span, (next) => (machine) => {
      machine.slots[slot] = machine.budget.text(machine.out);
      machine.out = machine.captures.pop() ?? '';
      return next;
    });
  }

  #include({ names, ignoreMissing, withContext, ...span }: Of<'include'>, scope: Scope): void {
    const read = compileValue(names, { text: this.#text, scope });
    const context = withContext ? visibleContext(scope) : () => ({});
    this.#add(span, (next) => (machine) => {
      machine.budget.charge(names.size);
      machine.pending = {
        names: templateNames(read(machine), names),
        ignoreMissing,
        context: context(machine),
        place: names,
      };
      return next;
    });
  }
}

function write(machine: Machine, text: string): void {
  if (text.length > 64) machine.budget.charge(text.length >> 4);
  machine.out += text;
  machine.budget.output(machine.out.length);
}

/** Assigns a value to one slot, or the items of a list to several. */
function assignment(slots: readonly number[], place: Span): (machine: Machine, value: Value) => void {
  const [only = 0] = slots;
  if (slots.length === 1) {
    return (machine, value) => {
      machine.slots[only] = value;
    };
  }
  return (machine, value) => {
    if (!isList(value) || value.length !== slots.length) {
      const got = isList(value) ? `a list of ${value.length}` : typeName(value);
      const detail = { expected: `a list of ${slots.length}`, got };
      throw new EvaluationFault(
        `Expected ${detail.expected} to unpack, got ${got}.`,
        detail,
        'template_failed',
        place,
      );
    }
    for (const [index, slot] of slots.entries()) machine.slots[slot] = value[index] ?? null;
  };
}

/** What an included template sees: the context, and the variables of the place of the include. */
function visibleContext(scope: Scope): (machine: Machine) => ValueRecord {
  const names = [...new Set(scope.names())].map((name) => [name, scope.lookup(name)] as const);
  const { loop } = scope;
  if (names.length === 0) return (machine) => machine.context;
  return (machine) => {
    machine.budget.charge(Object.keys(machine.context).length + names.length);
    const seen: Record<string, Value> = { ...machine.context };
    const state = loop === undefined ? undefined : machine.loops[loop];
    if (state !== undefined) seen['loop'] = loopRecord(state);
    for (const [name, read] of names) {
      const value = read(machine);
      if (value !== undefined) setOwnKey(seen, name, value);
    }
    return seen;
  };
}

function templateNames(value: Value, place: Span): readonly string[] {
  const names = isList(value) ? value : [value];
  return names.map((name) => {
    if (typeof name === 'string') return name;
    const detail = { expected: 'the path of a template, or a list of them', got: typeName(name) };
    throw new EvaluationFault(`An include names ${typeName(name)}.`, detail, 'template_failed', place);
  });
}
