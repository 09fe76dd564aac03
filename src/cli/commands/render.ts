import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCode } from '../../daemon/exit-code.js';
import { argumentRecord } from '../argument-value.js';
import type { CliHost } from '../host.js';
import type { GlobalOptions } from '../locate.js';
import { perform } from '../perform.js';
import { withClient } from '../with-client.js';

export function addRenderCommand(program: Command, host: CliHost): void {
  program
    .command('render')
    .summary('render a template')
    .argument('<path>', 'the template; its project is found from its folder upwards')
    .option(
      '-c, --context <json>',
      'the names the template sees: a JSON object, @FILE with one, or - for stdin',
    )
    .option('--json', 'print {text} as JSON')
    .addHelpText(
      'after',
      `
Examples:
  nu-sidecar render templates/haproxy.cfg.j2 --context '{"servers": ["web-1"]}' > haproxy.cfg
  {servers: [web-1 web-2]} | to json | nu-sidecar render templates/haproxy.cfg.j2 -c -    # in Nushell`,
    )
    .action((path: string, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<
          GlobalOptions & { readonly context?: string; readonly json?: boolean }
        >();
        const context =
          options.context === undefined ? {} : await argumentRecord(host, '--context', options.context);
        const params = { path: resolve(host.cwd, path), context };
        const result = await withClient(host, options, { file: path }, (client) =>
          client.request('template/render', params),
        );
        if (options.json === true) output.json(result);
        else output.out(result.text);
        return exitCode.ok;
      }),
    );
}
