import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of this package: found upwards from this module, so that it is right in a clone, in an installed package and in
 * any output folder. Throws when no package.json named nu-sidecar is above.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && /"name":\s*"nu-sidecar"/.test(readFileSync(manifest, 'utf8'))) return folder;
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(`No package.json of nu-sidecar above ${fileURLToPath(import.meta.url)}.`);
    folder = parent;
  }
}
