import type { Evaluated, RunEvent, StoredError } from '../../../state/run-events.js';
import type { Value } from '../../kernel/value/value.js';
import { apply, type EventPlace } from './apply.js';
import type { EngineState, Task, Unit } from './state.js';

export type Evaluation<T> = { readonly ok: T } | { readonly error: StoredError };

/**
 * Expressions, evaluated by the shell from the state as it is now; what comes back is recorded in events, so replay never
 * evaluates (engine-semantics A10).
 */
export interface Evaluate {
  when(task: Task): Evaluation<boolean>;
  items(
    task: Task,
  ): Evaluation<{ readonly values: readonly Value[]; readonly bytes: number; sha256(): string }>;
  /** `bytes` of its JSON; 0 when nothing in the task is an expression, so that nothing has to be recorded. */
  order(unit: Unit): Evaluation<{ readonly evaluated: Evaluated; readonly bytes: number }>;
}

/** All that a decide may know beside the state. */
export interface DecideContext {
  readonly now: number;
  /** The seq that the journal line will have. */
  readonly seq: number;
  readonly epoch: number;
  /** In [0, 1), for jitter. */
  random(): number;
  readonly evaluate: Evaluate;
  /** Slots of the daemon. */
  readonly maxLive: number;
  /** False while the daemon drains: nothing new starts. */
  readonly admitting: boolean;
}

/** A decide in the making: each event is applied as it is emitted, so that the next conclusion sees it. */
export interface Draft {
  readonly state: EngineState;
  readonly context: DecideContext;
  readonly events: RunEvent[];
  /** What each attempt that was started is to do. */
  readonly orders: Map<string, Evaluated>;
  emit(event: RunEvent): void;
  /**
   * Whether so many bytes of evaluated values may go into this line: at most 64 KiB each and 512 KiB together, which keeps the
   * line under the 1 MiB of the journal. What is left out is evaluated again from recorded values.
   */
  mayRecord(bytes: number): boolean;
}

const recordLimit = 64 * 1024;
const lineBudget = 512 * 1024;

export function createDraft(
  state: EngineState,
  context: DecideContext,
  definitionOf: EventPlace['definitionOf'],
): Draft {
  const events: RunEvent[] = [];
  let recorded = 0;
  const place = { time: context.now, seq: context.seq, definitionOf };
  return {
    state,
    context,
    events,
    orders: new Map(),
    emit(event) {
      events.push(event);
      apply(state, event, place);
    },
    mayRecord(bytes) {
      if (bytes > recordLimit || recorded + bytes > lineBudget) return false;
      recorded += bytes;
      return true;
    },
  };
}
