import type { Command } from 'commander';

/** A word that fits, and what it means. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** Where the words that only a running sidecar knows come from. */
export interface KnownIds {
  runs(): Promise<readonly Candidate[]>;
  tasks(runId: string): Promise<readonly Candidate[]>;
}

/**
 * The candidates for the last of some words: commands, options, and the ids of runs and tasks where an argument is one. Nothing
 * where a file is expected: the shell completes that itself.
 */
export async function completeWords(
  program: Command,
  words: readonly string[],
  known: KnownIds,
): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? '';
  const { command, positionals } = walk(program, words.slice(0, -1));
  if (typed.startsWith('-')) return matching(optionsOf(command), typed);
  if (command.commands.length > 0) return matching(commandsOf(command), typed);
  const argument = command.registeredArguments[positionals.length]?.name();
  if (argument === 'run') return matching(await known.runs(), typed);
  if (argument === 'task') return matching(await known.tasks(positionals[0] ?? ''), typed);
  const { argChoices = [] } = command.registeredArguments[positionals.length] ?? {};
  return matching(
    argChoices.map((word) => ({ word, meaning: '' })),
    typed,
  );
}

/** Follows the words before: which command they lead to, and its arguments so far. */
function walk(
  program: Command,
  words: readonly string[],
): { command: Command; positionals: readonly string[] } {
  let command = program;
  const positionals: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word.startsWith('-')) {
      const option = [...program.options, ...command.options].find(
        ({ long, short }) => word === long || word === short,
      );
      if (option?.required) index += 1;
      continue;
    }
    const next =
      positionals.length === 0 ? command.commands.find((candidate) => candidate.name() === word) : undefined;
    if (next === undefined) positionals.push(word);
    else command = next;
  }
  return { command, positionals };
}

function commandsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ word: each.name(), meaning: each.summary() }));
}

function optionsOf(command: Command): readonly Candidate[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].flatMap(
    ({ long, description }) =>
      long === undefined || long === null ? [] : [{ word: long, meaning: description }],
  );
}

function matching(candidates: readonly Candidate[], typed: string): readonly Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(typed));
}
