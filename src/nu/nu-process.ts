import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../kernel/failure.js';
import type { Value, ValueRecord } from '../kernel/value/value.js';
import { convertCall } from './check-call.js';
import type { CommandSignature } from './command-signature.js';
import { explainLog } from './explain-log.js';
import { findCommand, findScriptMain } from './find-command.js';
import type { NuBinary } from './find-nu.js';
import { includePath } from './include-path.js';
import type { Inspector } from './inspector.js';
import { jobText } from './job.js';
import { compileProgram, type ProgramAction } from './program.js';
import { type NuError, resultFormatOf } from './result.js';

/** What is asked of Nushell. Paths are absolute. */
export type NuAction =
  | {
      readonly kind: 'nu';
      readonly module: string;
      readonly command: string;
      readonly args: readonly Value[];
      readonly flags: ValueRecord;
    }
  | {
      readonly kind: 'script';
      readonly path: string;
      readonly args: readonly Value[];
      readonly flags: ValueRecord;
    }
  | { readonly kind: 'code'; readonly source: string };

export interface NuProcessRequest {
  readonly nu: NuBinary;
  readonly inspector: Inspector;
  /** Folders that `use NAME` looks in: the sidecar's own nulib first. */
  readonly libraries: readonly string[];
  readonly action: NuAction;
  /** Piped into what runs; undefined: nothing is. */
  readonly input: Value | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where the program renames its result to; the folder is made (0700). */
  readonly resultFile: string;
  /** Where a snippet is written to (0600). */
  readonly codeFile: string;
  /** Keep Nushell's types in the result, which is then read with `readResult(text, {typed: true})`. */
  readonly typed?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A process to start: it reads the job from stdin, does nothing unless that is whole, and leaves its result in a
 * file.
 */
export interface PreparedNu {
  readonly argv: readonly [string, ...string[]];
  readonly stdin: string;
  /** Says from what the process printed why it left no result; null when that does not tell. */
  explain(log: string): { readonly error: NuError; readonly retryable: boolean } | null;
}

/**
 * Checks what is asked against the real signature, converts its values, and makes the process for it. Nothing of
 * the user's code has run then.
 *
 * Throws Failure `command_unknown`, `arguments_invalid`, `nu_failed` (it does not parse), `unreadable`.
 */
export async function buildNuProcess(request: NuProcessRequest): Promise<PreparedNu> {
  const action = await programAction(request);
  const program = compileProgram(action, {
    input: request.input,
    resultFormat: request.typed ? 'nuon' : resultFormatOf(request.nu.version),
  });
  const stdin = jobText({ result: request.resultFile, values: program.values });
  await mkdir(dirname(request.resultFile), { recursive: true, mode: 0o700 });
  // nu writes into this file and renames it, which keeps the mode: nu itself would make it readable for all.
  await writeFile(`${request.resultFile}.tmp`, '', { mode: 0o600 });
  if (request.action.kind === 'code')
    await writeFile(request.codeFile, request.action.source, { mode: 0o600 });
  return {
    argv: [
      request.nu.path,
      '--no-config-file',
      '--stdin',
      '-I',
      includePath(request.libraries),
      '-c',
      program.source,
    ],
    stdin,
    explain: explainLog,
  };
}

async function programAction(request: NuProcessRequest): Promise<ProgramAction> {
  const { inspector, action } = request;
  const base = { cwd: request.cwd, home: request.env['HOME'] };
  switch (action.kind) {
    case 'nu': {
      const commands = await inspector.listCommands({ ...request, module: action.module });
      const signature = findCommand(commands, action.command, action.module);
      requireInput(signature, request.input);
      return {
        kind: 'command',
        module: action.module,
        call: convertCall(signature, action.args, action.flags, base),
      };
    }
    case 'script': {
      const mains = await inspector.listScriptMains({ ...request, path: action.path });
      const main = findScriptMain(mains, action.args);
      if (main === undefined) refuseArguments(action);
      return {
        kind: 'script',
        path: action.path,
        call: main && convertCall(main.signature, main.args, action.flags, base),
      };
    }
    case 'code':
      await inspector.checkCode({ ...request, source: action.source });
      return { kind: 'code', path: request.codeFile };
  }
}

/** Nushell would say "does not support nothing input", and only once it runs. */
function requireInput(signature: CommandSignature, input: Value | undefined): void {
  const types = signature.inputOutput.map((pair) => pair.input);
  if (input !== undefined || types.length === 0 || types.some((type) => /\b(?:any|nothing)\b/.test(type)))
    return;
  throw new Failure(
    'arguments_invalid',
    `${signature.name} needs an input of ${types.join(' or ')}, got none.`,
    {
      expected: types.join(' or '),
      got: 'no input',
      advice: 'Give the value as input.',
    },
  );
}

function refuseArguments(action: Extract<NuAction, { readonly kind: 'script' }>): void {
  const given = action.args.length + Object.keys(action.flags).length;
  if (given === 0) return;
  throw new Failure('arguments_invalid', `${action.path} has no main command, so it takes no arguments.`, {
    expected: 'no arguments',
    got: given === 1 ? '1 argument' : `${given} arguments`,
    advice: 'Write "def main [...]" in the script, or give the values as input.',
  });
}
