import { kvDelete, kvPut } from '../../state/events.js';
import { ownKey, type Value } from '../kernel/value/value.js';
import type { JournalEvent } from './journal.js';
import { type Line, lineEvents } from './line.js';

/** Applies an event to the user's keys; other events, and ones of another shape, change nothing. Answers whether it applied. */
export function applyKv(entries: Map<string, Value>, event: JournalEvent): boolean {
  const key = ownKey(event, 'key');
  if (typeof key !== 'string') return false;
  if (event.type === kvDelete) return entries.delete(key);
  const value = ownKey(event, 'value');
  if (event.type !== kvPut || value === undefined) return false;
  entries.set(key, value);
  return true;
}

/** The user's keys as of the newest synced line: an appended change waits here until it is on disk. */
export class KvState {
  readonly #entries: Map<string, Value>;
  #pending: { readonly seq: number; readonly events: readonly JournalEvent[] }[] = [];
  #revision = 0;

  constructor(entries: Iterable<readonly [string, Value]>) {
    this.#entries = new Map(entries);
  }

  /** Grows with every change that was applied. */
  get revision(): number {
    return this.#revision;
  }

  /** Brings the entries of kv.json up to the lines it does not cover. */
  replay(lines: readonly Line[], covered: number): void {
    for (const line of lines) {
      if (line.seq <= covered || !line.events.includes('"kv.')) continue;
      this.#pending.push({ seq: line.seq, events: lineEvents(line) });
      this.synced(line.seq);
    }
  }

  appended(seq: number, events: readonly JournalEvent[]): void {
    if (events.some((event) => event.type === kvPut || event.type === kvDelete))
      this.#pending.push({ seq, events });
  }

  synced(seq: number): void {
    while (this.#pending[0] !== undefined && this.#pending[0].seq <= seq) {
      for (const event of this.#pending.shift()?.events ?? []) {
        if (applyKv(this.#entries, event)) this.#revision += 1;
      }
    }
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  list(prefix = ''): readonly (readonly [string, Value])[] {
    return [...this.#entries].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** A copy of all pairs, for kv.json. */
  entries(): [string, Value][] {
    return [...this.#entries];
  }
}
