import type { Command } from 'commander';
import type { Client } from '../../client/open-client.js';
import type { RequestResult } from '../../client/requests.js';
import { exitCode } from '../../daemon/exit-code.js';
import type { CliHost } from '../host.js';
import type { GlobalOptions } from '../locate.js';
import type { Palette } from '../palette.js';
import { perform } from '../perform.js';
import { harmless } from '../terminal-text.js';
import { withClient } from '../with-client.js';

interface LogsOptions extends GlobalOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
}

type Page = RequestResult<'run/logs'>;
type Entry = Page['entries'][number];

const pageSize = 1000;
/** How long one request may wait for news: long enough to be cheap, short enough that a lost daemon is noticed. */
const waitMs = 20_000;

export function addLogsCommand(program: Command, host: CliHost): void {
  program
    .command('logs')
    .summary('show what the tasks of a run printed')
    .argument('<run>', 'the id of the run')
    .argument('[task]', 'only this task')
    .option('-f, --follow', 'wait for more until the run has ended')
    .option('--json', 'print {entries} as JSON; with --follow one entry a line')
    .addHelpText(
      'after',
      '\nExamples:\n  nu-sidecar logs r-01k9zq3v7w server\n  nu-sidecar logs r-01k9zq3v7w -f',
    )
    .action((runId: string, taskId: string | undefined, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<LogsOptions>();
        const params = { runId, ...(taskId === undefined ? {} : { taskId }) };
        const follow = options.follow === true;
        await withClient(host, options, {}, async (client) => {
          const collected: Entry[] = [];
          for await (const { entries } of logPages(client, params, follow)) {
            if (options.json !== true)
              output.out(entries.map((entry) => entryText(entry, taskId, output.colors)).join(''));
            else if (follow) for (const entry of entries) output.jsonLine(entry);
            else collected.push(...entries);
          }
          if (options.json === true && !follow) output.json({ entries: collected });
        });
        return exitCode.ok;
      }),
    );
}

/** The pages there are; with follow also those that come, until the logs have ended. */
async function* logPages(
  client: Client,
  params: { readonly runId: string; readonly taskId?: string },
  follow: boolean,
): AsyncGenerator<Page> {
  let since: { readonly since?: string } = {};
  for (;;) {
    const page = await client.request('run/logs', {
      ...params,
      ...since,
      limit: pageSize,
      ...(follow ? { waitMs } : {}),
    });
    yield page;
    const isLast = page.entries.length < pageSize;
    if (isLast && (page.ended || !follow)) return;
    since = { since: page.cursor };
  }
}

function entryText(entry: Entry, taskId: string | undefined, colors: Palette): string {
  const item = entry.item === undefined ? '' : `[${entry.item}]`;
  const attempt = entry.attempt > 1 ? `#${entry.attempt}` : '';
  const name = taskId === undefined ? `${entry.taskId}${item}${attempt}` : `${item}${attempt}`;
  const text = harmless(entry.text);
  return `${name === '' ? '' : `${colors.cyan(name)} `}${entry.stream === 'stderr' ? colors.yellow(text) : text}\n`;
}
