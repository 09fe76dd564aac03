import type { Command } from 'commander';
import type { ValueRecord } from '../kernel/value/value.js';
import { argumentRecord, keyValues } from './argument-value.js';
import type { CliHost } from './host.js';

/** The options of commands that take the inputs of a workflow. */
export interface InputOptions {
  readonly input?: readonly string[];
  readonly inputs?: string;
}

/** The inputs as they were given: values from `--inputs`, texts from each `--input`. */
export interface GivenInputs {
  readonly values: ValueRecord;
  readonly texts: Readonly<Record<string, string>>;
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

export async function givenInputs(host: CliHost, options: InputOptions): Promise<GivenInputs> {
  const values = options.inputs === undefined ? {} : await argumentRecord(host, '--inputs', options.inputs);
  return { values, texts: keyValues('--input', options.input ?? []) };
}

/** The inputs as params of a request about a workflow file, which reads each text as its declared type. */
export function inputParams({ values, texts }: GivenInputs): {
  readonly inputs?: ValueRecord;
  readonly inputsText?: Readonly<Record<string, string>>;
} {
  return {
    ...(Object.keys(values).length === 0 ? {} : { inputs: values }),
    ...(Object.keys(texts).length === 0 ? {} : { inputsText: texts }),
  };
}
