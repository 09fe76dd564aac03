import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

/** The right to start the daemon of a state directory; given back by release() or the end of the process. */
export interface StartTurn {
  release(): Promise<void>;
}

/**
 * Takes the turn to start a daemon, or answers null while another process of this host has it. It only spares 20 callers from
 * starting 20 processes: that there is one daemon is the epoch lock's promise. The turn is an abstract socket (Linux), which the
 * kernel frees at death, so it can never be stale; elsewhere everybody gets a turn.
 */
export async function takeStartTurn(
  stateDirectory: string,
  platform: NodeJS.Platform,
): Promise<StartTurn | null> {
  if (platform !== 'linux') return { release: async () => {} };
  const name = createHash('sha256').update(stateDirectory).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  const taken = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(`\0nu-sidecar-start/${name}`, () => resolve(true));
  });
  if (!taken) return null;
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}
