import type { Command } from 'commander';
import { ensureDaemon } from '../../daemon/ensure-daemon.js';
import { exitCode } from '../../daemon/exit-code.js';
import { liveDaemon } from '../../daemon/live-daemon.js';
import { ensureOptions } from '../connect-daemon.js';
import { isInvocationFault } from '../failure-text.js';
import type { CliHost } from '../host.js';
import { type GlobalOptions, locate } from '../locate.js';
import { perform } from '../perform.js';
import { addServeOptions, type ServeOptions, serveArguments } from '../serve-options.js';

export function addStartCommand(program: Command, host: CliHost): void {
  addServeOptions(program.command('start'))
    .summary('start the sidecar in the background')
    .description(
      'Starts the sidecar of this project in the background and returns when it answers. Other commands do so by themselves. Its output goes to daemon.log in the state directory.',
    )
    .option('--json', 'print how it is reached as JSON')
    .addHelpText('after', '\nExample:\n  nu-sidecar start --idle-timeout never')
    .action((_: unknown, command: Command) =>
      perform(
        host,
        command,
        async (output) => {
          const options = command.optsWithGlobals<
            GlobalOptions & ServeOptions & { readonly json?: boolean }
          >();
          const target = await locate(host, options, { flags: options });
          const { stateDirectory } = target.directories;
          const before = await liveDaemon(stateDirectory);
          const daemon = await ensureDaemon(ensureOptions(host, target, serveArguments(options, host.cwd)));
          if (options.json === true) output.json(daemon);
          else {
            const already = before?.epoch === daemon.epoch ? 'already running' : 'running';
            output.out(`nu-sidecar is ${already}: pid ${daemon.pid}, state in ${stateDirectory}\n`);
          }
          return exitCode.ok;
        },
        { codeOf: (error) => (isInvocationFault(error) ? exitCode.invalid : exitCode.refused) },
      ),
    );
}
