import type { AttemptOutcome } from '../workflow/ports.js';

/** How to stop: SIGTERM, and after `graceMs` SIGKILL; with `force` SIGKILL at once. */
export interface StopHow {
  readonly graceMs: number;
  readonly force?: boolean;
}

/** An attempt from its dispatch to its outcome. */
export interface LiveAttempt {
  /** Never rejects. */
  readonly outcome: Promise<AttemptOutcome>;
  stop(how: StopHow): void;
}
