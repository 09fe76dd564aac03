import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createFileLoader, type FileLoader, type FileLoaderOptions } from '../../../src/files/load-file.js';
import { Failure } from '../../../src/kernel/failure.js';
import { packageRoot } from '../../../src/package-root.js';

/** The folder of the files that tests load. */
export const fixtures = join(packageRoot(), 'test', 'fixtures', 'files');

export const limits = { bytes: 16 << 20, depth: 256, aliases: 10_000 };

/** A folder of the test's own, by its real path, gone when the test ends. */
export function ownFolder(context: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nu-sidecar-test-')));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A loader for one folder whose Nushell fails the test when it is asked for something. */
export function loaderFor(root: string, options: Partial<FileLoaderOptions> = {}): FileLoader {
  return createFileLoader({
    roots: [root],
    limits,
    openWithNu: async (_path, format) => {
      throw new Failure('nu_missing', `Expected not to need Nushell, got a file of format ${format}.`);
    },
    ...options,
  });
}

export const signal = new AbortController().signal;
