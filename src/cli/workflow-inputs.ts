import { dirname } from 'node:path';
import type { Command } from 'commander';
import type { Client } from '../client/open-client.js';
import { Failure } from '../kernel/failure.js';
import { parseJson } from '../kernel/value/json.js';
import { parseNuon } from '../kernel/value/nuon.js';
import { isRecord, ownKey, type Value, type ValueRecord } from '../kernel/value/value.js';
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

/**
 * The inputs as params of a request about a workflow file: those of `--inputs`, then each `--input` over them, read as the type
 * that the file declares for it. What cannot be read so stays text: the sidecar says what is wrong with it.
 */
export async function inputParams(
  client: Client,
  path: string,
  { values, texts }: GivenInputs,
): Promise<{ readonly inputs?: ValueRecord }> {
  const entries = Object.entries(texts);
  if (entries.length === 0) return Object.keys(values).length === 0 ? {} : { inputs: values };
  const types = await declaredTypes(client, path);
  const read = entries.map(([name, text]) => [name, inputValue(text, types.get(name))] as const);
  return { inputs: { ...values, ...Object.fromEntries(read) } };
}

/** The types of the inputs a workflow file declares; none of a file that cannot be read, which the request itself will tell. */
async function declaredTypes(client: Client, path: string): Promise<ReadonlyMap<string, Value>> {
  const loaded = await client.request('file/load', { path, cwd: dirname(path) }).catch((error: unknown) => {
    if (error instanceof Failure) return null;
    throw error;
  });
  const inputs = isRecord(loaded?.value) ? ownKey(loaded.value, 'inputs') : null;
  return new Map(
    Object.entries(isRecord(inputs) ? inputs : {}).map(([name, declared]) => [
      name,
      isRecord(declared) ? (ownKey(declared, 'type') ?? null) : null,
    ]),
  );
}

/** Types whose text is a value's notation; the text of all others is the value. */
const written: ReadonlySet<Value | undefined> = new Set(['int', 'float', 'bool', 'list', 'record']);

/** Reads the text of an input of a declared type: JSON first, because NUON reads most of JSON, but not all of its strings, alike. */
export function inputValue(text: string, type: Value | undefined): Value {
  if (!written.has(type)) return text;
  for (const parse of [parseJson, parseNuon]) {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  return text;
}
