import type { z } from 'zod';
import type { Diagnostic } from '../../protocol/diagnostic.js';
import { suggest } from '../kernel/suggest.js';
import { typeName, type Value } from '../kernel/value/value.js';
import type { DocumentPath, Finding, SourceDocument } from './document.js';
import { schemaAt, schemaFields } from './schema-fields.js';
import { valueAt } from './value-at.js';

/**
 * Says more about a finding than the schema can, such as that a key belongs to a later version; undefined leaves the
 * schema's own words. `path` ends in the key.
 */
export type Explain = (
  path: DocumentPath,
  problem: 'unknown-key' | 'invalid-value',
  value: Value | undefined,
) => Finding | undefined;

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'a string',
  int: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a record',
  record: 'a record',
};

/**
 * Validates a document against a schema. Answers the parsed value, or every finding in the order of the text: unknown keys with the
 * nearest known one, missing keys, wrong types and values. Custom `error` texts of the schema are what was expected.
 */
export function checkDocument<S extends z.ZodType>(
  document: SourceDocument,
  schema: S,
  explain: Explain = () => undefined,
):
  | { readonly value: z.output<S>; readonly findings: readonly [] }
  | { readonly value: null; readonly findings: readonly Diagnostic[] } {
  const parsed = schema.safeParse(document.value);
  if (parsed.success) return { value: parsed.data, findings: [] };
  const findings = parsed.error.issues.flatMap((issue) =>
    issueFindings(document, schema, issue, [], explain),
  );
  findings.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { value: null, findings };
}

function issueFindings(
  document: SourceDocument,
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  base: DocumentPath,
  explain: Explain,
): readonly Diagnostic[] {
  const path: DocumentPath = [
    ...base,
    ...issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
  ];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(document, schema, [...path, key], explain));
  }
  if (issue.code === 'invalid_union') {
    const branch = likelyBranch(issue.errors);
    if (branch !== undefined)
      return branch.flatMap((inner) => issueFindings(document, schema, inner, path, explain));
  }
  if (issue.code === 'invalid_key') return [invalidName(document, path, issue)];
  const value = valueAt(document.value, path);
  if (value === undefined) return [missingKey(document, schema, path, issue)];
  const expected = expectedText(issue);
  const got = describeValue(value);
  const text = explain(path, 'invalid-value', value) ?? {
    code: 'invalid-value',
    message: `Invalid value of ${quotedKey(path)}`,
    expected,
    got,
    ...nearValue(issue, value),
  };
  return [document.diagnostic(path, { ...text, which: 'value' })];
}

/** The branch of a union whose kind the value has: the one that complains about parts of it, not about the whole. */
function likelyBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const inside = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  return inside.length === 1 ? inside[0] : undefined;
}

function unknownKey(
  document: SourceDocument,
  schema: z.ZodType,
  path: DocumentPath,
  explain: Explain,
): Diagnostic {
  const key = String(path.at(-1));
  const parent = schemaAt(schema, path.slice(0, -1));
  const known = parent === undefined ? [] : schemaFields(parent).map((field) => field.key);
  const near = suggest(key, known);
  const text = explain(path, 'unknown-key', valueAt(document.value, path)) ?? {
    code: 'unknown-key',
    message: `Unknown key ${quotedKey(path)}`,
    expected: known.length === 0 ? 'no further key' : `one of ${known.join(', ')}`,
    got: key,
    advice: near === undefined ? 'Remove it.' : `Did you mean "${near}"?`,
  };
  return document.diagnostic(path, { ...text, which: 'key' });
}

function missingKey(
  document: SourceDocument,
  schema: z.ZodType,
  path: DocumentPath,
  issue: z.core.$ZodIssue,
): Diagnostic {
  const description = schemaAt(schema, path)?.meta()?.description;
  return document.diagnostic(path, {
    code: 'missing-key',
    message: `Missing key ${quotedKey(path)}`,
    expected: expectedText(issue),
    got: 'nothing',
    advice:
      description === undefined
        ? `Add "${String(path.at(-1))}".`
        : `Add "${String(path.at(-1))}": ${description}`,
    which: 'key',
  });
}

function invalidName(
  document: SourceDocument,
  path: DocumentPath,
  issue: z.core.$ZodIssueInvalidKey,
): Diagnostic {
  const name = String(path.at(-1));
  const [inner] = issue.issues;
  return document.diagnostic(path, {
    code: 'invalid-name',
    message: `Invalid name ${quotedKey(path)}`,
    expected: inner === undefined ? 'another name' : expectedText(inner),
    got: JSON.stringify(name),
    which: 'key',
  });
}

/** For a misspelt word of a fixed set. */
function nearValue(issue: z.core.$ZodIssue, value: Value): { readonly advice?: string } {
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return {};
  const words = issue.values.filter((word) => typeof word === 'string');
  const near = suggest(value, words);
  return near === undefined ? {} : { advice: `Did you mean "${near}"?` };
}

/** What a schema expected where it found an issue, in words for a message. */
export function expectedText(issue: z.core.$ZodIssue): string {
  // A schema's own `error` text is what it expects; zod's texts all begin so.
  if (!/^(?:Invalid|Too (?:small|big)|Unrecognized)/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return ARTICLES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((one) => JSON.stringify(one)).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'something that is not empty'
        : `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** A value for a message: short scalars as they are, else the kind. */
export function describeValue(value: Value): string {
  if (typeof value === 'string') {
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 60))}…` : JSON.stringify(value);
  }
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return `${value}`;
  return `${Array.isArray(value) && value.length === 0 ? 'an empty' : 'a'} ${typeName(value)}`;
}

function quotedKey(path: DocumentPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the document';
  return typeof last === 'number'
    ? `item ${last + 1} of "${String(path.at(-2) ?? 'the list')}"`
    : `"${last}"`;
}
