import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { WorkflowDefinition } from '../../../state/definition.js';
import { type DocumentFormat, parseDocument, type SourceDocument } from '../../document/document.js';
import { Failure } from '../../kernel/failure.js';
import type { Value } from '../../kernel/value/value.js';
import { checkCode } from './check-code.js';
import { checkCommands } from './check-commands.js';
import { checkExpressions } from './check-expressions.js';
import { checkFiles } from './check-files.js';
import { checkInputs } from './check-inputs.js';
import { checkItems } from './check-items.js';
import { checkKinds } from './check-kinds.js';
import { checkNeeds } from './check-needs.js';
import type { DefinitionPorts } from './definition-ports.js';
import { draftWorkflow } from './draft-workflow.js';
import { normaliseWorkflow } from './normalise-workflow.js';
import { wireDocument } from './wire-document.js';

/** A workflow to load: the text of a file, or a definition that came as a value. */
export type WorkflowSource = {
  /** The folder relative paths count from, absolute. */
  readonly root: string;
} & (
  | {
      readonly text: string;
      readonly format: DocumentFormat;
      /** The file, absolute; null when the text came without one. */
      readonly path: string | null;
    }
  | { readonly value: Value }
);

export interface LoadedWorkflow {
  /** Null when there is any finding of severity error. */
  readonly definition: WorkflowDefinition | null;
  /** All findings, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Loads and validates a workflow before anything runs: syntax, schema, ids and needs, expressions, inputs, files, the signature
 * of every nu command, called methods. All findings come at once, each with its place. Throws only what is no fault of the
 * workflow, such as Failure `nu_missing` from a port.
 */
export async function loadWorkflow(source: WorkflowSource, ports: DefinitionPorts): Promise<LoadedWorkflow> {
  const opened = openDocument(source);
  if ('diagnostics' in opened) return { definition: null, diagnostics: opened.diagnostics };
  const { document } = opened;
  const { draft, findings } = draftWorkflow(document);
  const diagnostics: Diagnostic[] = [
    ...findings,
    ...checkInputs(document, draft),
    ...checkKinds(document, draft, ports),
    ...checkItems(document, draft),
  ];
  const graph = checkNeeds(document, draft);
  diagnostics.push(...graph.findings, ...checkExpressions(document, draft, graph.needs, ports.compileSite));
  const files = await checkFiles(document, draft, source.root, ports);
  diagnostics.push(...files.findings);
  diagnostics.push(...(await checkCommands(document, draft, files.present, source.root, ports)));
  diagnostics.push(...(await checkCode(document, draft, ports)));
  const valid = draft.complete !== null && diagnostics.every(({ severity }) => severity !== 'error');
  return {
    definition: valid ? normaliseWorkflow(draft.complete, { root: source.root, path: document.path }) : null,
    diagnostics: sortByPlace(diagnostics, document.path),
  };
}

function openDocument(
  source: WorkflowSource,
): { readonly document: SourceDocument } | { readonly diagnostics: readonly Diagnostic[] } {
  if ('value' in source) return { document: wireDocument(source.value) };
  try {
    return { document: parseDocument(source.text, source.format, source.path) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { diagnostics: error.data.diagnostics ?? [failureFinding(error, source.path)] };
  }
}

/** A failure without a place, such as nesting beyond the limit. */
function failureFinding(failure: Failure, path: string | null): Diagnostic {
  const { expected, got, advice } = failure.data;
  return {
    severity: 'error',
    code: failure.error.replaceAll('_', '-'),
    message: failure.message,
    ...(path === null ? {} : { path }),
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
    ...(advice === undefined ? {} : { advice }),
  };
}

/** Findings in other files (a script) come after those in the workflow file; without places the order stays. */
function sortByPlace(diagnostics: readonly Diagnostic[], path: string | null): readonly Diagnostic[] {
  const own = diagnostics.filter((finding) => finding.path === undefined || finding.path === path);
  const others = diagnostics.filter((finding) => finding.path !== undefined && finding.path !== path);
  own.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return [...own, ...others];
}
