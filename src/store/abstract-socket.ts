import { createServer } from 'node:net';
import { errorCode } from '../kernel/error-code.js';

export interface HeldSocket {
  close(): Promise<void>;
}

/**
 * Holds the abstract unix socket of a state directory, a second opinion beside the lock: the kernel frees it at the death of
 * its holder, and not before. Answers null when another process holds it. Only Linux has such sockets; elsewhere nothing is
 * held and the lock alone counts. Nobody is served: a connection is closed at once.
 */
export async function holdAbstractSocket(stateId: string): Promise<HeldSocket | null> {
  if (process.platform !== 'linux') return { close: () => Promise.resolve() };
  const server = createServer((connection) => connection.destroy());
  server.unref();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(`\0nu-sidecar/${stateId}`, resolve);
    });
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') return null;
    throw error;
  }
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
