import type { Explain } from '../../document/schema-findings.js';

/** Keys that the format knows and this version does not build, by where they stand. Each is refused, never ignored. */
export const LATER_KEYS: Readonly<Record<'workflow' | 'task' | 'retry' | 'input', readonly string[]>> = {
  workflow: [
    'rollback',
    'rollback_timeout',
    'on_cancel',
    'pool',
    'pools',
    'concurrency',
    'priority',
    'deadline',
    'queue_timeout',
    'rate_limit',
    'max_failures',
    'schedule',
    'schedules',
    'cache',
    'operations',
  ],
  task: [
    'rollback',
    'workflow',
    'approval',
    'pool',
    'pools',
    'concurrency',
    'priority',
    'deadline',
    'queue_timeout',
    'heartbeat',
    'rate_limit',
    'max_failures',
    'cache',
    'on_replaced',
  ],
  retry: ['on', 'on_errors', 'on_exit_codes', 'reevaluate'],
  input: ['secret'],
};

/** Values that the format knows and this version does not build, by key. */
export const LATER_VALUES: Readonly<Record<string, readonly string[]>> = {
  on_failure: ['rollback'],
  overlap: ['skip', 'replace'],
  on_crash: ['ask', 'rollback'],
};

/** Tells a key or value of a later version from a misspelt one. */
export const explainLater: Explain = (path, problem, value) => {
  const key = path.at(-1);
  if (typeof key !== 'string') return undefined;
  if (problem === 'unknown-key') {
    const place = level(path);
    if (place === undefined || !LATER_KEYS[place].includes(key)) return undefined;
    return {
      code: 'later-version',
      message: `"${key}" is part of the format but not of this version`,
      expected: `no ${key} key`,
      got: key,
      advice: 'Remove it, or use a later version.',
    };
  }
  const later = Object.hasOwn(LATER_VALUES, key) ? (LATER_VALUES[key] ?? []) : [];
  if (typeof value !== 'string' || !later.includes(value)) return undefined;
  return {
    code: 'later-version',
    message: `${key} = "${value}" is part of the format but not of this version`,
    expected: `another value of ${key}`,
    got: JSON.stringify(value),
    advice: `Remove ${key} or give it another value, or use a later version.`,
  };
};

/** Where a key stands; undefined inside a task kind, where no later key is known. */
function level(path: readonly (string | number)[]): keyof typeof LATER_KEYS | undefined {
  const [root, , third] = path;
  if (path.length === 1) return 'workflow';
  if (root === 'inputs') return path.length === 3 ? 'input' : undefined;
  if (root !== 'task') return undefined;
  if (path.length === 3) return 'task';
  return path.length === 4 && third === 'retry' ? 'retry' : undefined;
}
