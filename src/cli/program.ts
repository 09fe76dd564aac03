import { Command, CommanderError } from 'commander';
import { type ExitCode, exitCode } from '../daemon/exit-code.js';
import { addCallCommand } from './commands/call.js';
import { addCancelCommand } from './commands/cancel.js';
import { addCompletionCommand } from './commands/completion.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addEventsCommand } from './commands/events.js';
import { addInitCommand } from './commands/init.js';
import { addLogsCommand } from './commands/logs.js';
import { addOpenCommand } from './commands/open.js';
import { addPlanCommand } from './commands/plan.js';
import { addRenderCommand } from './commands/render.js';
import { addRunCommand } from './commands/run.js';
import { addRunsCommand } from './commands/runs.js';
import { addServeCommand } from './commands/serve.js';
import { addStartCommand } from './commands/start.js';
import { addStatusCommand } from './commands/status.js';
import { addStdioCommand } from './commands/stdio.js';
import { addStopCommand } from './commands/stop.js';
import { addValidateCommand } from './commands/validate.js';
import { addVersionCommand } from './commands/version.js';
import type { CliHost } from './host.js';
import { CommandEnd } from './perform.js';

const groups = [
  ['Workflows:', [addRunCommand, addValidateCommand, addPlanCommand]],
  ['Runs:', [addRunsCommand, addLogsCommand, addEventsCommand, addCancelCommand]],
  ['Templates, files, any method:', [addRenderCommand, addOpenCommand, addCallCommand]],
  [
    'The sidecar:',
    [addStartCommand, addStopCommand, addStatusCommand, addDoctorCommand, addServeCommand, addStdioCommand],
  ],
  ['Setting up:', [addInitCommand, addCompletionCommand, addVersionCommand]],
] as const;

/** The command line: every command with its options and help, in a program that writes to the host and never ends the process. */
export function createProgram(host: CliHost): Command {
  const program = new Command('nu-sidecar')
    .description(
      'Runs workflows of Nushell commands durably and in parallel; renders templates and loads files with every type intact.',
    )
    .option(
      '--project <dir>',
      'the project (default: the folder with sidecar.toml above the named file or here)',
    )
    .option('--state-dir <dir>', 'where state is kept (default: .sidecar in the project; SIDECAR_STATE_DIR)')
    .helpCommand('help [command]', 'show the help of a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for help)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns ?? 100,
      getErrHelpWidth: () => host.stderr.columns ?? 100,
    });
  for (const [heading, commands] of groups) {
    program.commandsGroup(heading);
    for (const add of commands) add(program, host);
  }
  return program;
}

/** Parses the arguments, runs the command, and resolves with the exit code of the process: 2 when the arguments are wrong. */
export async function runCli(host: CliHost): Promise<ExitCode> {
  try {
    await createProgram(host).parseAsync(host.args, { from: 'user' });
    return exitCode.ok;
  } catch (error) {
    if (error instanceof CommandEnd) return error.exitCode;
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.invalid;
    throw error;
  }
}
