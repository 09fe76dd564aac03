import type { Command } from 'commander';
import { followRun } from '../../client/follow-run.js';
import type { Client } from '../../client/open-client.js';
import type { RequestResult } from '../../client/requests.js';
import { exitCode } from '../../daemon/exit-code.js';
import type { CliHost } from '../host.js';
import type { GlobalOptions } from '../locate.js';
import type { Palette } from '../palette.js';
import { perform } from '../perform.js';
import { shortValue } from '../short-value.js';
import { withClient } from '../with-client.js';

interface EventsOptions extends GlobalOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
}

type RunEvent = RequestResult<'run/events'>['events'][number];

const pageSize = 1000;

export function addEventsCommand(program: Command, host: CliHost): void {
  program
    .command('events')
    .summary('show what happened in a run, from the journal')
    .argument('<run>', 'the id of the run')
    .option('-f, --follow', 'wait for more until the run has ended')
    .option('--json', 'print {events} as JSON; with --follow one event a line')
    .addHelpText('after', '\nExample:\n  nu-sidecar events r-01k9zq3v7w')
    .action((runId: string, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<EventsOptions>();
        const follow = options.follow === true;
        const columns = host.stdout.columns ?? 200;
        await withClient(host, options, {}, async (client) => {
          const collected: RunEvent[] = [];
          for await (const event of runEvents(client, runId, follow)) {
            if (options.json !== true) output.out(eventText(event, columns, output.colors));
            else if (follow) output.jsonLine(event);
            else collected.push(event);
          }
          if (options.json === true && !follow) output.json({ events: collected });
        });
        return exitCode.ok;
      }),
    );
}

/** The events there are; with follow also those that come: each change of the run is a reason to read on. */
async function* runEvents(client: Client, runId: string, follow: boolean): AsyncGenerator<RunEvent> {
  let wake = () => {};
  let changed = false;
  let ended = !follow;
  const stop = new AbortController();
  const news = () => {
    changed = true;
    wake();
  };
  const following = follow
    ? followRun(client, runId, { onChange: news, signal: stop.signal }).finally(() => {
        ended = true;
        wake();
      })
    : Promise.resolve();
  // Awaited at the end; until then a rejection must not count as unhandled.
  following.catch(() => undefined);
  let since = 0;
  try {
    for (;;) {
      const last = ended;
      changed = false;
      for (;;) {
        const page = await client.request('run/events', { runId, since, limit: pageSize });
        yield* page.events;
        since = page.events.at(-1)?.seq ?? since;
        if (page.events.length < pageSize) break;
      }
      if (last) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (changed || ended) resolve();
      });
    }
    await following;
  } finally {
    stop.abort();
  }
}

function eventText(event: RunEvent, columns: number, colors: Palette): string {
  const { seq, time, type, ...rest } = event;
  const facts = Object.entries(rest)
    .map(([key, value]) => `${colors.dim(`${key}=`)}${shortValue(value, 60)}`)
    .join(' ');
  const head = `${String(seq).padStart(6)} ${time.slice(11, 23)} `;
  return `${colors.dim(head)}${type} ${columns < 60 ? '' : facts}\n`;
}
