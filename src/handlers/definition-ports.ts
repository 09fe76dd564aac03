import { lstat, realpath, stat } from 'node:fs/promises';
import { type Catalogue, groupOf } from '../../protocol/catalogue.js';
import { checkParams } from '../kernel/check-params.js';
import { Failure } from '../kernel/failure.js';
import { type Argument, checkCall, DYNAMIC } from '../nu/check-call.js';
import { checkNu } from '../nu/check-nu.js';
import type { CommandSignature } from '../nu/command-signature.js';
import type { NuBinary } from '../nu/find-nu.js';
import type { Inspector } from '../nu/inspector.js';
import type { TemplateEngine } from '../template/engine.js';
import type {
  DefinitionPorts,
  ExportedCommand,
  FileState,
  KnownArgument,
} from '../workflow/definition/definition-ports.js';
import { insideRoots } from './place.js';

export interface ValidationParts {
  readonly catalogue: Catalogue;
  readonly engine: TemplateEngine;
  readonly findNu: () => Promise<NuBinary>;
  readonly inspector: Inspector;
}

/** How the validation of a workflow reaches templates, files and Nushell. Signatures of a module are wrapped once an answer. */
export function createDefinitionPorts(
  { catalogue, engine, findNu, inspector }: ValidationParts,
  at: {
    readonly cwd: string;
    readonly roots: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): DefinitionPorts {
  const request = async () => ({ nu: await findNu(), cwd: at.cwd, env: at.env, signal: at.signal });
  return {
    compileSite: (text) => engine.compileSite(text),
    fileState: (path) => fileState(path, at.roots),
    exportedCommands: async (module) =>
      wrapped(await inspector.listCommands({ ...(await request()), module })),
    scriptMains: async (path) => wrapped(await inspector.listScriptMains({ ...(await request()), path })),
    checkCode: async (code) => checkNu(inspector, { ...(await request()), source: code }),
    methods: callable(catalogue),
    checkParams(method, params) {
      const definition = catalogue.request(method);
      if (definition === undefined) return [];
      try {
        checkParams(definition, params);
        return [];
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        const { expected, got } = error.data;
        return [
          {
            message: error.message,
            ...(expected === undefined ? {} : { expected }),
            ...(got === undefined ? {} : { got }),
          },
        ];
      }
    },
  };
}

/** The methods a task may call: all but those of a session's own life. */
function callable(catalogue: Catalogue): ReadonlySet<string> {
  const requests = catalogue.methods.filter(
    ({ kind, name }) => kind === 'request' && groupOf(name) !== 'session',
  );
  return new Set(requests.map(({ name }) => name));
}

async function fileState(path: string, roots: readonly string[]): Promise<FileState> {
  // A link that leads nowhere is missing as well.
  if ((await lstat(path).catch(() => null)) === null || (await realpath(path).catch(() => null)) === null)
    return 'missing';
  try {
    const found = await stat(await insideRoots(path, roots));
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'not-a-file';
  } catch (error) {
    if (error instanceof Failure && error.error === 'outside_roots') return 'outside-roots';
    return 'missing';
  }
}

const wrappers = new WeakMap<readonly CommandSignature[], readonly ExportedCommand[]>();

/** The same answer of the inspector gives the same list, so that a validation can tell that nothing changed. */
function wrapped(signatures: readonly CommandSignature[]): readonly ExportedCommand[] {
  const known = wrappers.get(signatures);
  if (known !== undefined) return known;
  const commands = signatures.map(
    (signature): ExportedCommand => ({
      name: signature.name,
      check: (args, flags) =>
        checkCall(
          signature,
          args.map(argument),
          Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, argument(flag)])),
        ),
    }),
  );
  wrappers.set(signatures, commands);
  return commands;
}

const argument = (known: KnownArgument): Argument => (known.kind === 'literal' ? known.value : DYNAMIC);
