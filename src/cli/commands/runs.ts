import { type Command, InvalidArgumentError } from 'commander';
import { runState } from '../../../protocol/run-shape.js';
import type { RequestResult } from '../../client/requests.js';
import { exitCode } from '../../daemon/exit-code.js';
import { elapsedBetween } from '../elapsed-text.js';
import type { CliHost } from '../host.js';
import type { GlobalOptions } from '../locate.js';
import { nextCommands } from '../next-commands.js';
import type { Palette } from '../palette.js';
import { perform } from '../perform.js';
import { runReport } from '../run-report.js';
import { stateColor, stateSymbol } from '../task-state.js';
import { textTable } from '../text-table.js';
import { withClient } from '../with-client.js';

interface ListOptions extends GlobalOptions {
  readonly state?: (typeof runState)['options'][number];
  readonly workflow?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export function addRunsCommand(program: Command, host: CliHost): void {
  const runs = program
    .command('runs')
    .summary('list runs, or show one')
    .description('Lists runs, or shows one.');
  runs
    .command('list', { isDefault: true })
    .summary('list runs, the newest first')
    .option('-s, --state <state>', `only runs in this state: ${runState.options.join(', ')}`, stateOption)
    .option('-w, --workflow <name>', 'only runs of this workflow')
    .option('-n, --limit <count>', 'at most so many', countOption, 20)
    .option('--json', 'print {runs} as JSON')
    .addHelpText('after', '\nExamples:\n  nu-sidecar runs\n  nu-sidecar runs list --state failed --limit 5')
    .action((_: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<ListOptions>();
        const { state, workflow, limit } = options;
        const filter = {
          ...(state === undefined ? {} : { state }),
          ...(workflow === undefined ? {} : { workflow }),
        };
        const list = await withClient(host, options, {}, (client) =>
          client.request('run/list', { ...filter, limit }),
        );
        if (options.json === true) output.json(list);
        else output.out(listText(list, output.colors));
        return exitCode.ok;
      }),
    );
  runs
    .command('show')
    .summary('show a run with its tasks')
    .argument('<run>', 'the id of the run')
    .option('--json', 'print the run as JSON')
    .addHelpText('after', '\nExample:\n  nu-sidecar runs show r-01k9zq3v7w')
    .action((runId: string, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<GlobalOptions & { readonly json?: boolean }>();
        await withClient(host, options, {}, async (client, target) => {
          const run = await client.request('run/get', { runId });
          if (options.json === true) return output.json(run);
          const columns = host.stdout.columns ?? 100;
          const next = nextCommands(host, target);
          output.out(runReport(run, { columns, colors: output.colors, now: Date.now(), next }));
        });
        return exitCode.ok;
      }),
    );
}

function stateOption(text: string): string {
  if (runState.safeParse(text).success) return text;
  throw new InvalidArgumentError(`Expected one of ${runState.options.join(', ')}.`);
}

function countOption(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('Expected a whole number from 1 to 1000.');
}

function listText(list: RequestResult<'run/list'>, colors: Palette): string {
  if (list.runs.length === 0) return 'No runs. Start one with "nu-sidecar run FILE".\n';
  const rows = list.runs.map((run) => [
    run.id,
    run.workflow,
    stateColor(run.state, colors)(`${stateSymbol(run.state)} ${run.state}`),
    run.createdAt.replace('T', ' ').replace(/\.\d+/, ''),
    elapsedBetween(run.startedAt, run.endedAt, Date.now()),
    Object.entries(run.labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
  ]);
  const table = textTable(['run', 'workflow', 'state', 'created', 'duration', 'labels'], rows, colors, [4]);
  return list.nextCursor === undefined ? table : `${table}${colors.dim('… and more: --limit')}\n`;
}
