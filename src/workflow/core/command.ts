import type { WorkflowDefinition } from '../../../state/definition.js';
import type { BlobRef, EventOf } from '../../../state/run-events.js';
import type { AttemptOutcome } from '../ports.js';

/** What may be asked of the core: commands of people, and facts from dispatcher and clock. Plain data, so any host can forward it. */
export type Command =
  | {
      readonly type: 'submit';
      readonly event: EventOf<'run.submitted'>;
      /** The event may only name where it is kept. */
      readonly definition: WorkflowDefinition;
    }
  | { readonly type: 'cancel'; readonly runId: string; readonly actor: string }
  | {
      readonly type: 'finished';
      readonly attemptId: string;
      readonly outcome: AttemptOutcome;
      /** Where the output was put when it is over 64 KiB. */
      readonly blob?: BlobRef;
      /** Whether recovery settled an attempt of a former daemon. */
      readonly recovered?: boolean;
    }
  | { readonly type: 'timed-out'; readonly attemptId: string }
  | {
      readonly type: 'retry-due';
      readonly runId: string;
      readonly taskId: string;
      readonly item: number | null;
    }
  | { readonly type: 'run-timeout'; readonly runId: string }
  | { readonly type: 'drain' }
  /** Decides what is on the agenda: after a replay, or when admission begins. */
  | { readonly type: 'wake' };
