import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a node that does nothing but stay, while the work goes on: the floor of every figure about a process. */
export async function withBareNode<T>(work: (pid: number) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  await once(child, 'spawn');
  try {
    return await work(child.pid ?? 0);
  } finally {
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }
}

/** Milliseconds from the spawn to the end of a node that runs nothing. */
export async function bareStartMs(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'close');
  return performance.now() - start;
}
