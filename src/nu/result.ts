import { Failure } from '../kernel/failure.js';
import { defaultJsonDepth, parseJson, stringifyJson } from '../kernel/value/json.js';
import { parseNuon } from '../kernel/value/nuon.js';
import { isRecord, ownKey, type Value, type ValueRecord } from '../kernel/value/value.js';
import { parseVersion } from './find-nu.js';
import { parseRenderedErrors, userPlace } from './rendered-error.js';

/** How a program writes its result. */
export type ResultFormat = 'json' | 'nuon';

/** What went wrong in Nushell, as a task and a client see it. */
export interface NuError {
  readonly name: 'nu_error';
  readonly message: string;
  /** `code`, `label`, `help`, `file`, `line`, `column`, `length`, `exitCode`: those that Nushell gave. */
  readonly data: ValueRecord;
}

export type NuResult =
  | { readonly complete: false }
  | { readonly complete: true; readonly outcome: { readonly ok: Value } | { readonly error: NuError } };

/**
 * Before 0.115 (0.108 was measured) `to json` writes null for a range, a list for a cell path and another form
 * than RFC 3339 for a date, so these versions write NUON, from which the same JSON forms are made here.
 */
export function resultFormatOf(version: string): ResultFormat {
  const { major, minor } = parseVersion(version);
  return major > 0 || minor >= 115 ? 'json' : 'nuon';
}

/** The last line of a complete result. */
export const resultEnd = (format: ResultFormat): string => `sidecar-result-end ${format}`;

/**
 * Reads a result file. One without its end mark, or whose text does not parse (zeros after a loss of power), is
 * not complete. Typed values come as their JSON forms, as `to json -r` of a current Nushell writes them; with
 * `typed`, a result in NUON keeps them.
 */
export function readResult(text: string, options: { readonly typed?: boolean } = {}): NuResult {
  const format = (['json', 'nuon'] as const).find((candidate) =>
    text.endsWith(`\n${resultEnd(candidate)}\n`),
  );
  if (format === undefined) return { complete: false };
  const body = text.slice(0, -resultEnd(format).length - 2);
  let answer: Value;
  try {
    const value = format === 'json' ? parseJson(body, deepest) : parseNuon(body);
    answer = format === 'json' || options.typed ? value : parseJson(stringifyJson(value), deepest);
  } catch (error) {
    return error instanceof Failure && error.error === 'limit_exceeded'
      ? { complete: true, outcome: { error: tooDeep } }
      : { complete: false };
  }
  if (!isRecord(answer)) return { complete: false };
  const ok = ownKey(answer, 'ok');
  if (ok !== undefined) return { complete: true, outcome: { ok } };
  const error = ownKey(answer, 'error');
  return isRecord(error) ? { complete: true, outcome: { error: nuErrorOf(error) } } : { complete: false };
}

/** The record that holds the result is a level of its own. */
const deepest = defaultJsonDepth + 1;

const tooDeep: NuError = {
  name: 'nu_error',
  message: `The result is nested more than ${defaultJsonDepth} deep.`,
  data: { help: 'Return a flatter value.' },
};

/**
 * Nushell wraps an error inside of `each` and the like in one that says only this; the wrapped one is what a
 * person wants.
 */
const wrapper = 'nu::shell::eval_block_with_input';

function nuErrorOf(told: ValueRecord): NuError {
  let details = record(ownKey(told, 'details'));
  let depth = 0;
  while (text(ownKey(details, 'code')) === wrapper) {
    const inner = list(ownKey(details, 'inner'))[0];
    if (!isRecord(inner)) break;
    details = inner;
    depth++;
  }
  const code = text(ownKey(details, 'code'));
  const label = text(ownKey(record(list(ownKey(details, 'labels'))[0]), 'text'));
  const place = userPlace(parseRenderedErrors(text(ownKey(told, 'rendered')) ?? '')[depth]?.place);
  const message = text(ownKey(details, 'msg')) ?? text(ownKey(told, 'msg')) ?? 'Nushell gave no message.';
  return {
    name: 'nu_error',
    // Nushell's own errors keep the point in the label ("External command failed": "Command `x` not found").
    message:
      code?.startsWith('nu::') && label !== undefined ? `${message.replace(/\.$/, '')}: ${label}` : message,
    data: present({
      code,
      label,
      help: text(ownKey(details, 'help')),
      file: place?.file,
      line: place?.line,
      column: place?.column,
      length: place?.length,
      exitCode: ownKey(told, 'exit_code') ?? undefined,
    }),
  };
}

function present(fields: Readonly<Record<string, Value | undefined>>): ValueRecord {
  const kept: Record<string, Value> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept;
}

const record = (value: Value | undefined): ValueRecord => (isRecord(value) ? value : {});
const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);
const text = (value: Value | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
