import type { Command } from 'commander';
import { readBuildInfo } from '../../build-info.js';
import { exitCode } from '../../daemon/exit-code.js';
import { serve } from '../../daemon/serve.js';
import { systemClock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/failure.js';
import { createLog } from '../../kernel/log.js';
import type { CliHost } from '../host.js';
import { type GlobalOptions, locate, type Target } from '../locate.js';
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
          const daemon = await serve({ ...serveOptions(host, target, options), endsWhenIdle: true });
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

/** What a daemon in this process needs; it takes no environment but what is passed here. */
export function serveOptions(host: CliHost, target: Target, { takeOver = false }: ServeOptions) {
  return {
    directories: target.directories,
    project: target.project,
    config: target.config,
    log: createLog({ level: target.config.daemon.logLevel, to: 'stderr' }),
    clock: systemClock,
    build: readBuildInfo(),
    pid: host.pid,
    uid: host.uid,
    searchPath: host.env['PATH'] ?? '',
    signals: host.signals,
    createSidecar: host.createSidecar,
    takeOver,
  };
}

/** The exit code of a daemon that could not start. */
export function startExitCode(error: unknown) {
  if (!(error instanceof Failure)) return exitCode.refused;
  if (error.error === 'state_locked') return exitCode.locked;
  // On a full disk the log cannot tell who starts a daemon why it ended: its exit code can.
  if (error.error === 'storage_failed') return exitCode.storageFailed;
  return error.error === 'config_invalid' ? exitCode.invalid : exitCode.refused;
}
