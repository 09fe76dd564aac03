import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { DocumentPath, SourceDocument } from '../../document/document.js';
import { Failure } from '../../kernel/failure.js';
import { type NeedsIndex, needId } from './check-needs.js';
import { checkReference, type ReferenceScope, taskPath } from './check-reference.js';
import type { Site, SiteReference } from './definition-ports.js';
import type { DraftTask, DraftWorkflow } from './draft-workflow.js';
import { embeddedFinding } from './embedded-finding.js';
import { type ExpressionSite, expressionSites } from './expression-sites.js';

/** Compiles a string with expressions; throws Failure `template_invalid`. */
type CompileSite = (text: string) => Site;

/** Checks every expression of every task: syntax, and each name against what the expression will see. */
export function checkExpressions(
  document: SourceDocument,
  draft: DraftWorkflow,
  needs: NeedsIndex,
  compileSite: CompileSite,
): readonly Diagnostic[] {
  const inputs = [...draft.inputs.keys()];
  const forEach = new Set(draft.tasks.flatMap(({ file }) => (file.for_each === undefined ? [] : [file.id])));
  // What a dash turns into a subtraction when it is written after a dot.
  const dashed = new Set(
    [...needs.ids.map((id) => `tasks.${id}`), ...inputs.map((name) => `inputs.${name}`)].filter((name) =>
      name.includes('-'),
    ),
  );
  return draft.tasks.flatMap((task) => {
    const scope = {
      task: task.file.id,
      items: task.file.for_each !== undefined,
      inputs,
      needs,
      absent: absentNeeds(task, needs),
      isForEach: (id: string) => forEach.has(id),
    };
    return expressionSites(task.file).flatMap((site) =>
      checkSite(document, task, site, scope, dashed, compileSite),
    );
  });
}

function absentNeeds(task: DraftTask, needs: NeedsIndex): ReadonlySet<string> {
  return new Set(task.file.needs.map(needId).filter((id) => !needs.has(id)));
}

function checkSite(
  document: SourceDocument,
  task: DraftTask,
  site: ExpressionSite,
  scope: ReferenceScope,
  dashed: ReadonlySet<string>,
  compileSite: CompileSite,
): readonly Diagnostic[] {
  const path = ['task', task.index, ...site.path];
  const [key] = site.path;
  let compiled: Site;
  try {
    compiled = compileSite(site.text);
  } catch (error) {
    if (error instanceof Failure && error.error === 'template_invalid')
      return syntaxFindings(document, path, site.text, error);
    throw error;
  }
  const whole = key === 'when' || (key === 'for_each' && site.path.length === 1);
  if (whole && !compiled.typed) return [notOneExpression(document, path, site.text)];
  // Both are decided once for the whole task, before there are items.
  const here = key === 'when' || key === 'for_each' ? { ...scope, items: false } : scope;
  return referenceFindings(document, path, site.text, compiled.references, here, dashed);
}

function referenceFindings(
  document: SourceDocument,
  path: DocumentPath,
  text: string,
  references: readonly SiteReference[],
  scope: ReferenceScope,
  dashed: ReadonlySet<string>,
): readonly Diagnostic[] {
  let subtractionEnd = -1;
  return references.flatMap((reference) => {
    // The right side of "tasks.a-b" is a reference of its own: it is part of the finding about the dash.
    if (reference.offset < subtractionEnd) return [];
    const name = dottedNameAt(text, reference.offset);
    if (dashed.has(name)) {
      subtractionEnd = reference.offset + name.length;
      const [root = '', id = ''] = splitOnce(name, '.');
      return document.diagnostic(path, {
        code: 'dash-in-name',
        message: `${name} is a subtraction`,
        expected: root === 'tasks' ? taskPath(id) : `${root}["${id}"]`,
        got: name,
        advice:
          'Put a name with a dash in brackets and quotes (single ones inside a string in double quotes).',
        inString: { offset: reference.offset, length: name.length },
      });
    }
    const problem = checkReference(reference, scope);
    if (problem === undefined) return [];
    return document.diagnostic(path, {
      ...problem,
      inString: { offset: reference.offset, length: reference.length },
    });
  });
}

/** The dotted name at an offset with all its dashes, as its author may have meant it: "tasks.a-b". */
function dottedNameAt(text: string, offset: number): string {
  const pattern = /(?:tasks|inputs)\.[A-Za-z0-9_-]+/y;
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}

function notOneExpression(document: SourceDocument, path: DocumentPath, text: string): Diagnostic {
  const key = path.at(-1) === 'when' ? 'when' : 'for_each';
  return document.diagnostic(path, {
    code: 'not-one-expression',
    message: `"${key}" is text, not a value`,
    expected:
      key === 'when'
        ? 'exactly one {{ condition }}'
        : 'a list, a range, a record, or exactly one {{ expression }}',
    got: JSON.stringify(text),
    advice: text.includes('{{') ? 'Put the whole of it into one pair of braces.' : `Write "{{ ${text} }}".`,
  });
}

function syntaxFindings(
  document: SourceDocument,
  path: DocumentPath,
  text: string,
  failure: Failure,
): readonly Diagnostic[] {
  const found = failure.data.diagnostics ?? [];
  if (found.length === 0)
    return [document.diagnostic(path, { code: 'invalid-expression', message: failure.message })];
  return found.map((inner) => embeddedFinding(document, path, text, inner));
}
