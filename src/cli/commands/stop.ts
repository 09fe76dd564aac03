import { type Command, InvalidArgumentError } from 'commander';
import { exitCode } from '../../daemon/exit-code.js';
import { stopDaemon } from '../../daemon/stop.js';
import { parseDurationText } from '../../kernel/value/duration-text.js';
import type { CliHost } from '../host.js';
import { type GlobalOptions, locate } from '../locate.js';
import { perform } from '../perform.js';

interface StopOptions extends GlobalOptions {
  readonly drainTimeout?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addStopCommand(program: Command, host: CliHost): void {
  program
    .command('stop')
    .summary('end the sidecar')
    .description(
      'Ends the sidecar of this project and returns when its process has ended. Live tasks may finish first; unfinished runs go on when it is started again.',
    )
    .option('--drain-timeout <duration>', 'how long live tasks may take, such as 10s', durationOption)
    .option('--force', 'do not wait for live tasks')
    .option('--json', 'print {stopped, pid} as JSON')
    .addHelpText('after', '\nExample:\n  nu-sidecar stop --drain-timeout 5s')
    .action((_: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<StopOptions>();
        const { directories, config } = await locate(host, options);
        const outcome = await stopDaemon({
          stateDirectory: directories.stateDirectory,
          drainTimeoutMs: options.drainTimeout ?? config.daemon.drainTimeoutMs,
          ...(options.force === true ? { force: true } : {}),
        });
        if (options.json === true) output.json(outcome);
        else
          output.out(
            outcome.stopped ? `nu-sidecar has ended (pid ${outcome.pid})\n` : 'nu-sidecar was not running\n',
          );
        return exitCode.ok;
      }),
    );
}

function durationOption(text: string): number {
  const milliseconds = parseDurationText(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new InvalidArgumentError('Expected a duration such as 500ms, 30s or 1m30s.');
}
