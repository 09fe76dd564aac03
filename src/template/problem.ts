import type { Diagnostic } from '../../protocol/diagnostic.js';
import { excerpt, positionAt } from '../kernel/excerpt.js';
import { Failure } from '../kernel/failure.js';
import type { TemplateSource } from './source.js';
import type { Span } from './syntax.js';

/** What a message about a template may say beside its sentence. */
export interface ProblemDetail {
  readonly expected?: string;
  readonly got?: string;
  /** What to do next, one sentence. */
  readonly advice?: string;
}

/** A finding of the lexer, the parser or the checker. */
export interface Problem extends ProblemDetail, Span {
  /** A stable kebab-case name of the rule. */
  readonly code: string;
  readonly message: string;
}

/** Stops the parsing of one tag; the parser records it and goes on behind the tag. */
export class SyntaxFault extends Error {
  readonly problem: Problem;
  constructor(code: string, message: string, span: Span, detail: ProblemDetail = {}) {
    super(message);
    this.problem = { code, message, start: span.start, end: span.end, ...detail };
  }
}

/** Stops an evaluation. Operations throw it without a place; the compiled node around them adds its span. */
export class EvaluationFault extends Error {
  readonly reason: 'template_failed' | 'template_budget';
  readonly detail: ProblemDetail;
  span: Span | undefined;
  constructor(
    message: string,
    detail: ProblemDetail = {},
    reason: 'template_failed' | 'template_budget' = 'template_failed',
    span?: Span,
  ) {
    super(message);
    this.reason = reason;
    this.detail = detail;
    this.span = span;
  }
}

/** Gives a fault the place of the innermost node that saw it; other errors pass unchanged. */
export function placed(error: unknown, span: Span): unknown {
  if (error instanceof EvaluationFault) error.span ??= span;
  return error;
}

/** More findings than this help nobody, and placing each of them takes time. */
const mostFindings = 50;

/** The findings as the wire shows them, in the order of the text; only the first fifty. */
export function toDiagnostics(source: TemplateSource, problems: readonly Problem[]): readonly Diagnostic[] {
  const sorted = [...problems].sort((a, b) => a.start - b.start);
  return sorted.slice(0, mostFindings).map((problem) => toDiagnostic(source, problem));
}

/** A problem as the wire shows it, with its line, column and excerpt. */
export function toDiagnostic(source: TemplateSource, problem: Problem): Diagnostic {
  const { line, column } = positionAt(source.text, problem.start);
  const firstLine = source.text.slice(problem.start, problem.end).split('\n', 1)[0] ?? '';
  const length = Math.max(1, Array.from(firstLine).length);
  return {
    severity: 'error',
    code: problem.code,
    message: problem.message,
    ...(source.path === undefined ? {} : { path: source.path }),
    line,
    column,
    length,
    excerpt: excerpt(source.text, line, column, length),
    ...(problem.expected === undefined ? {} : { expected: problem.expected }),
    ...(problem.got === undefined ? {} : { got: problem.got }),
    ...(problem.advice === undefined ? {} : { advice: problem.advice }),
  };
}

/** The failure of a text that does not compile: every finding is in its diagnostics. */
export function invalidFailure(source: TemplateSource, problems: readonly Problem[]): Failure {
  const diagnostics = toDiagnostics(source, problems);
  const first = diagnostics[0];
  const place = `${source.name}:${first?.line ?? 1}:${first?.column ?? 1}`;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new Failure('template_invalid', `${place}: ${first?.message ?? 'invalid template'}${more}`, {
    ...detailOf(first ?? {}),
    diagnostics,
  });
}

/** The failure of an evaluation, with the place of the node that failed. */
export function evaluationFailure(source: TemplateSource, fault: EvaluationFault, fallback: Span): Failure {
  const span = fault.span ?? fallback;
  const code = fault.reason === 'template_budget' ? 'budget' : 'evaluation';
  const problem = { code, message: fault.message, start: span.start, end: span.end, ...fault.detail };
  const diagnostic = toDiagnostic(source, problem);
  return new Failure(
    fault.reason,
    `${source.name}:${diagnostic.line}:${diagnostic.column}: ${fault.message}`,
    { ...fault.detail, diagnostics: [diagnostic] },
    { cause: fault },
  );
}

function detailOf(detail: {
  readonly expected?: string | undefined;
  readonly got?: string | undefined;
  readonly advice?: string | undefined;
}): ProblemDetail {
  return {
    ...(detail.expected === undefined ? {} : { expected: detail.expected }),
    ...(detail.got === undefined ? {} : { got: detail.got }),
    ...(detail.advice === undefined ? {} : { advice: detail.advice }),
  };
}
