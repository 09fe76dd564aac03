import type { Diagnostic } from '../../protocol/diagnostic.js';
import type { ErrorName } from '../../protocol/errors.js';

/** What a failure may carry beside its sentence; all of it may be shown to the client. */
export interface FailureData {
  readonly expected?: string;
  readonly got?: string;
  /** What to do next, one sentence. */
  readonly advice?: string;
  readonly diagnostics?: readonly Diagnostic[];
  readonly [key: string]: unknown;
}

/**
 * An error that may cross the wire: its name is a row of protocol/errors.ts, its message says what was expected and
 * what came. Every other Error is internal: dispatch logs it and answers `internal_error` without its text.
 */
export class Failure extends Error {
  readonly error: ErrorName;
  readonly data: FailureData;
  constructor(error: ErrorName, message: string, data: FailureData = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
    this.error = error;
    this.data = data;
  }
}
