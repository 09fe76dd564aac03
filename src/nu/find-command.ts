import { basename, extname } from 'node:path';
import { Failure } from '../kernel/failure.js';
import { suggest } from '../kernel/suggest.js';
import type { Value } from '../kernel/value/value.js';
import type { CommandSignature } from './command-signature.js';

/**
 * Finds a command of a module by the name under which `use MODULE *` exports it. "main" also finds the module's main
 * command, which Nushell exports under the module's own name. Throws Failure `command_unknown` with what was probably meant.
 */
export function findCommand(
  commands: readonly CommandSignature[],
  name: string,
  module: string,
): CommandSignature {
  const wanted = name.trim().replace(/\s+/g, ' ');
  const byName = commands.find((command) => command.name === wanted);
  const found = byName ?? (wanted === 'main' ? mainOf(commands, module) : undefined);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  const near = suggest(wanted, names);
  throw new Failure('command_unknown', `${basename(module)} exports no command "${name}".`, {
    expected: names.length === 0 ? 'a module that exports commands' : `one of: ${names.join(', ')}`,
    got: name,
    advice:
      near !== undefined
        ? `Did you mean "${near}"?`
        : names.length === 0
          ? `Write "export def" in ${module} before the commands that others may call.`
          : 'See nu/commands for what the module exports.',
  });
}

function mainOf(commands: readonly CommandSignature[], module: string): CommandSignature | undefined {
  const own = extname(module) === '.nu' ? basename(module, '.nu') : basename(module);
  return commands.find(({ name }) => name === own);
}

export interface ScriptCall {
  readonly signature: CommandSignature;
  readonly args: readonly Value[];
}

/**
 * Chooses the `main` command of a script as `nu SCRIPT ARGS` does: leading arguments that name a subcommand ("build" for
 * `main build`) choose it and are taken away. Undefined when the script has no `main` at all.
 */
export function findScriptMain(
  commands: readonly CommandSignature[],
  args: readonly Value[],
): ScriptCall | undefined {
  const words = args.findIndex((arg) => typeof arg !== 'string');
  for (let taken = words === -1 ? args.length : words; taken > 0; taken--) {
    const name = `main ${args.slice(0, taken).join(' ')}`;
    const signature = commands.find((command) => command.name === name);
    if (signature) return { signature, args: args.slice(taken) };
  }
  const signature = commands.find(({ name }) => name === 'main');
  return signature && { signature, args };
}
