import type { Diagnostic } from '../../protocol/diagnostic.js';
import { Failure } from '../kernel/failure.js';
import type { Inspector, InspectRequest } from './inspector.js';

/**
 * The parse errors of a script file or a snippet, none when it parses. Lines and columns count from its start.
 * Nothing of it runs. What keeps nu from answering (`nu_missing`, `unreadable`, `timeout`) is thrown.
 */
export async function checkNu(
  inspector: Inspector,
  request: InspectRequest & { readonly code: { readonly path: string } | { readonly text: string } },
): Promise<readonly Diagnostic[]> {
  try {
    if ('path' in request.code) await inspector.listScriptMains({ ...request, path: request.code.path });
    else await inspector.checkCode({ ...request, source: request.code.text });
    return [];
  } catch (error) {
    const diagnostics = error instanceof Failure && error.error === 'nu_failed' ? error.data.diagnostics : [];
    if (diagnostics === undefined || diagnostics.length === 0) throw error;
    return diagnostics;
  }
}
