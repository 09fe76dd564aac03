import { Failure } from './failure.js';

/** The failure of a request whose client took it back. */
export function cancelled(): Failure {
  return new Failure('request_cancelled', 'The request was cancelled before it ended.');
}

/** Throws Failure `request_cancelled` when the signal has fired already. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/** Whether an error only says that work was stopped: an AbortError, the signal's own reason, or `request_cancelled`. */
export function isCancellation(error: unknown, signal: AbortSignal): boolean {
  if (error instanceof Failure) return error.error === 'request_cancelled';
  if (!signal.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

/**
 * Calls back once when the signal fires, at once when it has fired already (a listener added then would never be called).
 * Returns how to stop listening: call it when the work ends, or a long-lived signal collects listeners.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback();
    return () => undefined;
  }
  signal.addEventListener('abort', callback, { once: true });
  return () => signal.removeEventListener('abort', callback);
}

/** Settles as the promise does, or rejects with `request_cancelled` as soon as the signal fires; the promise itself goes on. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = onAbort(signal, () => reject(cancelled()));
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
  }
}

/**
 * Settles as the promise does, or rejects with Failure `timeout` after so many milliseconds. `what` completes the sentence
 * "Waited 500 ms for …".
 */
export async function within<T>(promise: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Failure('timeout', `Waited ${milliseconds} ms for ${what}.`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits so many milliseconds, or rejects with `request_cancelled` when the signal fires first. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await abortable(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      }),
      signal,
    );
  } finally {
    clearTimeout(timer);
  }
}
