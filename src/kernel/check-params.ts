import type { z } from 'zod';
import type { RequestDefinition } from '../../protocol/define-method.js';
import { Failure } from './failure.js';
import { suggest } from './suggest.js';
import { Float, isRecord, typeName, type Value, type ValueRecord } from './value/value.js';

type Issue = z.core.$ZodIssue;

/** One thing that is wrong with the params of a request. */
interface ParamIssue {
  /** Such as `items.limit` or `args[2]`; empty for the params themselves. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/**
 * Checks the params of a request against its schema and its exclusive fields, and gives them as they came: no field is
 * dropped, copied or defaulted, so every value keeps its type and its keys. Only a whole float where the schema wants a
 * plain number (`limit: 10.0`, which Nushell's arithmetic easily makes) is given as that number.
 * Throws Failure `invalid_params` with all `issues`.
 */
export function checkParams(definition: RequestDefinition, params: Value | undefined): ValueRecord {
  const given = params ?? {};
  if (!isRecord(given)) {
    throw invalid(definition.name, [
      { path: '', expected: 'params by name: an object', got: describe(given) },
    ]);
  }
  let record: ValueRecord = given;
  let parsed = definition.params.safeParse(record);
  if (!parsed.success) {
    const unboxed = unboxFloats(record, parsed.error.issues);
    if (unboxed !== record) {
      record = unboxed;
      parsed = definition.params.safeParse(record);
    }
  }
  const issues = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => paramIssue(issue, record, definition))),
    ...exclusiveIssues(definition, record),
  ];
  if (issues.length > 0) throw invalid(definition.name, issues);
  return record;
}

function exclusiveIssues(definition: RequestDefinition, params: ValueRecord): readonly ParamIssue[] {
  return definition.oneOf.flatMap(({ fields, required }) => {
    const present = fields.filter((field) => Object.hasOwn(params, field));
    if (present.length === 1 || (present.length === 0 && !required)) return [];
    return [
      {
        path: '',
        expected: `${required ? 'exactly' : 'at most'} one of ${fields.join(', ')}`,
        got: present.length === 0 ? 'none of them' : present.join(' and '),
      },
    ];
  });
}

function invalid(method: string, issues: readonly ParamIssue[]): Failure {
  const first = issues[0];
  const sentences = issues.map(
    ({ path, expected, got }) => `${path === '' ? '' : `${path}: `}expected ${expected}, got ${got}`,
  );
  return new Failure('invalid_params', `The params of ${method} do not fit: ${sentences.join('; ')}.`, {
    ...(first && { expected: first.expected, got: first.got }),
    advice: `Compare the params with the schema of ${method} in docs/methods.md.`,
    issues,
  });
}

function paramIssue(issue: Issue, params: ValueRecord, definition: RequestDefinition): ParamIssue {
  const path = pathText(issue.path);
  const value = valueAt(params, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? Object.keys(definition.params.shape) : [];
    const hints = issue.keys.flatMap((key) => {
      const hint = suggest(key, known);
      return hint === undefined ? [] : [`did you mean ${hint}?`];
    });
    return {
      path,
      expected: known.length > 0 ? `only ${known.join(', ')}` : 'no other keys',
      got: [issue.keys.join(', '), ...hints].join('; '),
    };
  }
  return { path, expected: expectation(issue), got: value === undefined ? 'nothing' : describe(value) };
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords.get(issue.expected) ?? issue.expected;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'too_small':
      return `${quantity(issue.origin)} of at least ${issue.minimum}`;
    case 'too_big':
      return `${quantity(issue.origin)} of at most ${issue.maximum}`;
    case 'invalid_union':
      return [...new Set(issue.errors.flat().map(expectation))].join(' or ');
    case 'invalid_format':
      return `text of the form ${issue.format}`;
    default:
      return issue.message;
  }
}

function quantity(origin: string): string {
  if (origin === 'string') return 'a length';
  return origin === 'array' ? 'a count' : 'a number';
}

const typeWords = new Map([
  ['string', 'a string'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a record'],
  ['record', 'a record'],
  ['null', 'null'],
]);

/** At most this much of a wrong value is told: it is for a person to recognise it. */
const shownCharacters = 60;

function describe(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') {
    return `${typeName(value)} ${value}`;
  }
  if (typeof value !== 'string') return typeName(value);
  return `string ${JSON.stringify(value.length > shownCharacters ? `${value.slice(0, shownCharacters)}…` : value)}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}

function valueAt(params: Value, path: readonly PropertyKey[]): Value | undefined {
  let value: Value | undefined = params;
  for (const part of path) {
    if (Array.isArray(value) && typeof part === 'number') value = value[part];
    else if (value !== undefined && isRecord(value) && Object.hasOwn(value, part))
      value = value[String(part)];
    else return undefined;
  }
  return value;
}

/** A copy of the params in which the whole floats that the schema refused are plain numbers; the same object when there is none. */
function unboxFloats(params: ValueRecord, issues: readonly Issue[]): ValueRecord {
  let result = params;
  for (const { code, path } of issues) {
    if (code !== 'invalid_type' || path.length === 0) continue;
    const value = valueAt(result, path);
    if (!(value instanceof Float) || !Number.isSafeInteger(value.value)) continue;
    const replaced = replaceAt(result, path, value.value);
    if (isRecord(replaced)) result = replaced;
  }
  return result;
}

function replaceAt(value: Value, path: readonly PropertyKey[], replacement: number): Value {
  const [head, ...rest] = path;
  if (head === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((element, index) => (index === head ? replaceAt(element, rest, replacement) : element));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [
      key,
      key === head ? replaceAt(element, rest, replacement) : element,
    ]),
  );
}
