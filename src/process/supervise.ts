import { pause, within } from '../kernel/signal.js';
import { removeAliveFifo } from './alive-fifo.js';
import { type EndReport, endProcesses } from './end-processes.js';
import { type AttemptSearch, type FoundProcesses, LEAVE_GROUP_MS, searchAttempt } from './find-attempt.js';
import { pidExists } from './identity.js';
import type { ProcessTable } from './process-table.js';
import { type LeaderExit, startProcess } from './start-process.js';
import { type StopRequest, type StopRequests, stopRequests } from './stop-requests.js';
import { systemProcessTable } from './system-process-table.js';
import { cutOutput, watchLimits } from './watch-limits.js';

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
  /** Everything that had to go is confirmed gone. */
  readonly gone: boolean;
  /** What lived on at the kill deadline, as far as it can be named. */
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

/** From the last process gone until the exit of the leader must have been delivered. */
const EXIT_EVENT_LIMIT_MS = 1_000;

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
  if (start.state === 'refrained') return nothingRan({ ...unknownExit, reason: 'stopped' });
  if (start.state === 'failed') {
    const { spawnError, spawnCode } = start;
    return nothingRan({ ...unknownExit, reason: 'spawn-failed', spawnError, spawnCode });
  }

  const { leader, exited } = start;
  hooks.spawned(leader);
  start.feed();
  const unwatch = watchLimits(spec, {
    timedOut: () => stops.first() === null && hooks.timedOut(),
    // the grace of a stop must not fill the disk either
    outputLimit: () => stops.ask('output-limit', LEFTOVER_GRACE_MS, stops.first()?.reason === 'stopped'),
  });
  const live: LiveAttempt = {
    pid: leader.pid,
    exited,
    search: searchAttempt(table, { tag: spec.tag, aliveFifo: spec.aliveFifo, leader }),
    succeeded: (exit) => hooks.succeeded(exit).catch(() => false),
    end: (find, graceMs) =>
      endProcesses({ find, graceMs, killDeadlineMs: spec.killDeadlineMs, force: stops.force }),
    commandLine: table.commandLine,
  };
  try {
    const request = await Promise.race([exited.then(() => null), stops.asked]);
    if (request === null) unwatch();
    const end = request === null ? await settleExited(live) : await settleStopped(live, request);
    if (end.gone) {
      removeAliveFifo(spec.aliveFifo);
      if (end.exit.reason === 'output-limit') cutOutput(spec);
    }
    return end;
  } finally {
    unwatch();
  }
}

interface LiveAttempt {
  readonly pid: number;
  readonly exited: Promise<LeaderExit>;
  readonly search: AttemptSearch;
  readonly succeeded: (exit: ProcessExit) => Promise<boolean>;
  readonly end: (find: () => Promise<FoundProcesses>, graceMs: number) => Promise<EndReport>;
  readonly commandLine: ProcessTable['commandLine'];
}

/** Somebody asked to stop while the leader ran: everything goes, and whether it had succeeded is asked afterwards. */
async function settleStopped(live: LiveAttempt, request: StopRequest): Promise<ProcessEnd> {
  const ending = await live.end(live.search.all, request.graceMs);
  const leaderExit = await within(live.exited, EXIT_EVENT_LIMIT_MS, 'the exit of the leader').catch(
    () => unknownExit,
  );
  const exit: ProcessExit = { ...leaderExit, reason: request.reason };
  return { exit, succeeded: await live.succeeded(exit), leftovers: [], ...ending };
}

/** The leader exited by itself: a success keeps what left the group. */
async function settleExited(live: LiveAttempt): Promise<ProcessEnd> {
  const remains = pidExists(-live.pid) && (await live.search.groupAtExit()).rows.length > 0;
  const exit: ProcessExit = { ...(await live.exited), reason: 'exited' };
  if (!(await live.succeeded(exit))) {
    const ending = await live.end(live.search.all, LEFTOVER_GRACE_MS);
    return { exit, succeeded: false, leftovers: [], ...ending };
  }
  if (!remains) return { exit, succeeded: true, leftovers: [], ...allGone };
  await pause(LEAVE_GROUP_MS);
  const { rows } = await live.search.groupOnly();
  const leftovers = rows.map((row) => ({ pid: row.pid, command: live.commandLine(row) }));
  const ending = rows.length === 0 ? allGone : await live.end(live.search.groupOnly, LEFTOVER_GRACE_MS);
  return { exit, succeeded: true, leftovers, ...ending };
}

const allGone: EndReport = { gone: true, unkillable: [] };

const unknownExit: LeaderExit = { exitCode: null, signal: null };

function nothingRan(exit: ProcessExit): ProcessEnd {
  return { exit, succeeded: false, leftovers: [], ...allGone };
}
