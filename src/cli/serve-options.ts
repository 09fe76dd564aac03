import { resolve } from 'node:path';
import type { Command } from 'commander';

/** The options that `serve`, `start` and `stdio --standalone` take; settings among them win over environment variables and sidecar.toml. */
export interface ServeOptions {
  readonly nu?: string;
  readonly logLevel?: string;
  readonly idleTimeout?: string;
  readonly drainTimeout?: string;
  readonly takeOver?: boolean;
}

export function addServeOptions(command: Command): Command {
  return command
    .option('--nu <path>', 'the nu that runs the tasks')
    .option('--log-level <level>', 'debug, info, warn or error')
    .option(
      '--idle-timeout <duration>',
      'end after so long without connections and unfinished runs, or "never"',
    )
    .option('--drain-timeout <duration>', 'how long live tasks may go on when it is told to end')
    .option(
      '--take-over',
      'take the state from an owner that cannot be judged from here (another host or container): only when it is certainly gone, with all its tasks',
    );
}

/** The options again as arguments of a `serve` that stands in another folder than cwd. */
export function serveArguments(options: ServeOptions, cwd: string): readonly string[] {
  return [
    ...(options.nu === undefined ? [] : ['--nu', resolve(cwd, options.nu)]),
    ...(options.logLevel === undefined ? [] : ['--log-level', options.logLevel]),
    ...(options.idleTimeout === undefined ? [] : ['--idle-timeout', options.idleTimeout]),
    ...(options.drainTimeout === undefined ? [] : ['--drain-timeout', options.drainTimeout]),
    ...(options.takeOver === true ? ['--take-over'] : []),
  ];
}
