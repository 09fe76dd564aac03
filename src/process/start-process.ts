import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { errorCode } from '../kernel/error-code.js';
import { errorMessage } from '../kernel/error-message.js';
import { type Leader, makeAliveFifo, openAliveFifo, recordLeader, removeAliveFifo } from './alive-fifo.js';
import { startTicksOf } from './identity.js';
import { ATTEMPT_VARIABLE } from './process-table.js';
import type { ProcessSpec } from './supervise.js';

/** How the first process ended: by an exit code, or by a signal. */
export interface LeaderExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export type ProcessStart =
  | {
      readonly state: 'started';
      readonly leader: Leader;
      /** Settles when the first process was reaped, whatever its children hold open. */
      readonly exited: Promise<LeaderExit>;
      /** Opens the gate: writes stdin and closes it. */
      feed(): void;
    }
  /** Somebody asked to stop before the spawn. */
  | { readonly state: 'refrained' }
  | { readonly state: 'failed'; readonly spawnError: string; readonly spawnCode: string | null };

/** Makes the files of an attempt and spawns its first process, as leader of a group and session of its own. */
export async function startProcess(spec: ProcessSpec, refrain: () => boolean): Promise<ProcessStart> {
  if (refrain()) return { state: 'refrained' };
  if (statSync(spec.cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const spawnError = `Expected the working directory ${spec.cwd} to be a folder, but there is none.`;
    return { state: 'failed', spawnError, spawnCode: null };
  }
  const opened: number[] = [];
  try {
    mkdirSync(dirname(spec.aliveFifo), { recursive: true, mode: 0o700 });
    await makeAliveFifo(spec.aliveFifo);
    if (refrain()) {
      removeAliveFifo(spec.aliveFifo);
      return { state: 'refrained' };
    }
    const open = (descriptor: number) => {
      opened.push(descriptor);
      return descriptor;
    };
    const stdout = open(openOutput(spec.stdoutFile));
    const stderr = spec.stderrFile === spec.stdoutFile ? stdout : open(openOutput(spec.stderrFile));
    return await spawn(spec, [stdout, stderr, open(openAliveFifo(spec.aliveFifo))]);
  } catch (error) {
    return failed(spec, errorMessage(error), errorCode(error) ?? null);
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** Appending, so that processes which share the file write their lines one after the other. */
function openOutput(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o600);
}

async function spawn(
  spec: ProcessSpec,
  [stdout, stderr, fifo]: readonly [number, number, number],
): Promise<ProcessStart> {
  const [program, ...args] = spec.argv;
  const child = execa(program, args, {
    cwd: spec.cwd,
    env: { ...spec.env, [ATTEMPT_VARIABLE]: spec.tag },
    extendEnv: false,
    stdio: [
      spec.stdin === null ? 'ignore' : 'pipe',
      asWritable(stdout),
      asWritable(stderr),
      asReadable(fifo),
    ],
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
  });
  if (child.pid === undefined) {
    const result = await child;
    return failed(spec, result.originalMessage ?? `Could not start ${program}.`, result.code ?? null);
  }
  const exited = new Promise<LeaderExit>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  // settles late, or never while a descendant holds a stream; `exited` is what counts
  child.then(
    () => {},
    () => {},
  );
  const leader = { pid: child.pid, startTicks: startTicksOf(child.pid) };
  tryToRecordLeader(spec.aliveFifo, leader);
  return {
    state: 'started',
    leader,
    exited,
    feed() {
      // EPIPE: the program ended, or closed its stdin, without reading all of it
      child.stdin?.on('error', () => {});
      child.stdin?.end(spec.stdin);
    },
  };
}

/** On a full disk the attempt goes on: a later daemon still finds its processes, by the tag and the FIFO. */
function tryToRecordLeader(fifo: string, leader: Leader): void {
  try {
    recordLeader(fifo, leader);
  } catch {}
}

// Execa hands the descriptor of such a stream to the child as it is, and its types know no descriptor above 9.
const asWritable = (fd: number) => createWriteStream('', { fd, autoClose: false });
const asReadable = (fd: number) => createReadStream('', { fd, autoClose: false });

function failed(spec: ProcessSpec, spawnError: string, spawnCode: string | null): ProcessStart {
  removeAliveFifo(spec.aliveFifo);
  return { state: 'failed', spawnError, spawnCode };
}
