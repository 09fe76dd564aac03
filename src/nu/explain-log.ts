import type { Value } from '../kernel/value/value.js';
import { cutJobExitCode } from './job.js';
import { parseRenderedErrors, userPlace } from './rendered-error.js';
import type { NuError } from './result.js';

/**
 * Explains, from what nu printed, why it left no result: the last error it showed. An error of its parser means
 * that nothing has run and that the same text can only fail again (a module that changed after it was checked).
 * Null when no error was shown, as when the code called `exit`.
 */
export function explainLog(log: string): { readonly error: NuError; readonly retryable: boolean } | null {
  const error = parseRenderedErrors(log).at(-1);
  if (error === undefined) return null;
  const data: Record<string, Value> = { code: error.code };
  if (error.label !== undefined) data['label'] = error.label;
  if (error.help !== undefined) data['help'] = error.help;
  Object.assign(data, userPlace(error.place));
  const message =
    error.label === undefined ? error.message : `${error.message.replace(/\.$/, '')}: ${error.label}`;
  return { error: { name: 'nu_error', message, data }, retryable: !error.code.startsWith('nu::parser::') };
}

/** Why a nu that left no result may have ended, in words. */
export function explainExit(exitCode: number | null, signal: string | null): string {
  if (signal !== null) return `Nushell was ended by ${signal} before it gave a result.`;
  if (exitCode === cutJobExitCode) return 'Nushell got no complete job and ran nothing.';
  return `Nushell ended with exit code ${exitCode} before it gave a result: "exit" in the code does that.`;
}
