import type { DocumentPath } from '../../document/document.js';
import { isRecord } from '../../kernel/value/value.js';
import type { TaskFile } from './workflow-file-schema.js';

/** A string of a task that may hold `{{ expressions }}`. */
export interface ExpressionSite {
  /** Its place inside the task: `['nu', 'args', 0]`. */
  readonly path: DocumentPath;
  readonly text: string;
}

/** The keys whose strings are expression sites. `code` is none: it is Nushell, and never interpolated. */
const SITE_KEYS = [
  'when',
  'for_each',
  'nu',
  'script',
  'exec',
  'template',
  'call',
  'input',
  'cwd',
  'env',
] as const;

/** Every expression site of a task, in the order of {@link SITE_KEYS}. */
export function expressionSites(task: TaskFile): readonly ExpressionSite[] {
  const sites: ExpressionSite[] = [];
  for (const key of SITE_KEYS) collectSites(task[key], [key], sites);
  return sites;
}

/** Whether a value holds an expression anywhere, so that it is known only when the task runs. */
export function isDynamic(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{');
  if (Array.isArray(value)) return value.some(isDynamic);
  return isRecord(value) && Object.values(value).some(isDynamic);
}

function collectSites(value: unknown, path: DocumentPath, sites: ExpressionSite[]): void {
  if (typeof value === 'string') {
    sites.push({ path, text: value });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collectSites(item, [...path, index], sites);
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) collectSites(item, [...path, key], sites);
  }
}
