import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { errorMessage } from '../kernel/error-message.js';
import { Failure } from '../kernel/failure.js';
import { parseJson } from '../kernel/value/json.js';
import { isRecord, typeName, type Value, type ValueRecord } from '../kernel/value/value.js';
import type { CliHost } from './host.js';

/** Reads the value of an argument: JSON text, `@FILE` with JSON in it, or `-` for JSON on stdin. Throws Failure `invalid_params` or `unreadable`. */
async function argumentValue(host: CliHost, name: string, argument: string): Promise<Value> {
  const text = await argumentText(host, argument);
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure('invalid_params', `${name} is no valid JSON: ${error.message}`, {
      expected: 'a JSON text, @FILE or - (stdin)',
      got: text.length > 60 ? `${text.slice(0, 60)}…` : text,
      advice: `Quote it for the shell, as in ${name} '{"name": "web-1"}'.`,
    });
  }
}

/** As {@link argumentValue}, and the value is a record. */
export async function argumentRecord(host: CliHost, name: string, argument: string): Promise<ValueRecord> {
  const value = await argumentValue(host, name, argument);
  if (isRecord(value)) return value;
  throw new Failure('invalid_params', `${name} expects a JSON object, got ${typeName(value)}.`, {
    expected: 'a JSON object',
    got: typeName(value),
    advice: `Write it as ${name} '{"key": "value"}'.`,
  });
}

async function argumentText(host: CliHost, argument: string): Promise<string> {
  if (argument === '-' || argument === '@-') return readAll(host.stdin);
  if (!argument.startsWith('@')) return argument;
  const path = resolve(host.cwd, argument.slice(1));
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Failure('unreadable', `Cannot read ${path}: ${errorMessage(error)}`, {
      expected: 'a file that may be read',
      advice: 'Correct the path after @.',
    });
  });
}

/** Reads repeated `key=value` arguments, the last one of equal keys counts. Throws Failure `invalid_params`. */
export function keyValues(name: string, words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
      throw new Failure('invalid_params', `${name} expects key=value, got "${word}".`, {
        expected: 'key=value',
        got: word,
        advice: `Write it as ${name} key=value.`,
      });
    }),
  );
}
