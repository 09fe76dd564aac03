import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RequestResult } from '../../client/requests.js';
import { exitCode } from '../../daemon/exit-code.js';
import { diagnosticText } from '../diagnostic-text.js';
import type { CliHost } from '../host.js';
import type { GlobalOptions } from '../locate.js';
import { type Output, perform } from '../perform.js';
import { withClient } from '../with-client.js';
import { addInputOptions, givenInputs, type InputOptions, inputParams } from '../workflow-inputs.js';

export function addValidateCommand(program: Command, host: CliHost): void {
  addInputOptions(program.command('validate'))
    .summary('check a workflow file without running anything')
    .description(
      'Checks keys, needs, cycles, expressions, and the signatures of the Nushell commands it calls; shows all findings at once.',
    )
    .argument('<file>', 'the workflow file')
    .option('--json', 'print {valid, diagnostics} as JSON')
    .addHelpText('after', help)
    .action((file: string, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<GlobalOptions & InputOptions & { readonly json?: boolean }>();
        const path = resolve(host.cwd, file);
        const given = await givenInputs(host, options);
        const result = await withClient(host, options, { file }, async (client) =>
          client.request('workflow/validate', { path, ...inputParams(given) }),
        );
        if (options.json === true) output.json(result);
        else tellFindings(file, result, output);
        return result.valid ? exitCode.ok : exitCode.invalid;
      }),
    );
}

const help = `
Exit codes: 0 valid, 2 invalid, 3 nothing could be checked.

Example:
  nu-sidecar validate workflows/deploy.toml --input infra=demo`;

function tellFindings(file: string, result: RequestResult<'workflow/validate'>, output: Output): void {
  for (const diagnostic of result.diagnostics)
    output.err(`${diagnosticText(diagnostic, output.errorColors)}\n\n`);
  const errors = result.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  if (result.valid) output.out(`${file} is valid${result.name === undefined ? '' : ` (${result.name})`}\n`);
  else output.err(`${file} is invalid: ${errors} ${errors === 1 ? 'error' : 'errors'}\n`);
}
