import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/package-root.js';

/** The folder of the build that this test belongs to. */
export const buildRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Files below some folders of a root, relative to it and in order. Fixtures are test data, not source. */
export function filesBelow(root: string, folders: readonly string[], extension: string): readonly string[] {
  return folders.flatMap((folder) => walk(join(root, folder), extension)).map((path) => relative(root, path));
}

/** The TypeScript sources of the project. */
export function sources(folders: readonly string[]): readonly string[] {
  return filesBelow(packageRoot(), folders, '.ts');
}

function walk(folder: string, extension: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'generated' ? [] : walk(path, extension);
      return entry.name.endsWith(extension) ? [path] : [];
    });
}
