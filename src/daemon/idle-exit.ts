import { fireAfter } from '../process/fire-after.js';

/** The watch that ends a daemon nobody needs. */
export interface IdleExit {
  /** To be called whenever connections or runs changed: arms the one timer when idle, disarms it when not. */
  touch(): void;
  close(): void;
}

/** A timer that can be replaced in tests; answers the function that cancels it. */
export type StartTimer = (milliseconds: number, fire: () => void) => () => void;

/**
 * Calls onIdle once when isIdle has held for idleTimeoutMs milliseconds (null: never). It wakes nobody in between: there is one
 * timer, armed while idle, and each touch that finds work disarms it.
 */
export function watchIdle(options: {
  readonly idleTimeoutMs: number | null;
  readonly isIdle: () => boolean;
  readonly onIdle: () => void;
  readonly startTimer?: StartTimer;
}): IdleExit {
  const startTimer = options.startTimer ?? fireAfter;
  let cancelTimer: (() => void) | null = null;
  let closed = false;

  const disarm = () => {
    cancelTimer?.();
    cancelTimer = null;
  };
  const touch = () => {
    if (closed || options.idleTimeoutMs === null) return;
    if (!options.isIdle()) return disarm();
    cancelTimer ??= startTimer(options.idleTimeoutMs, () => {
      cancelTimer = null;
      if (closed) return;
      if (!options.isIdle()) return;
      closed = true;
      options.onIdle();
    });
  };
  return {
    touch,
    close: () => {
      closed = true;
      disarm();
    },
  };
}
