import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { SourceDocument } from '../../document/document.js';
import type { DefinitionPorts } from './definition-ports.js';
import type { DraftWorkflow } from './draft-workflow.js';
import { embeddedFinding } from './embedded-finding.js';

/** Snippets checked of one file: each may start a nu, about 50 ms, and a large file must not take minutes to validate. */
const MAX_SNIPPETS = 100;

/** Snippets checked at once. */
const SNIPPETS_AT_ONCE = 4;

/** Checks that Nushell can parse the snippets of code tasks; without the port nothing is checked. */
export async function checkCode(
  document: SourceDocument,
  draft: DraftWorkflow,
  ports: DefinitionPorts,
): Promise<readonly Diagnostic[]> {
  const snippets = draft.tasks
    .flatMap(({ file, index }) =>
      file.code === undefined ? [] : [{ code: file.code, path: ['task', index, 'code'] }],
    )
    .slice(0, MAX_SNIPPETS);
  const findings: Diagnostic[] = [];
  for (let start = 0; start < snippets.length; start += SNIPPETS_AT_ONCE) {
    const some = snippets.slice(start, start + SNIPPETS_AT_ONCE);
    const found = await Promise.all(
      some.map(async ({ code, path }) =>
        ((await ports.checkCode?.(code)) ?? []).map((inner) => embeddedFinding(document, path, code, inner)),
      ),
    );
    findings.push(...found.flat());
  }
  return findings;
}
