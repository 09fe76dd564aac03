import type { Value } from '../kernel/value/value.js';
import type { AttemptError, AttemptOrder } from '../workflow/ports.js';
import type { AttemptFiles } from './attempt-files.js';

/** What the dispatcher needs from other rooms to run an order; the composition root fills it. */
export interface Executors {
  /** Kinds that run inside this process: resolves with the output, rejects with a Failure. Honours the signal. */
  readonly template: (order: AttemptOrder, signal: AbortSignal) => Promise<Value>;
  readonly call: (order: AttemptOrder, signal: AbortSignal) => Promise<Value>;
  /**
   * Turns a nu, script or code order into a process. Rejects with a Failure when no process can be made of it:
   * `arguments_invalid`, `command_unknown`, `nu_failed`, `unreadable`, `nu_missing`.
   */
  readonly nu: (order: AttemptOrder, files: AttemptFiles) => Promise<NuProcess>;
}

/** A nu process that reads its job from stdin and renames its result to `AttemptFiles.result`. */
export interface NuProcess {
  readonly argv: readonly [string, ...string[]];
  /** The job line: nu does nothing before it has it whole. */
  readonly stdin: string;
  /** Explains, from the end of the log, why nu left no result, such as a parse error; null when it cannot. */
  readonly explain?: (log: string) => ExplainedError | null;
}

export interface ExplainedError {
  readonly error: AttemptError;
  readonly retryable: boolean;
}

/** Reads the text of a result file: complete, by its end mark, or not. */
export type ReadResult = (
  text: string,
) =>
  | { readonly complete: false }
  | { readonly complete: true; readonly outcome: { readonly ok: Value } | { readonly error: AttemptError } };
