import { dirname, isAbsolute, resolve } from 'node:path';
import { Failure } from '../kernel/failure.js';
import type { TemplateSource } from './source.js';

/** Reads a template inside the roots. Answers the real path of the file it opened; throws Failure when it may or can not. */
export type ReadTemplate = (
  path: string,
  roots: readonly string[],
) => Promise<{ readonly text: string; readonly path: string }>;

/** An included template, or where it was looked for in vain. */
export type FoundTemplate =
  | { readonly source: TemplateSource }
  | { readonly source: undefined; readonly tried: readonly string[]; readonly reasons: readonly string[] };

/**
 * Finds the first template that exists among some names, each beside the including file and then in the roots. A file that
 * is there but may not be read (outside the roots, too large) is not passed over: its Failure comes through.
 */
export async function findTemplate(
  names: readonly string[],
  from: TemplateSource,
  roots: readonly string[],
  read: ReadTemplate,
): Promise<FoundTemplate> {
  const tried: string[] = [];
  const reasons = new Set<string>();
  for (const name of names) {
    for (const path of candidates(name, from, roots)) {
      tried.push(path);
      try {
        const { text, path: opened } = await read(path, roots);
        return { source: { text, path: opened, name } };
      } catch (error) {
        if (!isAbsent(error)) throw error;
        reasons.add(error.data.got ?? error.message);
      }
    }
  }
  return { source: undefined, tried, reasons: [...reasons] };
}

function candidates(name: string, from: TemplateSource, roots: readonly string[]): readonly string[] {
  if (isAbsolute(name)) return [name];
  const folders = from.path === undefined ? roots : [dirname(from.path), ...roots];
  return [...new Set(folders.map((folder) => resolve(folder, name)))];
}

function isAbsent(error: unknown): error is Failure {
  return error instanceof Failure && (error.error === 'not_found' || error.error === 'unreadable');
}
