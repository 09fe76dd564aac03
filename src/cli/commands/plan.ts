import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RequestResult } from '../../client/requests.js';
import { exitCode } from '../../daemon/exit-code.js';
import type { CliHost } from '../host.js';
import type { GlobalOptions } from '../locate.js';
import type { Palette } from '../palette.js';
import { perform } from '../perform.js';
import { textTable } from '../text-table.js';
import { withClient } from '../with-client.js';
import { addInputOptions, givenInputs, type InputOptions, inputParams } from '../workflow-inputs.js';

export function addPlanCommand(program: Command, host: CliHost): void {
  addInputOptions(program.command('plan'))
    .summary('say what a run would do, and in which order')
    .description(
      'Shows the tasks by level: tasks of one level may run side by side, each level needs earlier ones.',
    )
    .argument('<file>', 'the workflow file')
    .option('--json', 'print the plan as JSON')
    .addHelpText('after', '\nExample:\n  nu-sidecar plan workflows/deploy.toml --input infra=demo')
    .action((file: string, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<GlobalOptions & InputOptions & { readonly json?: boolean }>();
        const path = resolve(host.cwd, file);
        const given = await givenInputs(host, options);
        const plan = await withClient(host, options, { file }, async (client) =>
          client.request('workflow/plan', { path, ...inputParams(given) }),
        );
        if (options.json === true) output.json(plan);
        else output.out(planText(plan, output.colors));
        return exitCode.ok;
      }),
    );
}

function planText(plan: RequestResult<'workflow/plan'>, colors: Palette): string {
  const rows = plan.tasks.map((task) => [
    String(task.level),
    task.id,
    task.kind,
    task.forEach === undefined ? '' : task.forEach === null ? 'known when it runs' : String(task.forEach),
    task.needs.join(', '),
    task.reason ?? '',
  ]);
  const table = textTable(['level', 'task', 'kind', 'items', 'needs', 'remark'], rows, colors);
  return `${colors.bold(plan.name)}\n\n${table}\nlongest chain: ${plan.criticalPath.join(' → ')}\n`;
}
