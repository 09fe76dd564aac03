import { resolve } from 'node:path';
import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { DocumentPath, Finding, SourceDocument } from '../../document/document.js';
import { valueAt } from '../../document/value-at.js';
import { Failure } from '../../kernel/failure.js';
import { suggest } from '../../kernel/suggest.js';
import type { CallProblem, DefinitionPorts, ExportedCommand, KnownArgument } from './definition-ports.js';
import type { DraftWorkflow } from './draft-workflow.js';
import { isDynamic } from './expression-sites.js';
import type { TaskFile } from './workflow-file-schema.js';

/** Modules asked for their commands at once: each question may start a nu. */
const MODULES_AT_ONCE = 4;

type NuCall = NonNullable<TaskFile['nu']>;

/** What a module exports, or why that cannot be told. */
type ModuleCommands = { readonly commands: readonly ExportedCommand[] } | { readonly failure: Failure };

/**
 * Checks each nu task against the real signature of its command: unknown command, arity, unknown flag, type of a literal. Only
 * modules in `present` are asked. Throws what keeps nu from running at all, such as Failure `nu_missing`: no fault of the file.
 */
export async function checkCommands(
  document: SourceDocument,
  draft: DraftWorkflow,
  present: ReadonlySet<string>,
  root: string,
  ports: DefinitionPorts,
): Promise<readonly Diagnostic[]> {
  const calls = draft.tasks.flatMap(({ file, index }) => {
    if (file.nu === undefined || isDynamic(file.nu.module)) return [];
    const module = resolve(root, file.nu.module);
    return present.has(module) ? [{ nu: file.nu, index, module }] : [];
  });
  const modules = [...new Set(calls.map((call) => call.module))];
  const answers = new Map<string, ModuleCommands>();
  for (let start = 0; start < modules.length; start += MODULES_AT_ONCE) {
    const some = modules.slice(start, start + MODULES_AT_ONCE);
    const found = await Promise.all(some.map((module) => moduleCommands(module, ports)));
    some.forEach((module, position) => answers.set(module, found[position] ?? { commands: [] }));
  }
  const told = new Set<string>();
  return calls.flatMap(({ nu, index, module }) => {
    const answer = answers.get(module);
    if (answer === undefined) return [];
    if ('commands' in answer) return nuFindings(document, index, nu, answer.commands);
    // One finding a module: its own fault is one, however many tasks use it.
    if (told.has(module)) return [];
    told.add(module);
    return [moduleFinding(document, index, nu, answer.failure)];
  });
}

async function moduleCommands(module: string, ports: DefinitionPorts): Promise<ModuleCommands> {
  try {
    return { commands: await ports.exportedCommands(module) };
  } catch (error) {
    if (error instanceof Failure && (error.error === 'nu_failed' || error.error === 'unreadable'))
      return { failure: error };
    throw error;
  }
}

function moduleFinding(document: SourceDocument, index: number, nu: NuCall, failure: Failure): Diagnostic {
  const [inner] = failure.data.diagnostics ?? [];
  const place =
    inner?.line === undefined ? '' : ` at ${inner.path ?? nu.module}:${inner.line}:${inner.column ?? 1}`;
  return document.diagnostic(['task', index, 'nu', 'module'], {
    code: 'module-error',
    message: `Nushell cannot use the module "${nu.module}": ${failure.message}`,
    expected: 'a module without errors',
    got: `${inner?.message ?? failure.message}${place}`,
    advice: failure.data.advice ?? inner?.advice ?? 'Correct the module.',
  });
}

function nuFindings(
  document: SourceDocument,
  index: number,
  nu: NuCall,
  commands: readonly ExportedCommand[],
): readonly Diagnostic[] {
  if (isDynamic(nu.command)) return [];
  const path = ['task', index, 'nu'];
  const command = commands.find(({ name }) => name === nu.command);
  if (command === undefined) {
    const names = commands.map(({ name }) => name);
    const near = suggest(nu.command, names);
    return [
      document.diagnostic([...path, 'command'], {
        code: 'unknown-command',
        message: `The module "${nu.module}" does not export "${nu.command}"`,
        expected: names.length === 0 ? 'a module that exports a command' : `one of ${names.join(', ')}`,
        got: `"${nu.command}"`,
        advice: near === undefined ? 'Correct the name, or export the command.' : `Did you mean "${near}"?`,
      }),
    ];
  }
  const args = nu.args.map((_, position) => knownArgument(document, [...path, 'args', position]));
  const flags = Object.keys(nu.flags).map(
    (name) => [name, knownArgument(document, [...path, 'flags', name])] as const,
  );
  return command
    .check(args, Object.fromEntries(flags))
    .map((problem) => problemFinding(document, path, problem));
}

function knownArgument(document: SourceDocument, path: DocumentPath): KnownArgument {
  const value = valueAt(document.value, path) ?? null;
  return isDynamic(value) ? { kind: 'dynamic' } : { kind: 'literal', value };
}

function problemFinding(document: SourceDocument, nuPath: DocumentPath, problem: CallProblem): Diagnostic {
  const { where, code, message, expected, got, advice } = problem;
  const finding: Finding = {
    code,
    message,
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
    ...(advice === undefined ? {} : { advice }),
  };
  if (where === 'command') return document.diagnostic([...nuPath, 'command'], finding);
  if ('arg' in where) return document.diagnostic([...nuPath, 'args', where.arg], finding);
  return document.diagnostic([...nuPath, 'flags', where.flag], {
    ...finding,
    which: code === 'unknown-flag' ? 'key' : 'value',
  });
}
