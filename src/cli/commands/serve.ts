import type { Command } from 'commander';
import { exitCode } from '../../daemon/exit-code.js';
import { Failure } from '../../kernel/failure.js';
import type { CliHost } from '../host.js';
import { type GlobalOptions, locate } from '../locate.js';
import { perform } from '../perform.js';
import { addServeOptions, type ServeOptions } from '../serve-options.js';

export function addServeCommand(program: Command, host: CliHost): void {
  addServeOptions(program.command('serve'))
    .summary('run the sidecar in the foreground')
    .description(
      'Runs the sidecar of this project in the foreground, with its log on stderr. SIGTERM or Ctrl-C lets live tasks finish (drain_timeout) and ends it; a second one does not wait for them. Unfinished runs go on with the next start.',
    )
    .addHelpText(
      'after',
      `
Exit codes: 0 ended as told, 2 invalid settings, 3 could not start, ${exitCode.locked} another sidecar owns the state directory,
${exitCode.storageFailed} the state directory cannot be written (what was acknowledged is safe).

Examples:
  nu-sidecar serve
  nu-sidecar serve --project /srv/infra --idle-timeout never --log-level debug`,
    )
    .action((_: unknown, command: Command) =>
      perform(
        host,
        command,
        async (output) => {
          const options = command.optsWithGlobals<GlobalOptions & ServeOptions>();
          const target = await locate(host, options, { flags: options });
          // Loaded here only: the program of a daemon is most of what there is to load.
          const { hostDaemon } = await import('../host-daemon.js');
          const daemon = await hostDaemon(host, target, options);
          const { pid, rpcSocket } = daemon.discovery;
          output.err(
            `nu-sidecar is ready: pid ${pid}, state in ${target.directories.stateDirectory}, socket ${rpcSocket}\n`,
          );
          return (await daemon.ended).exitCode;
        },
        { codeOf: startExitCode, outlivesReader: true },
      ),
    );
}

/** The exit code of a daemon that could not start. */
export function startExitCode(error: unknown) {
  if (!(error instanceof Failure)) return exitCode.refused;
  if (error.error === 'state_locked') return exitCode.locked;
  // On a full disk the log cannot tell who starts a daemon why it ended: its exit code can.
  if (error.error === 'storage_failed') return exitCode.storageFailed;
  return error.error === 'config_invalid' ? exitCode.invalid : exitCode.refused;
}
