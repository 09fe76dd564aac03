export interface StopRequest {
  readonly reason: 'stopped' | 'output-limit';
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

export interface StopRequests {
  ask(reason: StopRequest['reason'], graceMs: number, force: boolean): void;
  first(): StopRequest | null;
  /** Resolves with the first request. */
  readonly asked: Promise<StopRequest>;
  /** Aborted by a request with force: no more grace. */
  readonly force: AbortSignal;
}

/** Collects the requests to stop a process: the first is the reason, and only `force` is taken from later ones. */
export function stopRequests(): StopRequests {
  const force = new AbortController();
  let first: StopRequest | null = null;
  let announce: (request: StopRequest) => void = () => {};
  const asked = new Promise<StopRequest>((resolve) => {
    announce = resolve;
  });
  return {
    ask(reason, graceMs, forced) {
      first ??= { reason, graceMs };
      announce(first);
      if (forced) force.abort();
    },
    first: () => first,
    asked,
    force: force.signal,
  };
}
