/** The watch that ends a daemon nobody needs. */
export interface IdleExit {
  /** To be called whenever connections or runs changed: arms the one timer when idle, disarms it when not. */
  touch(): void;
  close(): void;
}

/** A timer that can be replaced in tests; answers the function that cancels it. */
export type StartTimer = (milliseconds: number, fire: () => void) => () => void;

const realTimer: StartTimer = (milliseconds, fire) => {
  const timer = setTimeout(fire, milliseconds);
  return () => clearTimeout(timer);
};

/** The longest delay setTimeout takes: a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

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
  const startTimer = options.startTimer ?? realTimer;
  let cancelTimer: (() => void) | null = null;
  let closed = false;

  const disarm = () => {
    cancelTimer?.();
    cancelTimer = null;
  };
  const touch = () => {
    if (closed || options.idleTimeoutMs === null) return;
    if (!options.isIdle()) return disarm();
    cancelTimer ??= startTimer(Math.min(options.idleTimeoutMs, longestDelay), () => {
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
