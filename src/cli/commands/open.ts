import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCode } from '../../daemon/exit-code.js';
import type { CliHost } from '../host.js';
import type { GlobalOptions } from '../locate.js';
import { perform } from '../perform.js';
import { withClient } from '../with-client.js';

interface OpenOptions extends GlobalOptions {
  readonly format?: string;
  readonly raw?: boolean;
  readonly json?: boolean;
}

export function addOpenCommand(program: Command, host: CliHost): void {
  program
    .command('open')
    .summary('load a file as Nushell would, and print its value')
    .description(
      'Loads a file of any format that file/formats names. A text is printed as it is, everything else as JSON.',
    )
    .argument('<path>', 'the file; its project is found from its folder upwards')
    .option('-f, --format <name>', 'read it as this format instead of by its extension')
    .option('-r, --raw', 'give the text as it is, unread')
    .option('--json', 'print {value, format} as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  nu-sidecar open infra/demo.toml\n  nu-sidecar open settings.txt --format yaml --json',
    )
    .action((path: string, _: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<OpenOptions>();
        const params = {
          path: resolve(host.cwd, path),
          ...(options.format === undefined ? {} : { format: options.format }),
          ...(options.raw === true ? { raw: true } : {}),
        };
        const result = await withClient(host, options, { file: path }, (client) =>
          client.request('file/load', params),
        );
        if (options.json === true) output.json(result);
        else if (typeof result.value === 'string') output.out(result.value);
        else output.json(result.value);
        return exitCode.ok;
      }),
    );
}
