import { Failure } from '../../../../src/kernel/failure.js';
import type { Site, SiteReference } from '../../../../src/workflow/definition/definition-ports.js';

/**
 * What the template engine answers, for expressions of names, strings and operators alone: enough to test what definition makes
 * of it.
 */
export function compileSite(text: string): Site {
  const references: SiteReference[] = [];
  for (const [whole, inside = '', offset = 0] of matches(text, /\{\{(.*?)\}\}/gs)) {
    if (inside.trim() === '') throw invalid('An expression is empty', offset + 1, whole.length);
    references.push(...referencesOf(inside, offset + 2));
  }
  return {
    references,
    typed: /^\{\{(?:(?!\}\}).)*\}\}$/s.test(text),
    constant: !text.includes('{{'),
  };
}

function referencesOf(code: string, base: number): readonly SiteReference[] {
  const path = /'[^']*'|[A-Za-z_]\w*(?:\.\w+|\['[^']*'\]|\["[^"]*"\])*/g;
  return [...code.matchAll(path)].flatMap((match) => {
    const [found] = match;
    if (found.startsWith("'") || ['and', 'or', 'not', 'in', 'range'].includes(found)) return [];
    const names = [...found.matchAll(/\w[\w-]*/g)].map(([name]) => name);
    return { path: names, offset: base + match.index, length: found.length };
  });
}

function* matches(text: string, pattern: RegExp): Generator<readonly [string, string | undefined, number]> {
  for (const match of text.matchAll(pattern)) yield [match[0], match[1], match.index];
}

function invalid(message: string, column: number, length: number): Failure {
  return new Failure('template_invalid', message, {
    diagnostics: [{ severity: 'error', code: 'invalid-expression', message, line: 1, column, length }],
  });
}
