import { Float, type Value } from '../kernel/value/value.js';
import type { Cursor } from './cursor.js';
import { SyntaxFault } from './problem.js';
import type { Argument, BinaryOperator, Expression, Span } from './syntax.js';

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
  ['null', null],
]);

/** Words that end the argument of a test written without parentheses, and that no variable may be named. */
export const reservedWords: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else']);

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/**
 * Parses an expression by Jinja2's precedence, loosest first: `a if c else b`, or, and, not, comparisons and `in`, + -, ~,
 * * / // %, **, unary - +, then attributes, calls, filters and tests.
 */
export class ExpressionParser {
  readonly #cursor: Cursor;
  readonly #maxDepth: number;
  #level = 0;

  constructor(cursor: Cursor, maxDepth: number) {
    this.#cursor = cursor;
    this.#maxDepth = maxDepth;
  }

  /** One expression; with `conditional` off an `if` behind it is left for the tag (`for x in xs if …`). */
  parse(conditional = true): Expression {
    return this.#nested(() => (conditional ? this.#conditional() : this.#or()));
  }

  /** One expression, or several with commas between them as a list. */
  parseTuple(): Expression {
    const first = this.parse();
    if (!this.#cursor.is('operator', ',')) return first;
    const items = [first];
    while (this.#cursor.skip('operator', ',') && this.#startsExpression()) items.push(this.parse());
    return this.#node({ kind: 'list', items }, first.start, items);
  }

  /** Recursion is bounded here: every way back into the grammar passes. */
  #nested(parse: () => Expression): Expression {
    if (++this.#level > this.#maxDepth) throw this.#tooDeep(this.#cursor.current);
    const node = parse();
    this.#level--;
    return node;
  }

  #tooDeep(span: Span): SyntaxFault {
    return new SyntaxFault('too-deep', 'The expression is nested too deep.', span, {
      expected: `at most ${this.#maxDepth} levels`,
      advice: 'Split it with `{% set %}`.',
    });
  }

  /** Adds what every node carries; a chain such as a + b + c is as deep as it is long, so it is bounded here. */
  #node<T extends object>(
    fields: T,
    start: number,
    children: readonly (Expression | undefined)[],
  ): T & { start: number; end: number; depth: number; size: number } {
    let depth = 0;
    let size = 1;
    for (const child of children) {
      if (child === undefined) continue;
      depth = Math.max(depth, child.depth);
      size += child.size;
    }
    const node = { ...fields, start, end: Math.max(start, this.#cursor.behind), depth: depth + 1, size };
    if (node.depth > this.#maxDepth) throw this.#tooDeep(node);
    return node;
  }

  #startsExpression(): boolean {
    const { kind, value } = this.#cursor.current;
    if (kind === 'operator') return ['(', '[', '{', '-', '+'].includes(value);
    return kind === 'name' ? value === 'not' || !reservedWords.has(value) : kind !== 'end';
  }

  #conditional(): Expression {
    let node = this.#or();
    while (this.#cursor.skip('name', 'if')) {
      const condition = this.#or();
      const otherwise = this.#cursor.skip('name', 'else') ? this.parse() : undefined;
      const fields = { kind: 'conditional' as const, condition, chosen: node, otherwise };
      node = this.#node(fields, node.start, [condition, node, otherwise]);
    }
    return node;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#cursor.skip('name', 'or')) left = this.#logic('or', left, this.#and());
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#cursor.skip('name', 'and')) left = this.#logic('and', left, this.#not());
    return left;
  }

  #logic(operator: 'and' | 'or', left: Expression, right: Expression): Expression {
    return this.#node({ kind: 'logic', operator, left, right }, left.start, [left, right]);
  }

  #not(): Expression {
    const { start } = this.#cursor.current;
    if (!this.#cursor.skip('name', 'not')) return this.#comparison();
    const operand = this.#nested(() => this.#not());
    return this.#node({ kind: 'unary', operator: 'not', operand }, start, [operand]);
  }

  #comparison(): Expression {
    const first = this.#sum();
    const operators: BinaryOperator[] = [];
    const operands = [first];
    for (
      let operator = this.#comparisonOperator();
      operator !== undefined;
      operator = this.#comparisonOperator()
    ) {
      operators.push(operator);
      operands.push(this.#sum());
    }
    const [operator, more] = operators;
    const [, second] = operands;
    if (operator === undefined || second === undefined) return first;
    if (more === undefined) return this.#binary(operator, first, second);
    return this.#node({ kind: 'chain', operators, operands }, first.start, operands);
  }

