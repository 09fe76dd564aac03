import { spawn } from 'node:child_process';
import { Failure } from '../kernel/failure.js';
import { cancelled, onAbort, throwIfCancelled } from '../kernel/signal.js';

export interface CaptureRequest {
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; 30,000 by default. */
  readonly timeoutMs?: number;
  /** Bytes of stdout and of stderr; 64 MiB by default. */
  readonly limitBytes?: number;
}

export interface Capture {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs nu for the sidecar's own questions (its version, what a module exports, a file read by its parser) and
 * collects what it writes. None of them runs a user's code, so nothing may outlive it: its whole process group
 * is killed at the end. Work of users goes through `process/supervise.ts` instead.
 *
 * Throws Failure `nu_missing` when nu cannot be started, `timeout`, `limit_exceeded` and `request_cancelled`.
 */
export function captureNu(request: CaptureRequest): Promise<Capture> {
  throwIfCancelled(request.signal);
  const timeoutMs = request.timeoutMs ?? 30_000;
  const limit = request.limitBytes ?? 64 * 1024 * 1024;
  return new Promise((resolve, reject) => {
    const child = spawn(request.path, request.args, {
      cwd: request.cwd,
      env: request.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const endGroup = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group has ended already.
      }
    };
    let failure: Failure | undefined;
    const stop = (reason: Failure) => {
      failure ??= reason;
      endGroup();
    };
    const timer = setTimeout(
      () => stop(new Failure('timeout', `Nushell gave no answer within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    const stopListening = request.signal ? onAbort(request.signal, () => stop(cancelled())) : undefined;
    const collect = (stream: NodeJS.ReadableStream): (() => string) => {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > limit) stop(tooMuch(limit));
        else chunks.push(chunk);
      });
      return () => Buffer.concat(chunks).toString('utf8');
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const settle = () => {
      clearTimeout(timer);
      stopListening?.();
    };
    // A nu that ends without reading its input breaks this pipe; its exit says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(request.stdin ?? '');
    child.once('exit', endGroup);
    child.once('error', (error) => {
      settle();
      reject(failure ?? notStarted(request, error));
    });
    child.once('close', (exitCode) => {
      settle();
      if (failure) reject(failure);
      else resolve({ exitCode, stdout: stdout(), stderr: stderr() });
    });
  });
}

function tooMuch(limit: number): Failure {
  return new Failure('limit_exceeded', `Expected at most ${limit} bytes from Nushell, got more.`, {
    expected: `at most ${limit} bytes`,
  });
}

function notStarted(request: CaptureRequest, error: Error): Failure {
  return new Failure(
    'nu_missing',
    `Nushell at ${request.path} could not be started in ${request.cwd}: ${error.message}.`,
    { advice: 'Check that the file is executable and that the working directory exists.' },
    { cause: error },
  );
}
