import type { Command } from 'commander';
import { protocolVersion } from '../../../protocol/scalars.js';
import { readBuildInfo } from '../../build-info.js';
import { exitCode } from '../../daemon/exit-code.js';
import type { CliHost } from '../host.js';
import { perform } from '../perform.js';

export function addVersionCommand(program: Command, host: CliHost): void {
  program
    .command('version')
    .summary('say which build this is')
    .option('--json', 'print {version, buildId, protocolVersion, node} as JSON')
    .addHelpText('after', '\nExample:\n  nu-sidecar version --json')
    .action((options: { readonly json?: boolean }, command: Command) =>
      perform(host, command, async (output) => {
        const { version, buildId } = readBuildInfo();
        if (options.json === true) output.json({ version, buildId, protocolVersion, node: host.nodeVersion });
        else
          output.out(
            `nu-sidecar ${version} (build ${buildId}, protocol ${protocolVersion}, Node ${host.nodeVersion})\n`,
          );
        return exitCode.ok;
      }),
    );
}
