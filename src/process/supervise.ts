import { statSync, truncateSync } from 'node:fs';
import { removeAliveFifo } from './alive-fifo.js';
import { type EndReport, endProcesses } from './end-processes.js';
import { type FoundProcesses, groupExists, searchAttempt } from './find-attempt.js';
import type { ProcessRow, ProcessTable } from './process-table.js';
import { startProcess } from './start-process.js';
import { systemProcessTable } from './system-process-table.js';

/** A program to run under supervision, with everything that identifies and bounds it. */
export interface ProcessSpec {
  /** The value of `SIDECAR_ATTEMPT` in the environment of every process of the attempt: `<state-id>/<attempt-id>`. */
  readonly tag: string;
  /** The program and its arguments; no shell reads them. A name without a slash is looked up on the PATH in `env`. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The complete environment, without the tag. */
  readonly env: Readonly<Record<string, string>>;
  /** Written once `spawned` was reported, then closed: the gate of a program that waits for it. Null: an empty stdin. */
  readonly stdin: string | Uint8Array | null;
  /** Where the FIFO is made whose read end the processes inherit as descriptor 3; removed when they are gone. */
  readonly aliveFifo: string;
  /**
   * The program writes to these files itself (opened for appending, 0600; folders are made), so that neither output nor life
   * depends on this process. Both may be the same path, which keeps the order of lines.
   */
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Bytes that both files together may reach; beyond it the program is stopped and each file is cut to the limit. */
  readonly outputLimitBytes: number;
  /** Milliseconds from the spawn until `timedOut` is reported; null: never. */
  readonly timeoutMs: number | null;
  /** Milliseconds from SIGKILL until a process that is still there is called unkillable. */
  readonly killDeadlineMs: number;
}

export interface ProcessHooks {
  spawned(info: { readonly pid: number; readonly startTicks: string | null }): void;
  /** Only reported; the owner answers with `stop`, so that the intent can be recorded before the act. */
  timedOut(): void;
  /**
   * Decides, after the leader exited, whether this was a success: then only the leftovers of its group are ended, and what
   * left the group is an output of the task. Not asked when nothing was spawned; a rejection counts as false.
   */
  succeeded(exit: ProcessExit): Promise<boolean>;
}

/** How the first process ended. */
export interface ProcessExit {
  /** Null when a signal ended it, or when it is not known to have ended. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The first of these that happened. */
  readonly reason: 'exited' | 'stopped' | 'output-limit' | 'spawn-failed';
  /** One sentence why nothing was spawned. */
  readonly spawnError?: string;
  /** The system's name of that error, such as `ENOENT`; null for a working directory that is none. */
  readonly spawnCode?: string | null;
}

export interface ProcessEnd {
  readonly exit: ProcessExit;
  readonly succeeded: boolean;
  /** After a success: the processes of the group that were still there and were ended. */
  readonly leftovers: readonly { readonly pid: number; readonly command: string }[];
  /** Processes that lived on at the kill deadline; empty: everything that had to go is confirmed gone. */
  readonly unkillable: readonly number[];
}

export interface SupervisedProcess {
  /** Rejects only when the process table cannot be read; then nothing is known of the processes. */
  readonly ended: Promise<ProcessEnd>;
  /**
   * SIGCONT, SIGTERM, after `graceMs` SIGKILL, to everything of the attempt. The first call counts; a later one with `force`
   * ends the grace at once.
   */
  stop(how: { readonly graceMs: number; readonly force?: boolean }): void;
}

/** The grace of processes that nobody asked to stop: leftovers after an exit, and a program over its output limit. */
const LEFTOVER_GRACE_MS = 1_000;

/** The files are the program's own, so their size is looked at, not counted. */
const OUTPUT_POLL_MS = 100;

/** From the last process gone until the exit of the leader must have been delivered. */
const EXIT_EVENT_LIMIT_MS = 1_000;

/** The longest delay that a Node timer takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs a program in a process group of its own and answers for every process that comes of it (engine-semantics A1). It
 * settles on the exit of the first process, whatever its children hold open, and then ends what must not stay: after a
 * success the rest of the group, otherwise the group, everything with the tag, and every holder of the FIFO.
 */
export function supervise(
  spec: ProcessSpec,
  hooks: ProcessHooks,
  table: ProcessTable = systemProcessTable(),
): SupervisedProcess {
  const stops = stopRequests();
  return {
    ended: superviseUntilGone(spec, hooks, table, stops),
    stop: (how) => stops.ask('stopped', how.graceMs, how.force === true),
  };
}

