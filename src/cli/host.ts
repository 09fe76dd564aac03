import type { Readable, Writable } from 'node:stream';
import type { SignalSource } from '../daemon/serve.js';
import type { CreateSidecar } from '../daemon/sidecar-port.js';

/** An output that may be a terminal; its size is there when it is one. */
export interface Terminal extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Everything the commands know of the process they run in: main.ts fills it from `process`, tests as they like. */
export interface CliHost {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly uid: number;
  readonly pid: number;
  /** The pid of the parent now: it changes when the parent dies. */
  readonly parentPid: () => number;
  readonly platform: NodeJS.Platform;
  /** Without the v, such as 20.20.2. */
  readonly nodeVersion: string;
  readonly stdin: Readable;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly signals: SignalSource;
  /** What starts this program again: Node, and the script. */
  readonly program: readonly [string, ...string[]];
  readonly createSidecar: CreateSidecar;
}
