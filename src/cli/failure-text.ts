import { type ErrorName, errors } from '../../protocol/errors.js';
import { errorMessage } from '../kernel/error-message.js';
import { Failure } from '../kernel/failure.js';
import { peerErrorOf } from '../kernel/peer-error.js';
import type { Value } from '../kernel/value/value.js';
import { diagnosticText } from './diagnostic-text.js';
import type { Palette } from './palette.js';
import { harmless } from './terminal-text.js';

/** How a failure looks on stderr: the sentence, what was expected and what came, every finding, and what to do next. */
export function failureText(error: unknown, colors: Palette): string {
  if (!(error instanceof Failure)) return plainErrorText(error, colors);
  const { expected, got, advice, diagnostics = [] } = error.data;
  const lines = [`${colors.red(colors.bold('error:'))} ${harmless(error.message)}`];
  for (const diagnostic of diagnostics) lines.push('', diagnosticText(diagnostic, colors));
  if (diagnostics.length > 0) lines.push('');
  const facts: readonly (readonly [string, string | undefined])[] =
    diagnostics.length > 0
      ? [['help', advice]]
      : [
          ['expected', expected],
          ['got', got],
          ['help', advice ?? errors[error.error].advice],
        ];
  for (const [name, text] of facts) {
    if (text !== undefined) lines.push(`  ${colors.cyan(`${name}:`)} ${indentedText(text)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** An error that is no Failure is a fault of this program: its stack helps who reports it. */
function plainErrorText(error: unknown, colors: Palette): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${colors.red(colors.bold('error:'))} This is a fault of nu-sidecar: ${harmless(text)}\n`;
}

const indentedText = (text: string): string => harmless(text).trimEnd().replaceAll('\n', '\n    ');

/** The failure as the value that `--json` prints under `error`. */
export function failureValue(error: unknown): Value {
  if (!(error instanceof Failure)) {
    return { name: 'internal_error', message: errorMessage(error) };
  }
  const { code, message, data } = peerErrorOf(error);
  return { code, message, ...data };
}

const invocationFaults: ReadonlySet<ErrorName> = new Set([
  'invalid_params',
  'parse_error',
  'config_invalid',
  'workflow_invalid',
  'invalid_document',
  'unreadable',
  'outside_roots',
  'unsupported_format',
]);
const daemonFaults: ReadonlySet<ErrorName> = new Set([
  'nu_missing',
  'storage_failed',
  'state_damaged',
  'build_mismatch',
  'shutting_down',
]);

/** Whether a failure means that the invocation or a named file is invalid. */
export function isInvocationFault(error: unknown): boolean {
  return error instanceof Failure && invocationFaults.has(error.error);
}

/** Whether a failure means that no daemon could do anything about the request. */
export function isDaemonFault(error: unknown): boolean {
  return error instanceof Failure && daemonFaults.has(error.error);
}
