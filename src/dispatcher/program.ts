import type { Value } from '../kernel/value/value.js';
import type { ProcessExit } from '../process/supervise.js';
import type { ExplainedError } from './executors.js';

/** What an order of a process kind runs, and how its end is to be read. */
export interface Program {
  readonly argv: readonly [string, ...string[]];
  readonly stdin: string | Uint8Array | null;
  /** Where its standard output goes; its standard error goes to the log. */
  readonly stdoutFile: string;
  /** Asked once, when the leader has exited (or after everything was swept). */
  succeeded(exit: ProcessExit): Promise<boolean>;
  /** After a success. */
  output(): Promise<Value>;
  /** Without a success: what the program itself says went wrong; null when it left no word and the exit must speak. */
  complaint(exit: ProcessExit): Promise<ExplainedError | null>;
}
