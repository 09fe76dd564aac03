import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { PROJECT_FILE } from '../../config/find-project.js';
import { initConfig } from '../../config/init-config.js';
import { exitCode } from '../../daemon/exit-code.js';
import { errorCode } from '../../kernel/error-code.js';
import { errorMessage } from '../../kernel/error-message.js';
import { Failure } from '../../kernel/failure.js';
import type { CliHost } from '../host.js';
import { perform } from '../perform.js';

export function addInitCommand(program: Command, host: CliHost): void {
  program
    .command('init')
    .summary('make a folder a project: write a commented sidecar.toml')
    .description(
      'Writes a sidecar.toml with every setting, its default and what it means. An existing one is left alone.',
    )
    .argument('[folder]', 'the folder of the project', '.')
    .option('--json', 'print {path} as JSON')
    .addHelpText('after', '\nExample:\n  nu-sidecar init && nu-sidecar doctor')
    .action((folder: string, options: { readonly json?: boolean }, command: Command) =>
      perform(host, command, async (output) => {
        const path = join(resolve(host.cwd, folder), PROJECT_FILE);
        await writeFile(path, initConfig(), { flag: 'wx' }).catch((error: unknown) => {
          throw cannotWrite(path, error);
        });
        if (options.json === true) output.json({ path });
        else output.out(`wrote ${path}\n`);
        return exitCode.ok;
      }),
    );
}

function cannotWrite(path: string, error: unknown): Failure {
  const exists = errorCode(error) === 'EEXIST';
  return new Failure(
    'unreadable',
    exists ? `${path} exists already.` : `Cannot write ${path}: ${errorMessage(error)}`,
    {
      expected: exists ? `no ${PROJECT_FILE} there` : 'a folder that may be written',
      advice: exists ? 'Edit it, or remove it first.' : 'Check the folder and its permissions.',
    },
  );
}
