import { resolve } from 'node:path';
import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { DocumentPath, SourceDocument } from '../../document/document.js';
import { offsetOf } from './check-expressions.js';
import type { DefinitionPorts } from './definition-ports.js';
import type { DraftWorkflow } from './draft-workflow.js';
import { isDynamic } from './expression-sites.js';

/** Checks that Nushell can parse each snippet, and each script in `present` once; without the port nothing is checked. */
export async function checkSources(
  document: SourceDocument,
  draft: DraftWorkflow,
  present: ReadonlySet<string>,
  root: string,
  ports: DefinitionPorts,
): Promise<readonly Diagnostic[]> {
  if (ports.checkSource === undefined) return [];
  const findings: Diagnostic[] = [];
  const checked = new Set<string>();
  for (const { file, index } of draft.tasks) {
    if (file.code !== undefined) {
      const { code } = file;
      const inner = await ports.checkSource({ text: code });
      findings.push(
        ...inner.map((finding) => snippetFinding(document, ['task', index, 'code'], code, finding)),
      );
    }
    if (file.script === undefined || isDynamic(file.script.path)) continue;
    const path = resolve(root, file.script.path);
    if (!present.has(path) || checked.has(path)) continue;
    checked.add(path);
    findings.push(...(await ports.checkSource({ path })));
  }
  return findings;
}

function snippetFinding(
  document: SourceDocument,
  path: DocumentPath,
  code: string,
  inner: Diagnostic,
): Diagnostic {
  return document.diagnostic(path, {
    code: inner.code,
    message: inner.message,
    severity: inner.severity,
    ...(inner.expected === undefined ? {} : { expected: inner.expected }),
    ...(inner.got === undefined ? {} : { got: inner.got }),
    ...(inner.advice === undefined ? {} : { advice: inner.advice }),
    inString: { offset: offsetOf(code, inner.line ?? 1, inner.column ?? 1), length: inner.length ?? 1 },
  });
}
