import type { Clock } from '../kernel/clock.js';
import type { Value, ValueRecord } from '../kernel/value/value.js';
import { textOf } from './arithmetic.js';
import { Budget, type TemplateBudgets } from './budget.js';
import { TextCache } from './cache.js';
import { checkExpression, checkTemplate } from './check.js';
import { createToolbox } from './compile-call.js';
import { compileValue, type EvaluateValue } from './compile-expression.js';
import { Cursor } from './cursor.js';
import { lexExpression } from './lex-expression.js';
import { Machine } from './machine.js';
import { ExpressionParser } from './parse-expression.js';
import { parseTemplate } from './parse-template.js';
import { EvaluationFault, evaluationFailure, invalidFailure, type Problem, SyntaxFault } from './problem.js';
import { expressionReferences, type Reference, templateReferences } from './reference.js';
import { Scope } from './scope.js';
import type { Expression, Span, Statement } from './syntax.js';

/** An expression that can be evaluated many times. */
export interface CompiledExpression {
  readonly references: readonly Reference[];
  /** The value, with its type. Throws Failure `template_failed` or `template_budget` with the place in the text. */
  evaluate(scope: ValueRecord): Value;
}

/** A text of a workflow file with `{{ expressions }}` in it. `{%` and `{#` are plain text there. */
export interface CompiledSite extends CompiledExpression {
  /** The text is one `{{ expression }}` and nothing else: the value keeps its type. Else the result is text. */
  readonly typed: boolean;
  /** There is no `{{` in the text: it is its own value. */
  readonly constant: boolean;
}

/** How many compiled expressions and sites are kept, and the length of their texts together. */
const cachedTexts = 4096;
const cachedLength = 256 * 1024;

const nothing = { assigned: new Set<string>(), inLoop: false };

/** Creates the compiler of expressions and sites, with its cache. */
export function createSiteCompiler(
  budgets: TemplateBudgets,
  clock: Clock,
): { expression(text: string): CompiledExpression; site(text: string): CompiledSite } {
  const expressions = new TextCache<CompiledExpression>(cachedTexts, cachedLength);
  const sites = new TextCache<CompiledSite>(cachedTexts, cachedLength);
  return {
    expression: (text) => expressions.get(text, () => expressionOf(text, budgets, clock)),
    site: (text) => sites.get(text, () => siteOf(text, budgets, clock)),
  };
}

function expressionOf(text: string, budgets: TemplateBudgets, clock: Clock): CompiledExpression {
  const { tokens, failed } = lexExpression(text, 0, undefined);
  if (failed !== undefined) throw invalid(text, [failed.problem]);
  const node = parsed(text, () => {
    const cursor = new Cursor(tokens, text.length);
    const expression = new ExpressionParser(cursor, budgets.depth).parseTuple();
    cursor.expectEnd();
    return expression;
  });
  const problems = checkExpression(node, nothing);
  if (problems.length > 0) throw invalid(text, problems);
  return {
    references: expressionReferences(node, nothing),
    evaluate: evaluator(text, node, compiled(node, text), budgets, clock),
  };
}

function siteOf(text: string, budgets: TemplateBudgets, clock: Clock): CompiledSite {
  if (!text.includes('{{')) return { references: [], typed: false, constant: true, evaluate: () => text };
  const { body, problems } = parseTemplate(text, 'site', budgets.depth);
  const found = [...problems, ...checkTemplate(body)];
  if (found.length > 0) throw invalid(text, found);
  const [only] = body;
  const typed = body.length === 1 && only?.kind === 'output' && only.start === 0 && only.end === text.length;
  const evaluate = typed
    ? evaluator(text, only.expression, compiled(only.expression, text), budgets, clock)
    : evaluator(text, { start: 0, end: text.length, size: body.length }, joined(body, text), budgets, clock);
  return { references: templateReferences(body), typed, constant: false, evaluate };
}

function compiled(node: Expression, text: string): EvaluateValue {
  return compileValue(node, { text, scope: Scope.outermost() });
}

/** The text of a site with more than one expression. */
function joined(body: readonly Statement[], text: string): EvaluateValue {
  const parts = body.map((statement): EvaluateValue => {
    if (statement.kind === 'text') return () => statement.text;
    return statement.kind === 'output' ? compiled(statement.expression, text) : () => '';
  });
  return (machine) => {
    let whole = '';
    for (const part of parts) whole = machine.budget.text(whole + textOf(part(machine), machine.budget));
    return whole;
  };
}

function evaluator(
  text: string,
  place: Span & { readonly size: number },
  evaluate: EvaluateValue,
  budgets: TemplateBudgets,
  clock: Clock,
): (scope: ValueRecord) => Value {
  return (scope) => {
    const budget = new Budget(budgets, clock);
    const machine = new Machine(
      budget,
      createToolbox(budget, () => clock.now()),
      scope,
    );
    try {
      budget.charge(place.size);
      return evaluate(machine);
    } catch (error) {
      if (error instanceof EvaluationFault) throw evaluationFailure(sourceOf(text), error, place);
      if (error instanceof RangeError)
        throw evaluationFailure(sourceOf(text), budget.depthFault('The expression'), place);
      throw error;
    }
  };
}

function parsed(text: string, parse: () => Expression): Expression {
  try {
    return parse();
  } catch (error) {
    throw error instanceof SyntaxFault ? invalid(text, [error.problem]) : error;
  }
}

function sourceOf(text: string): { readonly text: string; readonly name: string } {
  return { text, name: 'expression' };
}

function invalid(text: string, problems: readonly Problem[]): Error {
  return invalidFailure(sourceOf(text), problems);
}
