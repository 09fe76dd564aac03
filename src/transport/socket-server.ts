import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { Failure } from '../kernel/failure.js';
import type { Log } from '../kernel/log.js';
import type { OpenSession } from '../kernel/session-port.js';
import { Peer } from './peer.js';
import type { PeerLimits } from './peer-limits.js';
import { prepareSocketPath } from './socket-path.js';

export interface SocketServerOptions {
  /** Absolute, at most 100 bytes. */
  readonly path: string;
  readonly openSession: OpenSession;
  readonly limits?: Partial<PeerLimits>;
  /** Connections at once; more are turned away. Default 512. */
  readonly maxConnections?: number;
  /** Called with the number of connections whenever it changes. */
  readonly onConnections?: (count: number) => void;
  readonly log: Log;
}

export interface SocketServer {
  readonly path: string;
  readonly connections: number;
  /** Stops listening and ends every connection: requests in flight are answered with `shutting_down`. The socket file goes. */
  close(): Promise<void>;
}

/**
 * Listens on a unix socket (0600, in a 0700 directory of this user). Each connection speaks JSON-RPC in the framing of its
 * first byte, and may begin with `$/attach`. Throws as {@link prepareSocketPath} does.
 */
export async function listenOnSocket(options: SocketServerOptions): Promise<SocketServer> {
  await prepareSocketPath(options.path);
  const peers = new Set<Peer>();
  // Half-open: a client that closes its sending side still gets its answers.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const peer = new Peer({
      input: socket,
      output: socket,
      openSession: options.openSession,
      ...(options.limits && { limits: options.limits }),
      acceptAttach: true,
    });
    peers.add(peer);
    options.onConnections?.(peers.size);
    void peer.ended.then(({ reason }) => {
      socket.destroy();
      peers.delete(peer);
      options.onConnections?.(peers.size);
      options.log.debug({ reason }, 'A connection ended.');
    });
  });
  server.maxConnections = options.maxConnections ?? 512;
  await listen(server, options.path);
  server.on('error', (error) => options.log.error({ err: error }, 'The socket server failed.'));
  // Node makes sockets 0755; the directory keeps others out until here, and where modes of sockets mean nothing.
  chmodSync(options.path, 0o600);
  return {
    path: options.path,
    get connections() {
      return peers.size;
    },
    close: async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const peer of peers) peer.close(new Failure('shutting_down', 'The sidecar is ending.'));
      await Promise.all([...peers].map((peer) => peer.ended));
      await stopped;
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
