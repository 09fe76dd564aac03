import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readDiscovery } from '../src/daemon/discovery.js';
import { within } from '../src/kernel/signal.js';

const program = fileURLToPath(new URL('../src/main.js', import.meta.url));
const limitMs = 30_000;

export interface DaemonProcess {
  readonly pid: number;
  readonly rpcSocket: string;
  /** From the spawn to the line that says it is ready. */
  readonly startMs: number;
}

/** Runs the real daemon as a process of its own while the work goes on. It is told to end, or killed when it has too much to do. */
export async function withDaemon<T>(
  stateDirectory: string,
  work: (daemon: DaemonProcess) => Promise<T>,
  end: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): Promise<T> {
  const start = performance.now();
  const child = spawn(process.execPath, [program, 'serve', '--state-dir', stateDirectory], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', HOME: stateDirectory },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  try {
    await within(ready(child), limitMs, 'the daemon to be ready');
    const startMs = performance.now() - start;
    const discovery = await readDiscovery(stateDirectory);
    if (discovery === null)
      throw new Error('The daemon says that it is ready, and no discovery.json names it.');
    return await work({ pid: discovery.pid, rpcSocket: discovery.rpcSocket, startMs });
  } finally {
    child.kill(end);
    await within(ended, limitMs, 'the daemon to end').catch(() => child.kill('SIGKILL'));
  }
}

/** Resolves with the line that says so; rejects with what the daemon said instead. */
async function ready(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  if (child.stderr === null) return;
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith('nu-sidecar is ready')) {
      // What follows is its log; unread, it would fill the pipe and stop the daemon.
      child.stderr.resume();
      return;
    }
    said.push(line);
  }
  throw new Error(`The daemon ended before it was ready: ${said.join('\n')}`);
}

/** Gives the work a folder that is removed afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sidecar-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
