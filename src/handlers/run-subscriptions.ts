import type { RequestContext } from '../kernel/context.js';
import { Failure } from '../kernel/failure.js';
import { isEnded } from '../workflow/core/state.js';
import type { Engine } from '../workflow/engine/engine.js';
import { viewRun, viewSummary } from '../workflow/engine/run-view.js';
import type { Runs } from '../workflow/engine/runs.js';
import { asRecord } from '../workflow/frozen.js';
import type { Journal } from '../workflow/ports.js';

/** The subscriptions of all sessions: each sends `run/didChange` until it is taken back or its session ends. */
export function createRunSubscriptions(
  engine: Pick<Engine, 'changes' | 'state'>,
  runs: Pick<Runs, 'find'>,
  journal: Pick<Journal, 'seq' | 'synced'>,
) {
  const subscriptions = new Map<string, { readonly session: string; stop(): void }>();
  let count = 0;

  function listen(about: string | null, { session }: RequestContext): string {
    count += 1;
    const subscriptionId = `s-${count}`;
    const unlisten = engine.changes.listen(about, ({ runId, seq, state, tasks, ended }) => {
      session.notify('run/didChange', {
        subscriptionId,
        runId,
        seq,
        state,
        tasks: tasks.map(asRecord),
        ended,
      });
    });
    let forget = (): void => undefined;
    const stop = (): void => {
      forget();
      unlisten();
      subscriptions.delete(subscriptionId);
    };
    subscriptions.set(subscriptionId, { session: session.id, stop });
    // Last: a session that has ended meanwhile calls back at once.
    forget = session.onClose(stop);
    return subscriptionId;
  }

  return {
    /** Begins to listen before the snapshot is taken, so that nothing falls between them. */
    async subscribe(runId: string | undefined, context: RequestContext) {
      // Throws for a run that does not exist; one that has ended is answered, and never changes again.
      const found = runId === undefined ? null : await runs.find(runId);
      const subscriptionId = listen(runId ?? null, context);
      const seq = journal.seq;
      const unfinished = [...engine.state.runs.values()].filter((run) => !isEnded(run.phase));
      const snapshot = found === null ? { runs: unfinished.map(viewSummary) } : viewRun(found);
      await journal.synced(seq);
      return { subscriptionId, seq, snapshot };
    },
    unsubscribe(subscriptionId: string, { session }: RequestContext): null {
      const subscription = subscriptions.get(subscriptionId);
      if (subscription === undefined || subscription.session !== session.id) {
        throw new Failure(
          'not_found',
          `This session has no subscription ${JSON.stringify(subscriptionId)}.`,
          {
            expected: 'a subscriptionId that run/subscribe gave to this session',
            got: subscriptionId,
          },
        );
      }
      subscription.stop();
      return null;
    },
  };
}

export type RunSubscriptions = ReturnType<typeof createRunSubscriptions>;
