import type { Readable, Writable } from 'node:stream';
import { serveStdio } from '../transport/stdio.js';
import { exitCode } from './exit-code.js';
import { peerLimits, type ServeOptions, serve } from './serve.js';

export interface StandaloneOptions extends Omit<ServeOptions, 'endsWhenIdle'> {
  readonly input: Readable;
  readonly output: Writable;
  readonly hangup: AbortSignal;
}

/**
 * Hosts a whole daemon in this process for one client on its pipes; the daemon's socket is open too, because tasks call back. It
 * ends with that client, and resolves with the exit code of the process. Throws Failure `state_locked` naming the pid when a
 * daemon owns the state directory already.
 */
export async function serveStandalone(options: StandaloneOptions): Promise<number> {
  const daemon = await serve({ ...options, endsWhenIdle: false });
  const client = serveStdio({
    input: options.input,
    output: options.output,
    openSession: daemon.openSession,
    limits: peerLimits(options.config),
    hangup: options.hangup,
  });
  const first = await Promise.race([client, daemon.ended.then(() => null)]);
  daemon.stop({}, 'the client has gone');
  const end = await daemon.ended;
  return end.exitCode === exitCode.storageFailed ? exitCode.storageFailed : (first ?? end.exitCode);
}
