import type { Diagnostic } from '../../protocol/diagnostic.js';
import { printable } from './excerpt.js';

/**
 * A diagnostic as text for people, some lines without a line break at the end:
 *
 *     /p/flow.toml:3:1: Unknown key max_paralel (unknown-key)
 *       3 | max_paralel = 4
 *         | ^^^^^^^^^^^
 *       expected: one of name, max_parallel
 *       advice: Did you mean max_parallel?
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { path, line, column, severity, message, code, excerpt, expected, got, advice } = diagnostic;
  const place = [path, line, column].filter((part) => part !== undefined).join(':');
  const lines = [
    `${place === '' ? '' : `${place}: `}${severity === 'warning' ? 'warning: ' : ''}${message} (${code})`,
    ...(excerpt === undefined ? [] : withGutter(excerpt, line)),
    ...(expected === undefined ? [] : [`  expected: ${expected}`]),
    ...(got === undefined ? [] : [`  got: ${got}`]),
    ...(advice === undefined ? [] : [`  advice: ${advice}`]),
  ];
  return lines
    .flatMap((each) => each.split('\n'))
    .map(printable)
    .join('\n');
}

function withGutter(excerpt: string, line: number | undefined): string[] {
  const number = line === undefined ? '' : String(line);
  const [source = '', ...carets] = excerpt.split('\n');
  return [`  ${number} | ${source}`, ...carets.map((caret) => `  ${' '.repeat(number.length)} | ${caret}`)];
}
