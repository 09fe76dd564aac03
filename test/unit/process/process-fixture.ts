import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { packageRoot } from '../../../src/package-root.js';
import { listAttemptProcesses } from '../../../src/process/list-attempt-processes.js';
import type { ProcessSpec } from '../../../src/process/supervise.js';

/** A folder of the test's own, removed after it. */
export function ownFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'nu-sidecar-process-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The path of a program in test/fixtures/processes. */
export function program(name: string): string {
  return join(packageRoot(), 'test', 'fixtures', 'processes', name);
}

/** A supervised process in a folder; its state id is the folder's name, so that nothing else can have its tags. */
export function specIn(
  folder: string,
  argv: ProcessSpec['argv'],
  changes: Partial<ProcessSpec> = {},
): ProcessSpec {
  return {
    tag: `${stateIdOf(folder)}/r-1/t/1.1@1`,
    argv,
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    stdin: null,
    aliveFifo: join(folder, 'attempt', 'alive'),
    stdoutFile: join(folder, 'logs', 'log'),
    stderrFile: join(folder, 'logs', 'log'),
    outputLimitBytes: 1024 * 1024,
    timeoutMs: null,
    killDeadlineMs: 10_000,
    ...changes,
  };
}

export function stateIdOf(folder: string): string {
  return folder.split('/').at(-1) ?? folder;
}

/** Ends, by pid, whatever a test's attempt has left with its tag. */
export async function endLeftProcesses(folder: string): Promise<void> {
  for (const { pid } of await listAttemptProcesses(stateIdOf(folder))) process.kill(pid, 'SIGKILL');
}
