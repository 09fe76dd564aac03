import { resolve } from 'node:path';
import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { DocumentPath, Finding, SourceDocument } from '../../document/document.js';
import type { DefinitionPorts, FileState } from './definition-ports.js';
import type { DraftTask, DraftWorkflow } from './draft-workflow.js';
import { isDynamic } from './expression-sites.js';

/**
 * Checks that the modules, scripts and templates that tasks name exist and are inside the roots. `present` has the absolute
 * paths of those that are. A path with an expression is known only when the run comes to it.
 */
export async function checkFiles(
  document: SourceDocument,
  draft: DraftWorkflow,
  root: string,
  ports: DefinitionPorts,
): Promise<{ readonly findings: readonly Diagnostic[]; readonly present: ReadonlySet<string> }> {
  const named = draft.tasks.flatMap(namedFiles);
  const states = new Map<string, FileState>();
  for (const { name } of named) {
    const absolute = resolve(root, name);
    if (!states.has(absolute)) states.set(absolute, await ports.fileState(absolute));
  }
  const findings = named.flatMap((file) => {
    const absolute = resolve(root, file.name);
    const finding = fileFinding(file, absolute, states.get(absolute) ?? 'missing');
    return finding === undefined ? [] : [document.diagnostic(file.path, finding)];
  });
  const present = new Set(
    [...states].flatMap(([path, state]) => (state === 'file' || state === 'folder' ? [path] : [])),
  );
  return { findings, present };
}

/** A file that a task names, and where it does so. */
interface NamedFile {
  readonly what: 'module' | 'script' | 'template';
  readonly name: string;
  readonly path: DocumentPath;
}

function namedFiles({ file, index }: DraftTask): readonly NamedFile[] {
  const named: NamedFile[] = [];
  if (file.nu !== undefined)
    named.push({ what: 'module', name: file.nu.module, path: ['task', index, 'nu', 'module'] });
  if (file.script !== undefined)
    named.push({ what: 'script', name: file.script.path, path: ['task', index, 'script', 'path'] });
  if (file.template !== undefined) {
    named.push({ what: 'template', name: file.template.path, path: ['task', index, 'template', 'path'] });
  }
  return named.filter(({ name }) => !isDynamic(name));
}

function fileFinding({ what, name }: NamedFile, absolute: string, state: FileState): Finding | undefined {
  const expected = `a ${what} file inside the project`;
  switch (state) {
    case 'file':
      return undefined;
    case 'missing':
      return {
        code: 'missing-file',
        message: `There is no ${what} "${name}"`,
        expected,
        got: `nothing at ${absolute}`,
        advice: 'Correct the path: it counts from the project, else from the folder of the workflow file.',
      };
    case 'outside-roots':
      return {
        code: 'outside-roots',
        message: `The ${what} "${name}" is outside the project`,
        expected,
        got: absolute,
        advice: 'Move it into the project, or add its folder to [files] roots in sidecar.toml.',
      };
    case 'folder':
      // A module may be a folder with a mod.nu; Nushell says so when there is none.
      return what === 'module' ? undefined : notAFile(name, absolute, expected);
    case 'not-a-file':
      return notAFile(name, absolute, expected);
  }
}

const notAFile = (name: string, absolute: string, expected: string): Finding => ({
  code: 'missing-file',
  message: `"${name}" is no file`,
  expected,
  got: `something else at ${absolute}`,
  advice: 'Correct the path.',
});
