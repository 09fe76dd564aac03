import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { initialize } from '../../protocol/session.js';
import type { ParamsOf } from '../kernel/handlers.js';

/** The folder that `initialize` names: its rootUri, else its first workspace folder, else its rootPath; null without one. */
export function sessionFolder(params: ParamsOf<typeof initialize>): string | null {
  const uri = params.rootUri ?? params.workspaceFolders?.[0]?.uri;
  if (typeof uri === 'string') return pathOf(uri);
  const path = params.rootPath;
  return typeof path === 'string' && isAbsolute(path) ? path : null;
}

function pathOf(uri: string): string | null {
  try {
    return fileURLToPath(uri);
  } catch {
    // A folder that is no file (untitled:, vscode-remote:, another host) is none for us.
    return null;
  }
}
