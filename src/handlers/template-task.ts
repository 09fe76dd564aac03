import { randomUUID } from 'node:crypto';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../kernel/failure.js';
import { isRecord, typeName, type Value } from '../kernel/value/value.js';
import type { TemplateEngine } from '../template/engine.js';
import type { AttemptOrder } from '../workflow/ports.js';
import { insideRoots } from './place.js';

export interface TemplateTaskParts {
  readonly engine: TemplateEngine;
  readonly read: (
    path: string,
    roots: readonly string[],
  ) => Promise<{ readonly text: string; readonly path: string }>;
  /** Folders beside the workflow's own that templates may be read from and written to. */
  readonly roots: readonly string[];
}

/**
 * Runs a template task: renders the file and writes the target whole or not at all (a new file, then a rename). The output is
 * `{path, bytes}`. Throws Failure `outside_roots` for a target outside the roots, and those of a render.
 */
export function createTemplateTask({ engine, read, roots }: TemplateTaskParts) {
  return async (order: AttemptOrder, signal: AbortSignal): Promise<Value> => {
    const { action, root } = order;
    if (action.kind !== 'template') throw new TypeError(`A template task cannot do a ${action.kind} action.`);
    const allowed = [root, ...roots];
    if (!isRecord(action.context)) {
      throw new Failure(
        'template_failed',
        `The context of the template came to a ${typeName(action.context)}.`,
        {
          expected: 'a record',
          got: typeName(action.context),
        },
      );
    }
    const { text, path } = await read(action.path, allowed);
    const rendered = await engine.render({ text, path, name: action.path }, action.context, {
      signal,
      roots: allowed,
    });
    const bytes = Buffer.from(rendered);
    await writeTarget(action.target, bytes, allowed);
    return { path: action.target, bytes: bytes.byteLength };
  };
}

async function writeTarget(target: string, bytes: Uint8Array, roots: readonly string[]): Promise<void> {
  const folder = dirname(target);
  // Checked before anything is made: the nearest folder that exists must be inside, and then so is what is made below it.
  await insideRoots(await nearestExisting(folder), roots);
  await mkdir(folder, { recursive: true });
  // Through the real folder: a link in the path that was swapped since then leads nowhere else.
  const real = await insideRoots(await realpath(folder), roots);
  const temporary = join(real, `.${basename(target)}.${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(real, basename(target)));
  } catch (error) {
    await rm(temporary, { force: true });
    throw new Failure(
      'unreadable',
      `${target} could not be written.`,
      { advice: 'Check the folder and its permissions.' },
      { cause: error },
    );
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    const real = await realpath(candidate).catch(() => null);
    if (real !== null || candidate === dirname(candidate)) return real ?? candidate;
  }
}
