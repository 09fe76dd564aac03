import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../kernel/failure.js';
import { cancelled, onAbort, throwIfCancelled } from '../kernel/signal.js';
import type { Value } from '../kernel/value/value.js';
import type { ProcessEnd, supervise } from '../process/supervise.js';
import { explainExit, explainLog } from './explain-log.js';
import type { NuBinary } from './find-nu.js';
import type { Inspector } from './inspector.js';
import { buildNuProcess, type NuAction } from './nu-process.js';
import { type NuError, type NuResult, readResult } from './result.js';

export interface NuCallRequest {
  readonly action: NuAction;
  readonly input?: Value | undefined;
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment, but for the tag. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds; undefined: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Keep Nushell's types in the result, instead of their JSON forms. */
  readonly typed?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a command, script or snippet in a nu of its own and resolves with its value. However it ends, its
 * processes are gone then, but for those that left its group after a success.
 *
 * Throws Failure `nu_failed` with Nushell's code, label, help and place, and the end of what was printed;
 * `command_unknown`, `arguments_invalid`, `unreadable`, `nu_missing`, `timeout`, `limit_exceeded`,
 * `request_cancelled`.
 */
export type CallNu = (request: NuCallRequest) => Promise<Value>;

export interface NuCallerOptions {
  readonly findNu: () => Promise<NuBinary>;
  readonly inspector: Inspector;
  readonly libraries: readonly string[];
  readonly supervise: typeof supervise;
  /** Calls have a folder here while they run; made 0700. A daemon that was killed leaves some behind. */
  readonly directory: string;
  readonly stateId: string;
  /** Milliseconds from SIGTERM to SIGKILL. */
  readonly graceMs: number;
  readonly killDeadlineMs: number;
  readonly outputLimitBytes: number;
}

/** Creates the caller for clients' own calls: the same programs and supervision as for tasks, without a run. */
export function createNuCaller(options: NuCallerOptions): CallNu {
  return async (request) => {
    throwIfCancelled(request.signal);
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(options.directory, 'call-'));
    try {
      return await callIn(folder, request, options);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** The tag of the processes of a call, by its folder: so a later daemon finds those of a call that was never answered. */
export const callTag = (stateId: string, folder: string): string => `${stateId}/call/${basename(folder)}`;

async function callIn(folder: string, request: NuCallRequest, options: NuCallerOptions): Promise<Value> {
  const resultFile = join(folder, 'result');
  const codeFile = join(folder, 'code.nu');
  const logFile = join(folder, 'log');
  const prepared = await buildNuProcess({
    nu: await options.findNu(),
    inspector: options.inspector,
    libraries: options.libraries,
    action: request.action,
    input: request.input,
    cwd: request.cwd,
    env: request.env,
    resultFile,
    codeFile,
    ...(request.typed === undefined ? {} : { typed: request.typed }),
    signal: request.signal,
  });
  throwIfCancelled(request.signal);
  let result: NuResult = { complete: false };
  let stoppedBy: Failure | undefined;
  const stop = (reason: Failure) => {
    stoppedBy ??= reason;
    running.stop({ graceMs: options.graceMs });
  };
  const running = options.supervise(
    {
      tag: callTag(options.stateId, folder),
      argv: prepared.argv,
      cwd: request.cwd,
      env: request.env,
      stdin: prepared.stdin,
      aliveFifo: join(folder, 'alive'),
      stdoutFile: logFile,
      stderrFile: logFile,
      outputLimitBytes: options.outputLimitBytes,
      timeoutMs: request.timeoutMs ?? null,
      killDeadlineMs: options.killDeadlineMs,
    },
    {
      spawned: () => undefined,
      timedOut: () => stop(new Failure('timeout', `Nushell gave no result within ${request.timeoutMs} ms.`)),
      succeeded: async () => {
        result = readResult(await readOrEmpty(resultFile), { typed: request.typed === true });
        return result.complete && 'ok' in result.outcome;
      },
    },
  );
  const stopListening = request.signal ? onAbort(request.signal, () => stop(cancelled())) : undefined;
  try {
    const end = await running.ended;
    return await settle(result, end, stoppedBy, { logFile, codeFile });
  } finally {
    stopListening?.();
  }
}

/** A result that was complete before the stop took hold counts. */
async function settle(
  result: NuResult,
  end: ProcessEnd,
  stoppedBy: Failure | undefined,
  files: { readonly logFile: string; readonly codeFile: string },
): Promise<Value> {
  const outcome = result.complete ? result.outcome : undefined;
  if (outcome !== undefined && 'ok' in outcome) return outcome.ok;
  if (stoppedBy !== undefined) throw withProcesses(stoppedBy, end.unkillable);
  const log = await tail(files.logFile);
  if (outcome !== undefined) throw nuFailed(outcome.error, log, files.codeFile);
  const { reason, spawnError, exitCode, signal } = end.exit;
  if (reason === 'spawn-failed')
    throw new Failure('nu_missing', spawnError ?? 'Nushell could not be started.');
  if (reason === 'output-limit') {
    throw new Failure('limit_exceeded', 'The code printed more than it may.', {
      advice: 'Print less, or raise the limit on output in sidecar.toml.',
      log,
    });
  }
  const explained = explainLog(log);
  if (explained !== null) throw nuFailed(explained.error, log, files.codeFile);
  throw new Failure('nu_failed', explainExit(exitCode, signal), {
    exitCode,
    log,
    advice: 'Return the value instead of ending the process, and see the end of its output in log.',
  });
}

/**
 * The file of a snippet is gone when its client reads this: line and column alone name the place in what he
 * sent.
 */
function nuFailed(error: NuError, log: string, codeFile: string): Failure {
  const { help, file, ...data } = error.data;
  return new Failure('nu_failed', error.message, {
    ...data,
    ...(file === undefined || file === codeFile ? {} : { file }),
    ...(help === undefined ? {} : { help }),
    ...(typeof help === 'string' ? { advice: help } : {}),
    log,
  });
}

function withProcesses(failure: Failure, pids: readonly number[]): Failure {
  if (pids.length === 0) return failure;
  return new Failure(
    failure.error,
    `${failure.message} Its processes could not be ended: ${pids.join(', ')}.`,
    {
      ...failure.data,
      pids,
      advice: 'End them by hand.',
    },
  );
}

async function readOrEmpty(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

const tailBytes = 8 * 1024;

async function tail(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
