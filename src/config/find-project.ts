import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../kernel/failure.js';

/** The file that makes a folder a project. */
export const PROJECT_FILE = 'sidecar.toml';

/** Where to look for a project, the most explicit first. */
export interface ProjectSearch {
  /** `--project DIR`. */
  readonly flag?: string | undefined;
  /** SIDECAR_PROJECT is read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file the caller named (a workflow, a template): its project is found from its folder upwards. */
  readonly file?: string | undefined;
  /** The working directory, absolute: relative names count from it. */
  readonly cwd: string;
}

/**
 * Finds the folder of the project, absolute and free of symbolic links; null when there is none. `--project` and
 * SIDECAR_PROJECT name the folder itself, which then needs no sidecar.toml. Throws Failure `config_invalid` when the
 * folder named so is none.
 */
export async function findProject(search: ProjectSearch): Promise<string | null> {
  const named = nonEmpty(search.flag) ?? nonEmpty(search.env['SIDECAR_PROJECT']);
  if (named !== undefined)
    return namedFolder(resolve(search.cwd, named), nonEmpty(search.flag) !== undefined);
  const start = search.file === undefined ? search.cwd : dirname(resolve(search.cwd, search.file));
  return folderUpwards(start);
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

async function namedFolder(folder: string, byFlag: boolean): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return realpath(folder);
  const got = found === undefined ? 'nothing there' : 'something that is no folder';
  throw new Failure('config_invalid', `No project at ${folder}: expected a folder, got ${got}.`, {
    expected: 'a folder',
    got,
    advice: `Correct ${byFlag ? '--project' : 'SIDECAR_PROJECT'}, or leave it out: the project is found from the workflow file upwards.`,
  });
}

async function folderUpwards(start: string): Promise<string | null> {
  // The real path first: "upwards" of a linked folder means upwards of where it really is, for every caller alike.
  let folder = await realpath(start).catch(() => start);
  for (;;) {
    const found = await stat(join(folder, PROJECT_FILE)).catch(() => undefined);
    if (found?.isFile() === true) return folder;
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}