  #comparisonOperator(): BinaryOperator | undefined {
    const { kind, value } = this.#cursor.current;
    if (kind === 'operator' && comparisons.has(value)) return comparisonNamed(this.#cursor.take().value);
    if (this.#cursor.skip('name', 'in')) return 'in';
    if (!this.#cursor.is('name', 'not') || this.#cursor.next.value !== 'in') return undefined;
    this.#cursor.take();
    this.#cursor.take();
    return 'not in';
  }

  #binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
    return this.#node({ kind: 'binary', operator, left, right }, left.start, [left, right]);
  }

  #chain(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((candidate) => this.#cursor.is('operator', candidate));
      if (operator === undefined) return left;
      this.#cursor.take();
      left = this.#binary(operator, left, operand());
    }
  }

  #sum(): Expression {
    return this.#chain(['+', '-'], () => this.#concatenation());
  }

  #concatenation(): Expression {
    return this.#chain(['~'], () => this.#product());
  }

  #product(): Expression {
    return this.#chain(['*', '/', '//', '%'], () => this.#power());
  }

  #power(): Expression {
    return this.#chain(['**'], () => this.#unary(true));
  }

  /** As in Jinja2 a filter sees the sign: `-1|abs` is 1. */
  #unary(withFilters: boolean): Expression {
    const { current } = this.#cursor;
    let node: Expression;
    if (current.kind === 'operator' && (current.value === '-' || current.value === '+')) {
      this.#cursor.take();
      const operand = this.#nested(() => this.#unary(false));
      node = this.#node(
        { kind: 'unary', operator: current.value === '-' ? '-' : '+', operand },
        current.start,
        [operand],
      );
    } else {
      node = this.#postfix(this.#primary());
    }
    return withFilters ? this.#filtersAndTests(node) : node;
  }

  #filtersAndTests(target: Expression): Expression {
    let node = target;
    for (;;) {
      if (this.#cursor.skip('operator', '|')) node = this.#filter(node);
      else if (this.#cursor.skip('name', 'is')) node = this.#test(node);
      else if (this.#cursor.is('operator', '(')) node = this.#postfix(node);
      else return node;
    }
  }

  #filter(target: Expression): Expression {
    const name = this.#cursor.expectName('the name of a filter');
    const args = this.#cursor.is('operator', '(') ? this.#arguments() : [];
    const fields = { kind: 'filter' as const, name: name.value, nameSpan: name, target, arguments: args };
    return this.#node(fields, target.start, [target, ...args.map((argument) => argument.value)]);
  }

  #test(target: Expression): Expression {
    const negated = this.#cursor.skip('name', 'not');
    const name = this.#cursor.expectName('the name of a test');
    let args: readonly Argument[] = [];
    if (this.#cursor.is('operator', '(')) {
      args = this.#arguments();
    } else if (
      this.#startsExpression() &&
      !this.#cursor.is('operator', '-') &&
      !this.#cursor.is('operator', '+')
    ) {
      const value = this.#nested(() => this.#postfix(this.#primary()));
      args = [{ name: undefined, value, start: value.start, end: value.end }];
    }
    const fields = {
      kind: 'test' as const,
      name: name.value,
      nameSpan: name,
      negated,
      target,
      arguments: args,
    };
    return this.#node(fields, target.start, [target, ...args.map((argument) => argument.value)]);
  }

  #postfix(primary: Expression): Expression {
    let node = primary;
    for (;;) {
      if (this.#cursor.skip('operator', '.')) node = this.#attribute(node);
      else if (this.#cursor.skip('operator', '[')) node = this.#subscript(node);
      else if (this.#cursor.is('operator', '(')) {
        const args = this.#arguments();
        const children = [node, ...args.map((argument) => argument.value)];
        node = this.#node({ kind: 'call', target: node, arguments: args }, node.start, children);
      } else return node;
    }
  }

  #attribute(target: Expression): Expression {
    const key = this.#cursor.current;
    if (key.kind !== 'name' && key.kind !== 'number') {
      throw this.#cursor.unexpected('a field name or an index', 'Write other keys as ["key"].');
    }
    this.#cursor.take();
    return this.#node({ kind: 'attribute', target, key: key.value, keySpan: key }, target.start, [target]);
  }

  #subscript(target: Expression): Expression {
    const part = (): Expression | undefined =>
      this.#cursor.is('operator', ':') || this.#cursor.is('operator', ']') ? undefined : this.parse();
    const from = part();
    if (!this.#cursor.is('operator', ':')) {
      if (from === undefined) throw this.#cursor.unexpected('an index');
      this.#cursor.expect('operator', ']');
      return this.#node({ kind: 'index', target, key: from }, target.start, [target, from]);
    }
    this.#cursor.take();
    const to = part();
    const by = this.#cursor.skip('operator', ':') ? part() : undefined;
    this.#cursor.expect('operator', ']');
    return this.#node({ kind: 'slice', target, from, to, by }, target.start, [target, from, to, by]);
  }

  #arguments(): readonly Argument[] {
    this.#cursor.expect('operator', '(');
    const args: Argument[] = [];
    while (!this.#cursor.is('operator', ')')) {
      const { start } = this.#cursor.current;
      let name: string | undefined;
      if (
        this.#cursor.current.kind === 'name' &&
        this.#cursor.next.value === '=' &&
        this.#cursor.next.kind === 'operator'
      ) {
        name = this.#cursor.take().value;
        this.#cursor.take();
      } else if (args.some((argument) => argument.name !== undefined)) {
        throw this.#cursor.unexpected('a keyword argument', 'Put arguments without a name first.');
      }
      const value = this.parse();
      args.push({ name, value, start, end: value.end });
      if (!this.#cursor.skip('operator', ',')) break;
    }
    this.#cursor.expect('operator', ')');
    return args;
  }

  #primary(): Expression {
    const token = this.#cursor.current;
    if (token.kind === 'string') return this.#literal(token.value);
    if (token.kind === 'number') return this.#literal(numberValue(token.value));
    if (token.kind === 'name') {
      const constant = constants.get(token.value);
      if (constant !== undefined) return this.#literal(constant);
      if (reservedWords.has(token.value)) throw this.#cursor.unexpected('an expression');
      this.#cursor.take();
      return this.#node({ kind: 'name', name: token.value }, token.start, []);
    }
    if (this.#cursor.skip('operator', '(')) return this.#group(token.start);
    if (this.#cursor.skip('operator', '[')) return this.#list(token.start, ']');
    if (this.#cursor.skip('operator', '{')) return this.#record(token.start);
    throw this.#cursor.unexpected('an expression');
  }

  #literal(value: Value): Expression {
    const token = this.#cursor.take();
    return this.#node({ kind: 'literal', value }, token.start, []);
  }

  /** Parentheses: one expression as it is, or with a comma a list (a tuple in Jinja2). */
  #group(start: number): Expression {
    if (this.#cursor.is('operator', ')')) return this.#list(start, ')');
    const first = this.parse();
    if (this.#cursor.skip('operator', ')')) return { ...first, start, end: this.#cursor.behind };
    this.#cursor.expect('operator', ',');
    return this.#list(start, ')', [first]);
  }

  #list(start: number, closer: string, first: readonly Expression[] = []): Expression {
    const items = [...first];
    while (!this.#cursor.is('operator', closer)) {
      items.push(this.parse());
      if (!this.#cursor.skip('operator', ',')) break;
    }
    this.#cursor.expect('operator', closer);
    return this.#node({ kind: 'list', items }, start, items);
  }

  #record(start: number): Expression {
    const entries: (readonly [Expression, Expression])[] = [];
    while (!this.#cursor.is('operator', '}')) {
      const key = this.parse();
      this.#cursor.expect('operator', ':');
      entries.push([key, this.parse()]);
      if (!this.#cursor.skip('operator', ',')) break;
    }
    this.#cursor.expect('operator', '}');
    return this.#node({ kind: 'record', entries }, start, entries.flat());
  }
}

function comparisonNamed(text: string): BinaryOperator {
  switch (text) {
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return text;
    default:
      return '==';
  }
}

/** An int of any size, or a float that keeps its `.0`. */
function numberValue(text: string): Value {
  const isFloat = !/^0[xXoObB]/.test(text) && /[.eE]/.test(text);
  const number = Number(text);
  if (isFloat) return Number.isInteger(number) ? new Float(number) : number;
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
