import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { followRun, hasEnded } from '../../client/follow-run.js';
import type { Client } from '../../client/open-client.js';
import type { Run } from '../../client/requests.js';
import { type ExitCode, exitCode } from '../../daemon/exit-code.js';
import { errorMessage } from '../../kernel/error-message.js';
import { Failure } from '../../kernel/failure.js';
import { within } from '../../kernel/signal.js';
import { keyValues } from '../argument-value.js';
import { connectDaemon } from '../connect-daemon.js';
import { isInvocationFault } from '../failure-text.js';
import type { CliHost } from '../host.js';
import { watchInterrupts } from '../interrupts.js';
import { type GlobalOptions, locate } from '../locate.js';
import { type NextCommands, nextCommands } from '../next-commands.js';
import { type Output, perform } from '../perform.js';
import { runReport } from '../run-report.js';
import { noProgress, type ProgressView, showProgress } from '../show-progress.js';
import {
  addInputOptions,
  givenInputs,
  type InputOptions,
  inputParams,
  repeated,
} from '../workflow-inputs.js';

interface RunOptions extends GlobalOptions, InputOptions {
  readonly label?: readonly string[];
  readonly idempotencyKey?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
}

export function addRunCommand(program: Command, host: CliHost): void {
  addInputOptions(program.command('run'))
    .summary('run a workflow file and follow it to its end')
    .description(
      'Submits the workflow file to the sidecar (starting it when there is none) and follows the run to its end. The run is on disk before it begins: it goes on when this command, or the sidecar, is killed.',
    )
    .argument('<file>', 'the workflow file; its project is found from its folder upwards')
    .option('-l, --label <key=value>', 'a label to find the run by; may be repeated', repeated)
    .option(
      '-k, --idempotency-key <key>',
      'the same key with the same workflow and inputs gives the same run',
    )
    .option('-d, --detach', 'return as soon as the run is on disk')
    .option('--json', 'print the run as one JSON document and nothing else')
    .addHelpText('after', help)
    .action((file: string, options: RunOptions, command: Command) =>
      perform(
        host,
        command,
        (output) => runWorkflow(host, file, { ...options, ...command.optsWithGlobals() }, output),
        { codeOf: (error) => (isInvocationFault(error) ? exitCode.invalid : exitCode.refused) },
      ),
    );
}

const help = `
Ctrl-C asks for a cancel and waits for the clean-up; a second Ctrl-C leaves, and the cancel stays in force.

Exit codes: 0 succeeded, 1 failed, 2 invalid file or inputs, 3 no run could be made, 130 cancelled.

Examples:
  nu-sidecar run workflows/deploy.toml --input infra=demo
  nu-sidecar run deploy.toml --inputs '{"servers": ["web-1", "web-2"]}' --label team=web
  nu-sidecar run deploy.toml --inputs @inputs.json --json | from json    # in Nushell`;

async function runWorkflow(
  host: CliHost,
  file: string,
  options: RunOptions,
  output: Output,
): Promise<ExitCode> {
  const given = await givenInputs(host, options);
  const labels = options.label === undefined ? {} : { labels: keyValues('--label', options.label) };
  const target = await locate(host, options, { file });
  const next = nextCommands(host, target);
  const path = resolve(host.cwd, file);
  const view = await progressView(host, options, output);
  const client = connectDaemon(host, target, {
    onLost: () => view.notice('The sidecar is gone; starting it again: the run goes on.'),
  });
  try {
    const interrupt = createInterrupt(client, view);
    const stopWatching = watchInterrupts(host.signals, interrupt.press);
    try {
      const { runId } = await client.request(
        'workflow/submit',
        {
          path,
          ...inputParams(given),
          ...labels,
          // Every submit has a key, so that one whose answer was lost can be sent again without a second run.
          idempotencyKey: options.idempotencyKey ?? randomUUID(),
        },
        { signal: interrupt.left },
      );
      interrupt.runIs(runId);
      if (options.detach !== true) {
        await followRun(client, runId, { onChange: view.update, signal: interrupt.left });
      }
      view.close();
      return tell(host, await client.request('run/get', { runId }), options, output, next);
    } catch (error) {
      view.close();
      if (!interrupt.left.aborted) throw error;
      return await leave(client, interrupt.runId(), options, output, next);
    } finally {
      stopWatching();
    }
  } finally {
    await client.close();
  }
}

/** Progress goes where people look: to stdout, or with `--json` to stderr if that is a terminal. */
async function progressView(host: CliHost, options: RunOptions, output: Output): Promise<ProgressView> {
  if (options.detach === true) return noProgress;
  if (options.json !== true) return showProgress(host.stdout, output.colors, Date.now);
  return host.stderr.isTTY === true ? showProgress(host.stderr, output.errorColors, Date.now) : noProgress;
}

function tell(host: CliHost, run: Run, options: RunOptions, output: Output, next: NextCommands): ExitCode {
  if (options.json === true) output.json(run);
  else if (hasEnded(run.state)) {
    const columns = host.stdout.columns ?? 100;
    output.out(`\n${runReport(run, { columns, colors: output.colors, now: Date.now(), next })}`);
  } else {
    output.out(`run ${run.id} is ${run.state}\nnext:\n  ${next.follow(run.id)}\n  ${next.show(run.id)}\n`);
  }
  if (run.state === 'cancelled') return exitCode.cancelled;
  return run.state === 'succeeded' || !hasEnded(run.state) ? exitCode.ok : exitCode.failed;
}

/** The two meanings of Ctrl-C. */
interface Interrupt {
  readonly press: (press: number) => void;
  /** Fires at the second press. */
  readonly left: AbortSignal;
  runIs(runId: string): void;
  runId(): string | null;
}

function createInterrupt(client: Client, view: ProgressView): Interrupt {
  const leaving = new AbortController();
  let runId: string | null = null;
  let wanted = false;
  const cancel = () => {
    if (!wanted || runId === null) return;
    client.request('run/cancel', { runId }).catch((error: unknown) => {
      const ended = error instanceof Failure && error.error === 'run_ended';
      if (!ended) view.notice(`The cancel was refused: ${errorMessage(error)}`);
    });
  };
  return {
    press: (press) => {
      if (press > 1) return leaving.abort();
      wanted = true;
      view.notice(
        'Cancelling: waiting for the clean-up. Ctrl-C again leaves, and the cancel stays in force.',
      );
      cancel();
    },
    left: leaving.signal,
    runIs: (id) => {
      runId = id;
      cancel();
    },
    runId: () => runId,
  };
}

async function leave(
  client: Client,
  runId: string | null,
  options: RunOptions,
  output: Output,
  next: NextCommands,
): Promise<ExitCode> {
  const left = new Failure(
    'request_cancelled',
    'Left before the submit was answered: see "nu-sidecar runs".',
  );
  if (options.json === true) {
    // Who pressed twice is in a hurry: a sidecar that does not answer at once is not waited for.
    const answer =
      runId === null
        ? null
        : await within(client.request('run/get', { runId }), 1000, 'the run').catch(() => null);
    output.json(answer ?? { error: { name: left.error, message: left.message } });
  } else if (runId === null) {
    output.err(`${left.message}\n`);
  } else {
    output.err(`Left. The cancel of run ${runId} stays in force:\n  ${next.show(runId)}\n`);
  }
  return exitCode.cancelled;
}
