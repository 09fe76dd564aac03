import { randomUUID } from 'node:crypto';
import type { Dispatch } from '../kernel/dispatch.js';
import type { Log } from '../kernel/log.js';
import type { Value } from '../kernel/value/value.js';
import type { AttemptOrder } from '../workflow/ports.js';

/** Runs a call task: a request like any client's, through the same dispatch, with the run as the client. */
export function createCallTask(dispatch: () => Dispatch, log: Log) {
  return async (order: AttemptOrder, signal: AbortSignal): Promise<Value> => {
    const { action } = order;
    if (action.kind !== 'call') throw new TypeError(`A call task cannot do a ${action.kind} action.`);
    return dispatch()(action.method, action.params, {
      signal,
      log,
      // 0.2 µs where 16 random bytes of their own cost 8: Node keeps entropy for these in stock.
      traceId: randomUUID().replaceAll('-', ''),
      session: {
        id: order.attemptId,
        client: { name: `run ${order.runId}`, version: null },
        cwd: order.cwd,
        env: order.env,
        notify: () => undefined,
        onClose: () => () => undefined,
      },
    });
  };
}
