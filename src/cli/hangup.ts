import type { CliHost } from './host.js';

const parentLookMs = 2_000;

/**
 * Fires when the caller of a stdio process is gone: on SIGHUP, SIGTERM or SIGINT, or when the parent has died (the process has
 * another parent then; the end of stdin alone does not say so). stop() ends the watch.
 */
export function watchHangup(host: CliHost): { readonly signal: AbortSignal; stop(): void } {
  const hangup = new AbortController();
  const fire = () => hangup.abort();
  const parent = host.parentPid();
  const timer = setInterval(() => {
    if (host.parentPid() !== parent) fire();
  }, parentLookMs);
  timer.unref();
  const signals = ['SIGHUP', 'SIGTERM', 'SIGINT'] as const;
  for (const signal of signals) host.signals.on(signal, fire);
  return {
    signal: hangup.signal,
    stop: () => {
      clearInterval(timer);
      for (const signal of signals) host.signals.off(signal, fire);
    },
  };
}
