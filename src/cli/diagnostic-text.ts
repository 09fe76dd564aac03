import type { Diagnostic } from '../../protocol/diagnostic.js';
import type { Palette } from './palette.js';
import { harmless } from './terminal-text.js';

/**
 * How a finding looks on a terminal:
 * ```
 * /srv/infra/workflows/deploy.toml:12:9: error: unknown key "neds" [unknown-key]
 *     neds = ["network"]
 *     ^^^^
 *   expected: one of needs, when, …
 *   help: did you mean "needs"?
 * ```
 */
export function diagnosticText(diagnostic: Diagnostic, colors: Palette): string {
  const { severity, message, code, excerpt, expected, got, advice } = diagnostic;
  const color = severity === 'error' ? colors.red : colors.yellow;
  const place = placeText(diagnostic);
  const lines = [
    `${place === '' ? '' : `${colors.bold(harmless(place))}: `}${color(severity)}: ${harmless(message)} ${colors.dim(`[${code}]`)}`,
  ];
  if (excerpt !== undefined) {
    const [line = '', carets = ''] = excerpt.split('\n');
    lines.push(`    ${harmless(line)}`, `    ${color(carets)}`);
  }
  const facts = [
    ['expected', expected],
    ['got', got],
    ['help', advice],
  ] as const;
  for (const [name, text] of facts) {
    if (text !== undefined) lines.push(`  ${colors.cyan(`${name}:`)} ${harmless(text)}`);
  }
  return lines.join('\n');
}

/** `file:line:column`, as editors and terminals make it a link; the key where there is no position. */
function placeText({ path, line, column, key }: Diagnostic): string {
  if (line === undefined) return [path, key].filter((part) => part !== undefined).join(': ');
  return `${path === undefined ? '' : `${path}:`}${line}:${column ?? 1}`;
}
