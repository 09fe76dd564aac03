import type { Log } from '../kernel/log.js';
import { type ProcessEnd, type SupervisedProcess, supervise } from '../process/supervise.js';
import type { AttemptOrder, AttemptOutcome, DispatchReports } from '../workflow/ports.js';
import { type AttemptFiles, attemptFiles } from './attempt-files.js';
import { noteInLog } from './attempt-log.js';
import { execProgram } from './exec-program.js';
import type { Executors } from './executors.js';
import { exitError, outputLimitError, spawnError } from './exit-error.js';
import { explainFailure, finalBuildFailures } from './explain-failure.js';
import type { LiveAttempt, StopHow } from './live-attempt.js';
import { addToLogIndex } from './log-index.js';
import { nuProgram } from './nu-program.js';
import type { Program } from './program.js';
import type { ResultReader } from './result-file.js';

export interface ProcessContext {
  readonly stateDirectory: string;
  readonly stateId: string;
  readonly nu: Executors['nu'];
  readonly result: ResultReader;
  readonly reports: Pick<DispatchReports, 'spawned' | 'timedOut'>;
  readonly log: Log;
  readonly killDeadlineMs: number;
  readonly outputLimitBytes: number;
}

/** Runs an order of a process kind (nu, script, code, exec) under supervision. */
export function startProcessAttempt(order: AttemptOrder, context: ProcessContext): LiveAttempt {
  let stopped: StopHow | null = null;
  let supervised: SupervisedProcess | null = null;

  const run = async (): Promise<AttemptOutcome> => {
    const files = attemptFiles(context.stateDirectory, order.attemptId, order.runId);
    const program = await programOf(order, files, context);
    if (stopped !== null) return { outcome: 'gone' };
    addToLogIndex(context.stateDirectory, order.runId, order.attemptId);
    supervised = superviseProgram(order, program, files, context);
    const end = await supervised.ended.catch((error: unknown) => {
      context.log.error(
        { err: error, attemptId: order.attemptId },
        'The processes of an attempt are unknown.',
      );
      return null;
    });
    // nothing confirms that they are gone, so the attempt must not be replaced
    if (end === null) return { outcome: 'unkillable', pids: [] };
    return outcomeOf(end, order, program, files, context);
  };

  return {
    outcome: run().catch((error: unknown) => explainFailure(error, context.log, finalBuildFailures)),
    stop(how) {
      stopped ??= how;
      supervised?.stop(how);
    },
  };
}

async function programOf(
  order: AttemptOrder,
  files: AttemptFiles,
  context: ProcessContext,
): Promise<Program> {
  return order.action.kind === 'exec'
    ? execProgram(order, order.action.argv, files)
    : await nuProgram(order, files, context);
}

function superviseProgram(
  order: AttemptOrder,
  program: Program,
  files: AttemptFiles,
  context: ProcessContext,
): SupervisedProcess {
  const { attemptId } = order;
  const { argv, stdin, stdoutFile } = program;
  const spec = {
    tag: attemptTag(context.stateId, attemptId),
    argv,
    cwd: order.cwd,
    env: order.env,
    stdin,
    aliveFifo: files.fifo,
    stdoutFile,
    stderrFile: files.stderr,
    outputLimitBytes: context.outputLimitBytes,
    timeoutMs: order.timeoutMs,
    killDeadlineMs: context.killDeadlineMs,
  };
  return supervise(spec, {
    spawned: (info) => context.reports.spawned(attemptId, info),
    timedOut: () => context.reports.timedOut(attemptId),
    succeeded: (exit) => program.succeeded(exit),
  });
}

/** The value of `SIDECAR_ATTEMPT` in the processes of an attempt. */
export function attemptTag(stateId: string, attemptId: string): string {
  return `${stateId}/${attemptId}`;
}

/** A result is a fact and wins over a stop; a process that may still be there wins over every failure. */
async function outcomeOf(
  end: ProcessEnd,
  order: AttemptOrder,
  program: Program,
  files: AttemptFiles,
  context: ProcessContext,
): Promise<AttemptOutcome> {
  const { exit, unkillable } = end;
  const [name] = program.argv;
  note(end, order, files, context);
  if (exit.reason === 'spawn-failed') {
    return { outcome: 'error', ...spawnError(name, order.env.PATH, exit) };
  }
  if (end.succeeded) return { outcome: 'succeeded', output: await program.output() };
  if (!end.gone) return { outcome: 'unkillable', pids: unkillable };
  if (exit.reason === 'output-limit') {
    return { outcome: 'error', ...outputLimitError(name, context.outputLimitBytes, files.stderr) };
  }
  const complaint = await program.complaint(exit);
  if (complaint !== null) return { outcome: 'error', ...complaint };
  if (exit.reason === 'stopped') return { outcome: 'gone' };
  return { outcome: 'error', ...exitError(name, exit, files.stderr) };
}

/** Names, in the attempt's log, what was ended beside the program, and what could not be. */
function note(end: ProcessEnd, order: AttemptOrder, files: AttemptFiles, context: ProcessContext): void {
  for (const { pid, command } of end.leftovers) {
    noteInLog(
      files.stderr,
      `the task succeeded and left process ${pid} (${command}) in its group: it was ended.`,
    );
  }
  if (!end.gone) noteUnkillable(order.attemptId, end.unkillable, files, context.log);
}

/** Names, in the attempt's log and in ours, what could not be ended. */
export function noteUnkillable(
  attemptId: string,
  pids: readonly number[],
  files: AttemptFiles,
  log: Log,
): void {
  const names = pids.length === 0 ? 'another user holds them' : pids.join(', ');
  noteInLog(files.stderr, `processes of the task could not be ended: ${names}.`);
  log.warn({ attemptId, pids }, 'Processes of an attempt could not be ended.');
}
