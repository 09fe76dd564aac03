import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { SourceDocument } from '../../document/document.js';
import { valueAt } from '../../document/value-at.js';
import { suggest } from '../../kernel/suggest.js';
import type { DefinitionPorts } from './definition-ports.js';
import type { DraftTask, DraftWorkflow } from './draft-workflow.js';
import { isDynamic } from './expression-sites.js';
import { TASK_KINDS } from './workflow-file-schema.js';

/**
 * Checks that each task has exactly one kind of work, that what is called is named in fixed text, and that a called method
 * exists and its literal params fit.
 */
export function checkKinds(
  document: SourceDocument,
  draft: DraftWorkflow,
  ports: DefinitionPorts,
): readonly Diagnostic[] {
  return draft.tasks.flatMap((task) => [
    ...kindFindings(document, task),
    ...fixedFindings(document, task),
    ...callFindings(document, task, ports),
  ]);
}

function kindFindings(document: SourceDocument, { file, index, unread }: DraftTask): readonly Diagnostic[] {
  const kinds = TASK_KINDS.filter((kind) => file[kind] !== undefined || unread.has(kind));
  // A kind of a later version was refused by its name already.
  if (kinds.length === 1 || (kinds.length === 0 && (unread.has('workflow') || unread.has('approval'))))
    return [];
  return [
    document.diagnostic(['task', index], {
      code: 'task-kind',
      message:
        kinds.length === 0
          ? `Task "${file.id}" does nothing`
          : `Task "${file.id}" has ${kinds.length} kinds of work`,
      expected: `exactly one of ${TASK_KINDS.join(', ')}`,
      got: kinds.length === 0 ? 'none' : kinds.join(' and '),
      advice: kinds.length === 0 ? 'Say what it does, such as exec = ["true"].' : 'Make it one task each.',
      which: 'key',
    }),
  ];
}

/** What a task calls must be known before the run, or its signature could not be checked. */
function fixedFindings(document: SourceDocument, { file, index }: DraftTask): readonly Diagnostic[] {
  const named = [
    { path: ['nu', 'module'], text: file.nu?.module },
    { path: ['nu', 'command'], text: file.nu?.command },
    { path: ['call', 'method'], text: file.call?.method },
  ];
  return named.flatMap(({ path, text }) =>
    text === undefined || !isDynamic(text)
      ? []
      : document.diagnostic(['task', index, ...path], {
          code: 'fixed-text',
          message: `"${path.join('.')}" cannot be an expression`,
          expected: 'fixed text',
          got: JSON.stringify(text),
          advice: 'Make it one task for each choice, with "when".',
        }),
  );
}

function callFindings(
  document: SourceDocument,
  { file, index }: DraftTask,
  ports: DefinitionPorts,
): readonly Diagnostic[] {
  const { call } = file;
  if (call === undefined || isDynamic(call.method)) return [];
  if (!ports.methods.has(call.method)) {
    const near = suggest(call.method, ports.methods);
    return [
      document.diagnostic(['task', index, 'call', 'method'], {
        code: 'unknown-method',
        message: `The sidecar has no method "${call.method}" for tasks`,
        expected: 'a method of docs/methods.md',
        got: `"${call.method}"`,
        advice: near === undefined ? 'Correct the name.' : `Did you mean "${near}"?`,
      }),
    ];
  }
  if (isDynamic(call.params)) return [];
  const path = ['task', index, 'call', 'params'];
  const problems = ports.checkParams?.(call.method, valueAt(document.value, path) ?? {}) ?? [];
  return problems.map((problem) => document.diagnostic(path, { code: 'invalid-params', ...problem }));
}
