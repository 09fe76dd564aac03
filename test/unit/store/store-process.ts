import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../fixtures/store/hold-store.js', import.meta.url));
/** Every wait for a process ends after this, in milliseconds. */
const limit = 60_000;

export interface StoreProcess {
  readonly pid: number;
  /** What it has said so far, a line each. */
  readonly lines: readonly string[];
  /** Resolves with the first line that matches; rejects at the limit or when the process ended without it. */
  says(pattern: RegExp): Promise<string>;
  kill(): Promise<void>;
  /** Ends its stdin and waits until it ended. */
  end(): Promise<void>;
}

/** Starts test/fixtures/store/hold-store on a state directory, `ulimit -f` of its files in KiB if given. */
export function startStoreProcess(
  directory: string,
  mode: 'hold' | 'write' = 'hold',
  fileLimit?: number,
): StoreProcess {
  const node = [program, directory, mode];
  const child: ChildProcessWithoutNullStreams =
    fileLimit === undefined
      ? spawn(process.execPath, node)
      : spawn('bash', ['-c', `ulimit -f ${fileLimit}; exec "$0" "$@"`, process.execPath, ...node]);
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const listener of listeners) listener();
  });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => {
    errors += bytes.toString();
  });
  const closed = once(child, 'close');
  const ended = closed.then(() => undefined);
  return {
    pid: child.pid ?? 0,
    lines,
    says(pattern) {
      return new Promise((resolve, reject) => {
        const settle = (line: string | undefined, why: string): void => {
          clearTimeout(timer);
          listeners.delete(look);
          if (line !== undefined) resolve(line);
          else reject(new Error(`Waited for ${pattern}, ${why}; it said ${lines.join(' | ')} ${errors}`));
        };
        const look = (): void => {
          const line = lines.find((said) => pattern.test(said));
          if (line !== undefined) settle(line, '');
        };
        const timer = setTimeout(() => settle(undefined, `${limit} ms passed`), limit);
        listeners.add(look);
        ended.then(
          () =>
            settle(
              lines.find((said) => pattern.test(said)),
              'the process ended',
            ),
          reject,
        );
        look();
      });
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}
