import type { Command } from 'commander';
import { exitCode } from '../../daemon/exit-code.js';
import { readStatus } from '../../daemon/status.js';
import { isRecord, type ValueRecord } from '../../kernel/value/value.js';
import { elapsedText } from '../elapsed-text.js';
import type { CliHost } from '../host.js';
import { type GlobalOptions, locate } from '../locate.js';
import { type Output, perform } from '../perform.js';
import { shortValue } from '../short-value.js';
import { spacedWords } from '../spaced-words.js';

export function addStatusCommand(program: Command, host: CliHost): void {
  program
    .command('status')
    .summary('say whether the sidecar runs, and how it is')
    .option('--json', 'print {running, status} as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 it runs, 1 it does not.\n\nExample:\n  nu-sidecar status --json | from json | get status.health    # in Nushell',
    )
    .action((_: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<GlobalOptions & { readonly json?: boolean }>();
        const { directories } = await locate(host, options);
        const status = await readStatus(directories.stateDirectory);
        if (options.json === true)
          output.json({ running: status !== null, ...(status === null ? {} : { status }) });
        else if (status === null) {
          output.out(
            `nu-sidecar does not run for ${directories.stateDirectory}; commands start it when they need it\n`,
          );
        } else tellStatus(status, output);
        return status === null ? exitCode.failed : exitCode.ok;
      }),
    );
}

function tellStatus(status: ValueRecord, output: Output): void {
  const lines = Object.entries(status).map(([key, value]) => {
    const name = spacedWords(key).replace(/ ms$/, '');
    const text = key === 'uptimeMs' && typeof value === 'number' ? elapsedText(value) : valueText(value);
    return text === '' ? '' : `${output.colors.cyan(name.padEnd(17))} ${text}\n`;
  });
  output.out(lines.join(''));
}

function valueText(value: ValueRecord[string]): string {
  if (value === undefined) return '';
  if (!isRecord(value)) return shortValue(value, 400);
  return Object.entries(value)
    .map(([key, field]) => `${key} ${shortValue(field, 200)}`)
    .join(', ');
}
