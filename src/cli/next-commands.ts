import type { CliHost } from './host.js';
import type { Target } from './locate.js';
import { shellWord } from './shell-word.js';

/** The exact commands a person may want next; they work from the folder the present command was called from. */
export interface NextCommands {
  logs(runId: string, taskId?: string): string;
  show(runId: string): string;
  follow(runId: string): string;
}

export function nextCommands(host: CliHost, target: Target): NextCommands {
  // npm runs a package's program by `npx` with this variable; it is on no PATH then.
  const program = host.env['npm_command'] === 'exec' ? ['npx', 'nu-sidecar'] : ['nu-sidecar'];
  const command = (...words: readonly string[]) =>
    [...program, ...words.map(shellWord), ...target.flags].join(' ');
  return {
    logs: (runId, taskId) => command('logs', runId, ...(taskId === undefined ? [] : [taskId])),
    show: (runId) => command('runs', 'show', runId),
    follow: (runId) => command('logs', runId, '-f'),
  };
}
