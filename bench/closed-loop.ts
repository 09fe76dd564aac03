import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { within } from '../src/kernel/signal.js';

const newline = 0x0a;
const limitMs = 120_000;

export interface ClosedLoop {
  readonly path: string;
  /** Each is a connection with one request in flight at a time. */
  readonly clients: number;
  /** All of them together. */
  readonly requests: number;
  /** One JSON line, which every client sends again and again. */
  readonly line: string;
}

/** Requests a second that a server on a unix socket answers. Rejects when an answer is an error. */
export async function requestsPerSecond({ path, clients, requests, line }: ClosedLoop): Promise<number> {
  const message = Buffer.from(`${line}\n`);
  const sockets = await Promise.all(Array.from({ length: clients }, () => connected(path)));
  try {
    let sent = 0;
    let answered = 0;
    const start = performance.now();
    const all = new Promise<void>((resolve, reject) => {
      for (const socket of sockets) {
        const send = (): void => {
          if (sent >= requests) return;
          sent += 1;
          socket.write(message);
        };
        socket.once('error', reject);
        let head = true;
        socket.on('data', (chunk: Buffer) => {
          if (head && chunk.includes('"error"')) reject(new Error(`The answer is ${chunk.toString()}`));
          head = chunk.at(-1) === newline;
          // One request is in flight: the newline that ends its answer ends the chunk.
          if (!head) return;
          answered += 1;
          if (answered === requests) resolve();
          else send();
        });
        send();
      }
    });
    await within(all, limitMs, `${requests} answers`);
    return (requests / (performance.now() - start)) * 1_000;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, 'connect');
  return socket;
}
