import type { Command } from 'commander';
import { exitCode } from '../../daemon/exit-code.js';
import type { CliHost } from '../host.js';
import type { GlobalOptions } from '../locate.js';
import { nextCommands } from '../next-commands.js';
import { perform } from '../perform.js';
import { withClient } from '../with-client.js';

export function addCancelCommand(program: Command, host: CliHost): void {
  program
    .command('cancel')
    .summary('ask a run to stop')
    .description(
      'Asks a run to stop. Its processes get time to clean up, are confirmed gone, and then the run is cancelled. Returns as soon as the cancel is on disk.',
    )
    .argument('<run>', 'the id of the run')
    .option('--force', 'kill now, without the time to clean up')
    .option('--json', 'print {runId, state} as JSON')
    .addHelpText('after', '\nExample:\n  nu-sidecar cancel r-01k9zq3v7w')
    .action((runId: string, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<
          GlobalOptions & { readonly force?: boolean; readonly json?: boolean }
        >();
        await withClient(host, options, {}, async (client, target) => {
          const force = options.force === true ? { force: true } : {};
          const answer = await client.request('run/cancel', { runId, ...force });
          if (options.json === true) return output.json(answer);
          output.out(`run ${runId} is ${answer.state}\nnext:\n  ${nextCommands(host, target).show(runId)}\n`);
        });
        return exitCode.ok;
      }),
    );
}
