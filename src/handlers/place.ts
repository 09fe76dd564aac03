import { realpath } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { isInside } from '../files/is-inside.js';
import type { RequestContext } from '../kernel/context.js';
import { Failure } from '../kernel/failure.js';

/** Where a request stands: what its relative paths count from, and what it may read. */
export interface Place {
  readonly cwd: string;
  /** The project, else the request's folder. */
  readonly root: string;
  readonly fileRoots: readonly string[];
  readonly templateRoots: readonly string[];
}

export interface Places {
  /** Throws Failure `invalid_params` for a relative cwd, or when nobody said where to stand. */
  of(params: { readonly cwd?: string }, context: RequestContext): Place;
}

export function createPlaces(config: Config): Places {
  return {
    of(params, { session }) {
      const base = session.cwd ?? config.project;
      const cwd = params.cwd ?? base;
      if (cwd === null || (!isAbsolute(cwd) && base === null)) {
        throw new Failure('invalid_params', 'The request names no folder to resolve its paths in.', {
          expected: 'cwd: an absolute folder',
          got: cwd ?? 'none',
          advice: 'Give cwd, or run the sidecar in a project (a folder with sidecar.toml).',
        });
      }
      const folder = base === null ? cwd : resolve(base, cwd);
      const root = config.project ?? folder;
      return {
        cwd: folder,
        root,
        fileRoots: config.files.roots.length === 0 ? [root] : config.files.roots,
        templateRoots: config.template.roots.length === 0 ? [root] : config.template.roots,
      };
    },
  };
}

/**
 * The real path of a file that is going to be handed to Nushell, which follows links itself. Throws Failure `unreadable` or
 * `outside_roots`.
 */
export async function insideRoots(path: string, roots: readonly string[]): Promise<string> {
  const real = await realpath(path).catch(() => {
    throw new Failure('unreadable', `${path} does not exist or may not be read.`, {
      expected: 'an existing file',
      got: path,
      advice: 'Check the path; relative ones count from cwd.',
    });
  });
  for (const root of roots) {
    if (isInside(real, await realpath(root).catch(() => root))) return real;
  }
  throw new Failure('outside_roots', `${path} is outside the folders that may be read.`, {
    expected: `a path inside ${roots.join(' or ')}`,
    got: real,
  });
}
