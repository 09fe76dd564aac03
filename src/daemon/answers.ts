import { connect } from 'node:net';

/** A daemon accepts at once; a stopped (SIGSTOP) or overloaded one has a full backlog and refuses with EAGAIN, or hangs. */
const connectLimitMs = 2_000;

/** Whether something accepts connections on a unix socket. A stale socket file, or none, answers false. */
export function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(connectLimitMs, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