async function superviseUntilGone(
  spec: ProcessSpec,
  hooks: ProcessHooks,
  table: ProcessTable,
  stops: StopRequests,
): Promise<ProcessEnd> {
  const start = await startProcess(spec, () => stops.first() !== null);
  if (start.state === 'refrained') return nothingRan({ exitCode: null, signal: null, reason: 'stopped' });
  if (start.state === 'failed') {
    const { spawnError, spawnCode } = start;
    return nothingRan({ exitCode: null, signal: null, reason: 'spawn-failed', spawnError, spawnCode });
  }

  const { leader } = start;
  hooks.spawned(leader);
  start.feed();
  const unwatch = watch(spec, {
    timedOut: () => stops.first() === null && hooks.timedOut(),
    // the grace of a stop must not fill the disk either
    outputLimit: () => stops.ask('output-limit', LEFTOVER_GRACE_MS, stops.first()?.reason === 'stopped'),
  });
  const search = searchAttempt(table, { tag: spec.tag, aliveFifo: spec.aliveFifo, leader });
  const end = (find: () => Promise<FoundProcesses>, graceMs: number) =>
    endProcesses({ find, graceMs, killDeadlineMs: spec.killDeadlineMs, force: stops.force });

  try {
    const stopped = await Promise.race([start.exited.then(() => null), stops.asked]);
    if (stopped === null) unwatch();
    let ending: EndReport | null = null;
    let remaining: readonly ProcessRow[] = [];
    if (stopped !== null) ending = await end(search.all, stopped.graceMs);
    else if (groupExists(leader.pid)) remaining = (await search.groupAtExit()).rows;
    const leftovers = remaining.map((row) => ({ pid: row.pid, command: table.commandLine(row) }));

    const known = await within(EXIT_EVENT_LIMIT_MS, start.exited);
    const exit: ProcessExit = {
      exitCode: known?.exitCode ?? null,
      signal: known?.signal ?? null,
      reason: stopped?.reason ?? 'exited',
    };
    const succeeded = await hooks.succeeded(exit).catch(() => false);
    if (ending === null && !succeeded) ending = await end(search.all, LEFTOVER_GRACE_MS);
    if (ending === null && remaining.length > 0) ending = await end(search.groupOnly, LEFTOVER_GRACE_MS);

    const unkillable = ending?.unkillable ?? [];
    if (unkillable.length === 0) removeAliveFifo(spec.aliveFifo);
    if (unkillable.length === 0 && exit.reason === 'output-limit') cutOutput(spec);
    return { exit, succeeded, leftovers: succeeded ? leftovers : [], unkillable };
  } finally {
    unwatch();
  }
}

function nothingRan(exit: ProcessExit): ProcessEnd {
  return { exit, succeeded: false, leftovers: [], unkillable: [] };
}

interface StopRequest {
  readonly reason: 'stopped' | 'output-limit';
  readonly graceMs: number;
}

interface StopRequests {
  ask(reason: StopRequest['reason'], graceMs: number, force: boolean): void;
  first(): StopRequest | null;
  readonly asked: Promise<StopRequest>;
  /** Aborted by a request with force. */
  readonly force: AbortSignal;
}

/** The first request to stop is the reason; only `force` is taken from later ones. */
function stopRequests(): StopRequests {
  const force = new AbortController();
  let first: StopRequest | null = null;
  let announce: (request: StopRequest) => void = () => {};
  const asked = new Promise<StopRequest>((resolve) => {
    announce = resolve;
  });
  return {
    ask(reason, graceMs, forced) {
      first ??= { reason, graceMs };
      announce(first);
      if (forced) force.abort();
    },
    first: () => first,
    asked,
    force: force.signal,
  };
}

/** Arms the attempt timeout and the look at the output; the answer disarms both. */
function watch(
  spec: ProcessSpec,
  on: { readonly timedOut: () => unknown; readonly outputLimit: () => void },
): () => void {
  const cancelTimeout = spec.timeoutMs === null ? () => {} : fireAfter(spec.timeoutMs, on.timedOut);
  const poll = setInterval(() => {
    if (outputBytes(spec) > spec.outputLimitBytes) on.outputLimit();
  }, OUTPUT_POLL_MS);
  return () => {
    cancelTimeout();
    clearInterval(poll);
  };
}

function fireAfter(ms: number, fire: () => unknown): () => void {
  let timer: NodeJS.Timeout;
  const arm = (left: number) => {
    const step = Math.min(left, LONGEST_TIMER_MS);
    timer = setTimeout(() => (left > step ? arm(left - step) : fire()), step);
  };
  arm(ms);
  return () => clearTimeout(timer);
}

function outputFiles(spec: ProcessSpec): readonly string[] {
  return spec.stdoutFile === spec.stderrFile ? [spec.stdoutFile] : [spec.stdoutFile, spec.stderrFile];
}

function outputBytes(spec: ProcessSpec): number {
  const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return outputFiles(spec).reduce((sum, file) => sum + size(file), 0);
}

/** Only once every writer is gone: what came between the limit and the stop is given back to the disk. */
function cutOutput(spec: ProcessSpec): void {
  for (const file of outputFiles(spec)) {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > spec.outputLimitBytes) {
      truncateSync(file, spec.outputLimitBytes);
    }
  }
}

async function within<T>(limitMs: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, limitMs, null);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
