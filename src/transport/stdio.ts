import type { Readable, Writable } from 'node:stream';
import { Failure } from '../kernel/failure.js';
import type { OpenSession } from '../kernel/session-port.js';
import { onAbort } from '../kernel/signal.js';
import { Peer, type PeerEnd } from './peer.js';
import type { PeerLimits } from './peer-limits.js';

export interface StdioOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly openSession: OpenSession;
  readonly limits?: Partial<PeerLimits>;
  /** Fires on SIGHUP or the death of the parent: requests in flight are cancelled instead of awaited. */
  readonly hangup: AbortSignal;
}

/**
 * Serves one client over a pair of pipes and resolves with the exit code of the process. At the end of the input the
 * requests in flight are answered first: a script pipes lines in and reads lines out.
 */
export async function serveStdio(options: StdioOptions): Promise<number> {
  const peer = new Peer({ ...options, acceptAttach: false });
  const stop = onAbort(options.hangup, () =>
    peer.close(new Failure('request_cancelled', 'The client of this process has gone.')),
  );
  try {
    return exitCode(await peer.ended);
  } finally {
    stop();
  }
}

/**
 * LSP 3.17 §exit: 0 only after `shutdown`. JSON lines have no handshake, so their end is success; a stream that could not
 * be read to its end is not.
 */
export function exitCode({ reason, framing, shutDown }: PeerEnd): 0 | 1 {
  switch (reason) {
    case 'eof':
      return framing === 'headers' && !shutDown ? 1 : 0;
    case 'exit':
      return shutDown ? 0 : 1;
    default:
      return 1;
  }
}
