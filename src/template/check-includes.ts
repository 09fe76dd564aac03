import type { Diagnostic } from '../../protocol/diagnostic.js';
import { Failure } from '../kernel/failure.js';
import { findTemplate, type ReadTemplate } from './include.js';
import { toDiagnostic } from './problem.js';
import { parseWholeTemplate } from './program.js';
import type { TemplateSource } from './source.js';
import type { Expression, Statement } from './syntax.js';
import { includesOf } from './walk.js';

interface CheckOptions {
  readonly roots: readonly string[];
  readonly readTemplate: ReadTemplate;
  readonly maxDepth: number;
}

/** Checks the templates that a template includes by a literal name, and theirs; each file once. */
export async function checkIncludes(
  source: TemplateSource,
  body: readonly Statement[],
  options: CheckOptions,
): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  const seen = new Set([source.path]);
  const waiting = [{ source, body }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const include of includesOf(next.body)) {
      const names = literalNames(include.names);
      if (names === undefined) continue;
      const outcome = await lookFor(names, include, next.source, options);
      if ('problem' in outcome) found.push(outcome.problem);
      if (!('source' in outcome) || seen.has(outcome.source.path)) continue;
      seen.add(outcome.source.path);
      const parsed = parseWholeTemplate(outcome.source, options.maxDepth);
      found.push(...parsed.diagnostics);
      waiting.push({ source: outcome.source, body: parsed.body });
    }
  }
  return found;
}

async function lookFor(
  names: readonly string[],
  include: Extract<Statement, { kind: 'include' }>,
  source: TemplateSource,
  { roots, readTemplate }: CheckOptions,
): Promise<{ readonly source: TemplateSource } | { readonly problem: Diagnostic } | Record<never, never>> {
  const { start, end } = include.names;
  try {
    const template = await findTemplate(names, source, roots, readTemplate);
    if (template.source !== undefined) return { source: template.source };
    if (include.ignoreMissing) return {};
    return {
      problem: toDiagnostic(source, {
        code: 'template-not-found',
        ...notFound(names, template),
        start,
        end,
      }),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const code = error.error.replaceAll('_', '-');
    return { problem: toDiagnostic(source, { code, message: error.message, start, end }) };
  }
}

/** What a message says about an include that leads nowhere. */
export function notFound(
  names: readonly string[],
  { tried, reasons }: { readonly tried: readonly string[]; readonly reasons: readonly string[] },
): { message: string; expected: string; got: string } {
  return {
    message: `No template ${names.map((name) => `"${name}"`).join(' or ')}.`,
    expected:
      tried.length === 0 ? 'a template folder to look in; there is none' : `a file at ${tried.join(' or ')}`,
    got: reasons.length === 0 ? 'none' : reasons.join('; '),
  };
}

function literalNames(node: Expression): readonly string[] | undefined {
  if (node.kind === 'literal') return typeof node.value === 'string' ? [node.value] : undefined;
  if (node.kind !== 'list') return undefined;
  const names = node.items.map((item) => literalNames(item));
  return names.every((name) => name !== undefined) ? names.flat() : undefined;
}
