import { Argument, type Command } from 'commander';
import { exitCode } from '../../daemon/exit-code.js';
import { liveDaemon } from '../../daemon/live-daemon.js';
import { within } from '../../kernel/signal.js';
import { type Candidate, completeWords, type KnownIds } from '../complete-words.js';
import { type CompletedShell, completedShells, completionScript } from '../completion-script.js';
import type { CliHost } from '../host.js';
import { locate } from '../locate.js';
import { perform } from '../perform.js';
import { withClient } from '../with-client.js';

/** Somebody waits at a prompt: after this many milliseconds no candidates are better than late ones. */
const patienceMs = 1_000;

export function addCompletionCommand(program: Command, host: CliHost): void {
  program
    .command('completion')
    .summary('print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(completedShells))
    .addHelpText(
      'after',
      `
Examples:
  source <(nu-sidecar completion bash)
  nu-sidecar completion fish | source
  nu-sidecar completion nu | save -f ~/.config/nushell/nu-sidecar.nu    # then: use nu-sidecar.nu`,
    )
    .action((shell: CompletedShell, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        output.out(completionScript(shell));
        return exitCode.ok;
      }),
    );
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((words: readonly string[], _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const candidates = await within(
          completeWords(program, words, knownIds(host)),
          patienceMs,
          'candidates',
        ).catch(() => []);
        output.out(candidates.map(({ word, meaning }) => `${word}\t${meaning}\n`).join(''));
        return exitCode.ok;
      }),
    );
}

/** What the running sidecar knows; a completion starts none. */
function knownIds(host: CliHost): KnownIds {
  const isRunning = async () => {
    const { directories } = await locate(host, {});
    return (await liveDaemon(directories.stateDirectory)) !== null;
  };
  return {
    runs: async (): Promise<readonly Candidate[]> => {
      if (!(await isRunning())) return [];
      const { runs } = await withClient(host, {}, {}, (client) => client.request('run/list', { limit: 100 }));
      return runs.map((run) => ({ word: run.id, meaning: `${run.workflow} ${run.state}` }));
    },
    tasks: async (runId) => {
      if (!(await isRunning())) return [];
      const { tasks } = await withClient(host, {}, {}, (client) => client.request('run/get', { runId }));
      return tasks.map((task) => ({ word: task.id, meaning: task.state }));
    },
  };
}
