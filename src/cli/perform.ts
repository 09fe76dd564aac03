import type { Command } from 'commander';
import { type ExitCode, exitCode } from '../daemon/exit-code.js';
import { stringifyJson } from '../kernel/value/json.js';
import type { Value } from '../kernel/value/value.js';
import { failureText, failureValue, isDaemonFault, isInvocationFault } from './failure-text.js';
import type { CliHost } from './host.js';
import { type Palette, paletteFor } from './palette.js';

/** Where a command writes. Each text ends with its own line end. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  /** The one JSON document of `--json`. */
  json(value: Value): void;
  /** One JSON text a line, for streams of values. */
  jsonLine(value: Value): void;
  /** Colours for stdout and for stderr. */
  readonly colors: Palette;
  readonly errorColors: Palette;
}

function outputOf(host: CliHost): Output {
  return {
    out: (text) => host.stdout.write(text),
    err: (text) => host.stderr.write(text),
    json: (value) => host.stdout.write(`${stringifyJson(value, 2)}\n`),
    jsonLine: (value) => host.stdout.write(`${stringifyJson(value)}\n`),
    colors: paletteFor(host.env, host.stdout),
    errorColors: paletteFor(host.env, host.stderr),
  };
}

/** Ends a command with an exit code: what every action does. Thrown, so that it passes through commander. */
export class CommandEnd extends Error {
  readonly exitCode: ExitCode;
  constructor(code: ExitCode) {
    super(`exit code ${code}`);
    this.exitCode = code;
  }
}

export interface PerformOptions {
  /** The exit code of a failure; by default that of {@link usualExitCode}. */
  readonly codeOf?: (error: unknown) => ExitCode;
  /** Whether the command goes on when nobody reads its stdout any more; by default it ends quietly. */
  readonly outlivesReader?: boolean;
}

/**
 * Runs the action of a command: a failure is shown (with `--json` as `{error}` on stdout), and its exit code chosen by whose
 * fault it is unless the command says otherwise. Always throws: {@link CommandEnd}.
 */
export async function perform(
  host: CliHost,
  command: Command,
  action: (output: Output) => Promise<ExitCode>,
  { codeOf = usualExitCode, outlivesReader = false }: PerformOptions = {},
): Promise<never> {
  const output = outputOf(host);
  const work = action(output).catch((error: unknown) => {
    if (command.optsWithGlobals()['json'] === true) output.json({ error: failureValue(error) });
    else output.err(failureText(error, output.errorColors));
    return codeOf(error);
  });
  throw new CommandEnd(await (outlivesReader ? work : Promise.race([work, readerGone(host)])));
}

/** Whoever closes our output (`nu-sidecar runs | head -1`) has seen enough. */
function readerGone({ stdout }: CliHost): Promise<ExitCode> {
  return new Promise((resolve) => {
    stdout.once('error', () => resolve(exitCode.ok));
  });
}

/** The exit code of a failure: 2 for what the caller can correct, 3 where no daemon could help, else 1. */
export function usualExitCode(error: unknown): ExitCode {
  if (isInvocationFault(error)) return exitCode.invalid;
  return isDaemonFault(error) ? exitCode.refused : exitCode.failed;
}
