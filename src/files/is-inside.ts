import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is a folder or in it. Both are absolute; for a sure answer both are real paths, without links. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
