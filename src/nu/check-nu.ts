import type { Diagnostic } from '../../protocol/diagnostic.js';
import { Failure } from '../kernel/failure.js';
import type { Inspector, InspectRequest } from './inspector.js';

/**
 * The parse errors of a snippet, none when it parses. Lines and columns count from its start. Nothing of it runs. What
 * keeps nu from answering (`nu_missing`, `timeout`) is thrown.
 */
export async function checkNu(
  inspector: Inspector,
  request: InspectRequest & { readonly source: string },
): Promise<readonly Diagnostic[]> {
  try {
    await inspector.checkCode(request);
    return [];
  } catch (error) {
    const diagnostics = error instanceof Failure && error.error === 'nu_failed' ? error.data.diagnostics : [];
    if (diagnostics === undefined || diagnostics.length === 0) throw error;
    return diagnostics;
  }
}
