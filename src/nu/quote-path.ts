import { Failure } from '../kernel/failure.js';

/** Nushell reads a path component of three or more dots as "so many folders up" ("…/.../x" is "…/../../x"). */
const climbing = /(?:^|\/)\.{3,}(?:\/|$)/;

/**
 * Writes an absolute path as a Nushell raw string (`r#'…'#`), in which nothing is an escape, a variable or a
 * quote. It is the one piece of text from outside that enters a program beside checked names. Throws Failure
 * `unreadable` for a path that Nushell would read as another one: relative, with a control character, or with a
 * component of three or more dots.
 */
export function quotePath(path: string): string {
  const refused = refusal(path);
  if (refused !== undefined) {
    throw new Failure('unreadable', `Nushell cannot be given the path ${JSON.stringify(path)}: ${refused}.`, {
      expected: 'an absolute path without control characters and without a component of three or more dots',
      got: path,
      advice: 'Rename the file or folder.',
    });
  }
  let fence = '#';
  while (path.includes(`'${fence}`)) fence += '#';
  return `r${fence}'${path}'${fence}`;
}

function refusal(path: string): string | undefined {
  if (!path.startsWith('/')) return 'it is not absolute';
  if (/\p{Cc}/u.test(path.replaceAll('\t', ''))) return 'it has a control character';
  if (/\p{Surrogate}/u.test(path) || path.includes('\uFFFD')) return 'it is not UTF-8';
  if (climbing.test(path)) return 'a component of three or more dots means "folders up" there';
  return undefined;
}
