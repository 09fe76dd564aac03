import type { stateMethods } from '../../protocol/state.js';
import type { Clock } from '../kernel/clock.js';
import { Failure } from '../kernel/failure.js';
import type { HandlersOf } from '../kernel/handlers.js';
import type { Journal } from '../store/journal.js';
import type { Kv, KvEvent } from '../store/store.js';
import { frozen } from '../workflow/frozen.js';
import { valueOrNuon } from './typed-value.js';

export interface StateParts {
  readonly journal: Journal;
  readonly kv: Kv;
  readonly clock: Clock;
}

/** The user's own keys: journal events like all else, acknowledged once they are on disk. */
export function stateHandlers({ journal, kv, clock }: StateParts) {
  async function append(event: KvEvent): Promise<void> {
    if (!journal.acceptsWork()) {
      throw new Failure(
        'storage_failed',
        'The key was not changed: the state directory has no room or cannot be written.',
      );
    }
    await journal.synced(journal.append(clock.now(), [event]));
  }

  return {
    'state/get': ({ key }) => {
      const value = kv.get(key);
      if (value !== undefined) return { key, value };
      throw new Failure('not_found', `There is no key ${JSON.stringify(key)}.`, {
        expected: 'a key of state/list',
        got: key,
      });
    },
    'state/put': async ({ key, value, valueNuon }) => {
      await append({ type: 'kv.put', key, value: frozen(valueOrNuon(value, valueNuon) ?? null) });
      return { key };
    },
    'state/delete': async ({ key }) => {
      if (kv.get(key) === undefined) return { deleted: false };
      await append({ type: 'kv.delete', key });
      return { deleted: true };
    },
    'state/list': ({ prefix, limit = 100, cursor }) => {
      const entries = kv.list(prefix).filter(([key]) => cursor === undefined || key > cursor);
      const page = entries.slice(0, limit);
      const last = page.at(-1)?.[0];
      return {
        entries: page.map(([key, value]) => ({ key, value })),
        ...(entries.length > limit && last !== undefined ? { nextCursor: last } : {}),
      };
    },
  } satisfies HandlersOf<typeof stateMethods>;
}
