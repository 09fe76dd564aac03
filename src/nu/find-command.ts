import { basename } from 'node:path';
import { Failure } from '../kernel/failure.js';
import { suggest } from '../kernel/suggest.js';
import type { Value } from '../kernel/value/value.js';
import type { CommandSignature } from './command-signature.js';

/**
 * Finds a command of a module by the name under which `use MODULE *` exports it; a `main` bears the module's own
 * name there. Throws Failure `command_unknown`, which says what was probably meant.
 */
export function findCommand(
  commands: readonly CommandSignature[],
  name: string,
  module: string,
): CommandSignature {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  throw new Failure('command_unknown', `${basename(module)} exports no command "${name}".`, {
    expected: names.length === 0 ? 'a module that exports commands' : `one of: ${names.join(', ')}`,
    got: name,
    advice: advise(names, name, module),
  });
}

function advise(names: readonly string[], name: string, module: string): string {
  const own = basename(module, '.nu');
  const near = name === 'main' && names.includes(own) ? own : suggest(name, names);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return names.length === 0
    ? `Write "export def" in ${basename(module)} before the commands that others may call.`
    : 'See nu/commands for what the module exports.';
}

export interface ScriptCall {
  readonly signature: CommandSignature;
  readonly args: readonly Value[];
}

/**
 * Chooses the `main` command of a script as `nu SCRIPT ARGS` does: leading arguments that name a subcommand
 * ("build" for `main build`) choose it and are taken away. Undefined when the script has no `main` at all.
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
