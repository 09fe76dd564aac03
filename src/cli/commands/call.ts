import type { Command } from 'commander';
import { exitCode } from '../../daemon/exit-code.js';
import { argumentRecord } from '../argument-value.js';
import type { CliHost } from '../host.js';
import type { GlobalOptions } from '../locate.js';
import { perform } from '../perform.js';
import { withClient } from '../with-client.js';

export function addCallCommand(program: Command, host: CliHost): void {
  program
    .command('call')
    .summary('call any method of the sidecar')
    .description(
      'Sends one request and prints its result as JSON. docs/methods.md names the methods and their params.',
    )
    .argument('<method>', 'the method, such as template/render')
    .argument('[params]', 'a JSON object, @FILE with one, or - for stdin', '{}')
    .option('--json', 'print a failure as {error} on stdout too')
    .addHelpText(
      'after',
      `
Examples:
  nu-sidecar call sidecar/status
  nu-sidecar call template/render '{"source": "Hi {{ name }}", "context": {"name": "web-1"}}'
  {expression: "a + 1", context: {a: 2}} | to json | nu-sidecar call template/evaluate -    # in Nushell`,
    )
    .action((method: string, params: string, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<GlobalOptions>();
        const record = await argumentRecord(host, 'PARAMS', params);
        output.json(await withClient(host, options, {}, (client) => client.call(method, record)));
        return exitCode.ok;
      }),
    );
}
