import type { Task } from '../client/requests.js';
import { displayText } from '../kernel/value/display.js';
import { ownKey, type Value } from '../kernel/value/value.js';
import { spacedWords } from './spaced-words.js';

type ErrorData = NonNullable<Task['error']>['data'];

/** What the data of a task's error may hold that a person wants to see, in this order. */
const shown = [
  'label',
  'expected',
  'got',
  'help',
  'advice',
  'exitCode',
  'signal',
  'leftovers',
  'pids',
] as const;

/** The facts of an error that help to correct it, as pairs of a name and a text; the place and the log's end where they are known. */
export function errorFacts(data: ErrorData): readonly (readonly [string, string])[] {
  if (data === undefined) return [];
  const place = placeOf(data);
  const facts = shown.flatMap((name) => {
    const value = ownKey(data, name);
    return value === undefined || value === null ? [] : [[spacedWords(name), displayText(value)] as const];
  });
  return [...(place === null ? [] : [['at', place] as const]), ...facts, ...logOf(data)];
}

function placeOf(data: NonNullable<ErrorData>): string | null {
  const file = ownKey(data, 'file') ?? ownKey(data, 'path');
  const line = ownKey(data, 'line');
  if (typeof file !== 'string') return null;
  return [file, line, ownKey(data, 'column')].filter((part) => part !== undefined && part !== null).join(':');
}

function logOf(data: NonNullable<ErrorData>): readonly (readonly [string, string])[] {
  const log = ownKey(data, 'stderr') ?? ownKey(data, 'log');
  const lines = Array.isArray(log)
    ? log.map((line: Value) => displayText(line))
    : typeof log === 'string'
      ? [log]
      : [];
  return lines.length === 0 ? [] : [['log', lines.join('\n    ')]];
}
