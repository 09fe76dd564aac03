import type { Command } from 'commander';
import type { ValueRecord } from '../kernel/value/value.js';
import { argumentRecord, keyValues } from './argument-value.js';
import type { CliHost } from './host.js';

/** The options of commands that take the inputs of a workflow. */
export interface InputOptions {
  readonly input?: readonly string[];
  readonly inputs?: string;
}

export function addInputOptions(command: Command): Command {
  return command
    .option(
      '-i, --input <key=value>',
      'one input as text, read as its declared type; may be repeated',
      repeated,
    )
    .option('--inputs <json>', 'inputs as a JSON object, @FILE with one, or - for stdin');
}

/** Collects a repeatable option into a list. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** The inputs as params of a request: those of `--inputs`, then each `--input` over them; nothing when none were given. */
export async function inputParams(
  host: CliHost,
  options: InputOptions,
): Promise<{ readonly inputs?: ValueRecord }> {
  if (options.inputs === undefined && options.input === undefined) return {};
  const given = options.inputs === undefined ? {} : await argumentRecord(host, '--inputs', options.inputs);
  return { inputs: { ...given, ...keyValues('--input', options.input ?? []) } };
}
