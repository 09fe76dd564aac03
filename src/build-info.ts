import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.js';

/** Which program this is. */
export interface BuildInfo {
  /** The version of the package, such as "0.1.0". */
  readonly version: string;
  /** `<version>+<built at, UTC>.<content hash>`: equal for equal code, and {@link compareBuilds} orders two of them. */
  readonly buildId: string;
}

/** The folders of a build that make the program; tests and benches do not change what a daemon does. */
const programFolders = ['protocol', 'src', 'state'];

/** Reads which build runs here, from the built files themselves: about 10 ms for 300 files, so call it once. */
export function readBuildInfo(): BuildInfo {
  const buildRoot = dirname(dirname(fileURLToPath(import.meta.url)));
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : '0.0.0';
  const hash = createHash('sha256');
  let newest = 0;
  for (const file of programFolders.flatMap((folder) => programFiles(join(buildRoot, folder))).sort()) {
    hash.update(relative(buildRoot, file)).update('\0').update(readFileSync(file)).update('\0');
    newest = Math.max(newest, statSync(file).mtimeMs);
  }
  const builtAt = new Date(newest).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return { version, buildId: `${version}+${builtAt}.${hash.digest('hex').slice(0, 12)}` };
}

function programFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return programFiles(path);
    return entry.name.endsWith('.js') ? [path] : [];
  });
}

/**
 * How build `mine` stands to build `other`: by version, then by the time of building. Equal content is "same" whenever it was
 * built; "unordered" when neither can be told to be newer (an id of another form, or one moment and other content).
 */
export function compareBuilds(mine: string, other: string): 'same' | 'newer' | 'older' | 'unordered' {
  if (mine === other) return 'same';
  const [a, b] = [parseBuildId(mine), parseBuildId(other)];
  if (a === null || b === null) return 'unordered';
  for (let index = 0; index < 3; index += 1) {
    const difference = (a.version[index] ?? 0) - (b.version[index] ?? 0);
    if (difference !== 0) return difference > 0 ? 'newer' : 'older';
  }
  if (a.content === b.content) return 'same';
  if (a.builtAt === b.builtAt) return 'unordered';
  return a.builtAt > b.builtAt ? 'newer' : 'older';
}

function parseBuildId(buildId: string): { version: number[]; builtAt: string; content: string } | null {
  const match = /^(\d+)\.(\d+)\.(\d+)[^+]*\+(\d{8}T\d{6})\.([0-9a-f]{12})$/.exec(buildId);
  if (match === null) return null;
  const [, major = '', minor = '', patch = '', builtAt = '', content = ''] = match;
  return { version: [Number(major), Number(minor), Number(patch)], builtAt, content };
}
