import { resolve } from 'node:path';
import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { DocumentPath, Finding, SourceDocument } from '../../document/document.js';
import { valueAt } from '../../document/value-at.js';
import { Failure } from '../../kernel/failure.js';
import { suggest } from '../../kernel/suggest.js';
import type { CallProblem, DefinitionPorts, ExportedCommand, KnownArgument } from './definition-ports.js';
import type { DraftTask, DraftWorkflow } from './draft-workflow.js';
import { isDynamic } from './expression-sites.js';

/** Files asked for their commands at once: each question may start a nu. */
const FILES_AT_ONCE = 4;

/** A call of a command that a module exports, or of a script's main. */
interface NuCall {
  readonly kind: 'nu' | 'script';
  /** The place of the call in the document. */
  readonly at: DocumentPath;
  /** The key of the file in it. */
  readonly fileKey: 'module' | 'path';
  readonly name: string;
  readonly path: string;
  readonly command: string;
}

/** What a file offers, or why that cannot be told. */
type Offer = { readonly commands: readonly ExportedCommand[] } | { readonly failure: Failure };

/**
 * Checks each nu and script task against the real signature of its command: unknown command, arity, unknown flag, type of a
 * literal. Only files in `present` are asked. Throws what keeps nu from running at all, such as Failure `nu_missing`: no
 * fault of the workflow.
 */
export async function checkCommands(
  document: SourceDocument,
  draft: DraftWorkflow,
  present: ReadonlySet<string>,
  root: string,
  ports: DefinitionPorts,
): Promise<readonly Diagnostic[]> {
  const calls = draft.tasks.flatMap((task) => nuCalls(task, root)).filter(({ path }) => present.has(path));
  const offers = await askFiles(calls, ports);
  const told = new Set<string>();
  return calls.flatMap((call) => {
    const key = offerKey(call);
    const offer = offers.get(key) ?? { commands: [] };
    if ('commands' in offer) return callFindings(document, call, offer.commands);
    // The fault of a file is one finding, however many tasks use it.
    if (told.has(key)) return [];
    told.add(key);
    return [fileFinding(document, call, offer.failure)];
  });
}

function nuCalls({ file, index }: DraftTask, root: string): readonly NuCall[] {
  const { nu, script } = file;
  const calls: NuCall[] = [];
  if (nu !== undefined && !isDynamic(nu.module)) {
    const path = resolve(root, nu.module);
    calls.push({
      kind: 'nu',
      at: ['task', index, 'nu'],
      fileKey: 'module',
      name: nu.module,
      path,
      command: nu.command,
    });
  }
  if (script !== undefined && !isDynamic(script.path)) {
    const path = resolve(root, script.path);
    calls.push({
      kind: 'script',
      at: ['task', index, 'script'],
      fileKey: 'path',
      name: script.path,
      path,
      command: 'main',
    });
  }
  return calls;
}

const offerKey = (call: NuCall): string => `${call.kind} ${call.path}`;

async function askFiles(
  calls: readonly NuCall[],
  ports: DefinitionPorts,
): Promise<ReadonlyMap<string, Offer>> {
  const questions = [...new Map(calls.map((call) => [offerKey(call), call]))];
  const offers = new Map<string, Offer>();
  for (let start = 0; start < questions.length; start += FILES_AT_ONCE) {
    const some = questions.slice(start, start + FILES_AT_ONCE);
    const answers = await Promise.all(
      some.map(async ([key, call]) => [key, await ask(call, ports)] as const),
    );
    for (const [key, offer] of answers) offers.set(key, offer);
  }
  return offers;
}

async function ask(call: NuCall, ports: DefinitionPorts): Promise<Offer> {
  try {
    return {
      commands: await (call.kind === 'nu' ? ports.exportedCommands(call.path) : ports.scriptMains(call.path)),
    };
  } catch (error) {
    if (error instanceof Failure && (error.error === 'nu_failed' || error.error === 'unreadable'))
      return { failure: error };
    throw error;
  }
}

function fileFinding(document: SourceDocument, call: NuCall, failure: Failure): Diagnostic {
  const [inner] = failure.data.diagnostics ?? [];
  const place =
    inner?.line === undefined ? '' : ` at ${inner.path ?? call.path}:${inner.line}:${inner.column ?? 1}`;
  return document.diagnostic([...call.at, call.fileKey], {
    code: call.kind === 'nu' ? 'module-error' : 'script-error',
    message: `Nushell cannot use "${call.name}"`,
    expected: 'Nushell code without errors',
    got: `${inner?.message ?? failure.message}${place}`,
    advice: inner?.advice ?? failure.data.advice ?? 'Correct the file.',
  });
}

function callFindings(
  document: SourceDocument,
  call: NuCall,
  commands: readonly ExportedCommand[],
): readonly Diagnostic[] {
  if (isDynamic(call.command)) return [];
  const command = commands.find(({ name }) => name === call.command);
  if (command === undefined) return noCommand(document, call, commands);
  const args = keysAt(document, [...call.at, 'args']).map((key) =>
    knownArgument(document, [...call.at, 'args', key]),
  );
  const flags = keysAt(document, [...call.at, 'flags']).map(
    (key) => [key, knownArgument(document, [...call.at, 'flags', key])] as const,
  );
  return command
    .check(args, Object.fromEntries(flags))
    .map((problem) => problemFinding(document, call, problem));
}

function noCommand(
  document: SourceDocument,
  call: NuCall,
  commands: readonly ExportedCommand[],
): readonly Diagnostic[] {
  // A script may be statements alone; then there is nothing its arguments could go to.
  if (call.kind === 'script') {
    const given = ['args', 'flags'].find((key) => keysAt(document, [...call.at, key]).length > 0);
    if (given === undefined) return [];
    return [
      document.diagnostic([...call.at, given], {
        code: 'script-without-main',
        message: `The script "${call.name}" takes no arguments`,
        expected: 'a script with a main command',
        got: given,
        advice: `Give it a "def main", or remove "${given}".`,
        which: 'key',
      }),
    ];
  }
  const names = commands.map(({ name }) => name);
  const near = suggest(call.command, names);
  return [
    document.diagnostic([...call.at, 'command'], {
      code: 'unknown-command',
      message: `The module "${call.name}" does not export "${call.command}"`,
      expected: names.length === 0 ? 'a module that exports a command' : `one of ${names.join(', ')}`,
      got: `"${call.command}"`,
      advice: near === undefined ? 'Correct the name, or export the command.' : `Did you mean "${near}"?`,
    }),
  ];
}

/** The keys or positions at a path of the document. */
function keysAt(document: SourceDocument, path: DocumentPath): readonly (string | number)[] {
  const value = valueAt(document.value, path);
  if (Array.isArray(value)) return [...value.keys()];
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function knownArgument(document: SourceDocument, path: DocumentPath): KnownArgument {
  const value = valueAt(document.value, path) ?? null;
  return isDynamic(value) ? { kind: 'dynamic' } : { kind: 'literal', value };
}

function problemFinding(document: SourceDocument, call: NuCall, problem: CallProblem): Diagnostic {
  const { at } = call;
  const { where, ...text } = problem;
  const finding: Finding = text;
  if (where === 'command')
    return document.diagnostic([...at, call.kind === 'nu' ? 'command' : 'path'], finding);
  if ('arg' in where) return document.diagnostic([...at, 'args', where.arg], finding);
  return document.diagnostic([...at, 'flags', where.flag], {
    ...finding,
    which: finding.code === 'flag-type' ? 'value' : 'key',
  });
}
