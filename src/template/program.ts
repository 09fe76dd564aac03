import type { Diagnostic } from '../../protocol/diagnostic.js';
import { checkTemplate } from './check.js';
import { compileTemplate } from './compile-template.js';
import type { Program } from './machine.js';
import { parseTemplate } from './parse-template.js';
import { invalidFailure, type Problem, toDiagnostics } from './problem.js';
import type { TemplateSource } from './source.js';
import type { Statement } from './syntax.js';

/** A parsed template with every finding about itself (not about what it includes). */
export interface WholeTemplate {
  readonly body: readonly Statement[];
  readonly diagnostics: readonly Diagnostic[];
}

export function parseWholeTemplate(source: TemplateSource, maxDepth: number): WholeTemplate {
  const { body, problems } = read(source, maxDepth);
  return { body, diagnostics: toDiagnostics(source, problems) };
}

/** Parses, checks and compiles a template. Throws Failure `template_invalid` with every finding. */
export function programOf(source: TemplateSource, maxDepth: number): Program {
  const { body, problems } = read(source, maxDepth);
  if (problems.length > 0) throw invalidFailure(source, problems);
  return compileTemplate(body, source.text);
}

function read(
  source: TemplateSource,
  maxDepth: number,
): { body: readonly Statement[]; problems: readonly Problem[] } {
  const { body, problems } = parseTemplate(source.text, 'template', maxDepth);
  return { body, problems: [...problems, ...checkTemplate(body)] };
}
