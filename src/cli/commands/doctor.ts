import type { Command } from 'commander';
import { protocolVersion } from '../../../protocol/scalars.js';
import { readBuildInfo } from '../../build-info.js';
import { type CheckResult, examine } from '../../daemon/doctor.js';
import { exitCode } from '../../daemon/exit-code.js';
import type { CliHost } from '../host.js';
import { findPlace, type GlobalOptions, loadSettings } from '../locate.js';
import type { Palette } from '../palette.js';
import { perform } from '../perform.js';
import { harmless } from '../terminal-text.js';

export function addDoctorCommand(program: Command, host: CliHost): void {
  program
    .command('doctor')
    .summary('say what is wrong, and how to cure it')
    .description(
      'Looks at Node, Nushell, the settings, the state directory, its lock and socket, the running sidecar, processes of tasks, and the log. It changes and starts nothing.',
    )
    .option('--json', 'print {healthy, checks} as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing is wrong, 1 something is.\n\nExample:\n  nu-sidecar doctor --project /srv/infra',
    )
    .action((_: unknown, command: Command) =>
      perform(host, command, async (output) => {
        const options = command.optsWithGlobals<GlobalOptions & { readonly json?: boolean }>();
        const { project, directories } = await findPlace(host, options);
        const checks = await examine({
          project,
          directories,
          loadSettings: () => loadSettings(host, project),
          nodeVersion: host.nodeVersion,
          searchPath: host.env['PATH'] ?? '',
          uid: host.uid,
          build: { buildId: readBuildInfo().buildId, protocolVersion },
        });
        const healthy = checks.every(({ status }) => status !== 'problem');
        if (options.json === true) output.json({ healthy, checks: checks.map((check) => ({ ...check })) });
        else output.out(checks.map((check) => checkText(check, output.colors)).join(''));
        return healthy ? exitCode.ok : exitCode.failed;
      }),
    );
}

function checkText({ name, status, message, cure }: CheckResult, colors: Palette): string {
  const sign = { ok: colors.green('✓'), note: colors.yellow('!'), problem: colors.red('✗') }[status];
  const cureLine = cure === undefined ? '' : `${' '.repeat(18)}${colors.cyan('cure:')} ${harmless(cure)}\n`;
  return `${sign} ${name.padEnd(15)} ${harmless(message)}\n${cureLine}`;
}
