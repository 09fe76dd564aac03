import type { runDidChange } from '../../protocol/run.js';
import { endedRunStates } from '../../protocol/run-shape.js';
import type { ParamsOf } from '../kernel/handlers.js';
import { onAbort, throwIfCancelled } from '../kernel/signal.js';
import { isRecord, ownKey, type Value } from '../kernel/value/value.js';
import type { Client } from './open-client.js';
import type { Run } from './requests.js';

type Change = ParamsOf<typeof runDidChange>;

export function hasEnded(state: Run['state']): boolean {
  return endedRunStates.some((ended) => ended === state);
}

/**
 * Follows a run to its end and resolves with it as last told. It calls onChange with the whole run at first and after each
 * change, also with what happened while another daemon was reached. Rejects when no daemon can be reached, or with
 * `request_cancelled` when the signal fires.
 */
export async function followRun(
  client: Client,
  runId: string,
  options: { readonly onChange: (run: Run) => void; readonly signal: AbortSignal },
): Promise<Run> {
  const { signal, onChange } = options;
  const inbox = createInbox();
  const stopListening = client.onNotification((method, params) => {
    if (method === 'run/didChange' && isChangeOf(runId, params)) inbox.put(params);
  });
  const stopWatching = onAbort(signal, () => inbox.put('cancelled'));
  try {
    for (;;) {
      const { subscriptionId, seq, snapshot } = await client.request('run/subscribe', { runId }, { signal });
      if (!('tasks' in snapshot)) throw new Error('run/subscribe of one run answers with that run.');
      let run: Run = snapshot;
      onChange(run);
      void client.lost().then(() => inbox.put({ lost: subscriptionId }));
      for (;;) {
        if (hasEnded(run.state)) return run;
        const next = await inbox.next();
        if (next === 'cancelled') throwIfCancelled(signal);
        else if ('lost' in next) {
          if (next.lost === subscriptionId) break;
        } else if (next.subscriptionId === subscriptionId && next.seq > seq) {
          run = applyChange(run, next);
          onChange(run);
        }
      }
    }
  } finally {
    stopListening();
    stopWatching();
  }
}

/** The run after a change: one pass over its tasks. */
function applyChange(run: Run, change: Change): Run {
  const changed = new Map((change.tasks ?? []).map((task) => [task.id, task]));
  const tasks = changed.size === 0 ? run.tasks : run.tasks.map((task) => changed.get(task.id) ?? task);
  return { ...run, state: change.state, tasks };
}

/** The daemon speaks our protocol version, so a notification about this run has the fields of the catalogue (and perhaps more). */
function isChangeOf(runId: string, params: Value): params is Change {
  return isRecord(params) && ownKey(params, 'runId') === runId && typeof ownKey(params, 'seq') === 'number';
}

/** What has come and was not taken yet, in order. A loss names the subscription that went with the connection. */
type Message = Change | { readonly lost: string } | 'cancelled';

function createInbox() {
  const waiting: Message[] = [];
  let wake: (() => void) | null = null;
  return {
    put(message: Message): void {
      waiting.push(message);
      wake?.();
    },
    async next(): Promise<Message> {
      for (;;) {
        const message = waiting.shift();
        if (message !== undefined) return message;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
    },
  };
}
