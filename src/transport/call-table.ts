import { Float, type Value } from '../kernel/value/value.js';
import { Call } from './call.js';
import type { MessageId } from './parse-message.js';

/** The requests of one connection that are not answered yet, by the client's id and by our number. */
export class CallTable {
  readonly #calls = new Map<number, Call>();
  readonly #numbers = new Map<string, number>();
  #lastNumber = 0;

  /** Adds a request; undefined when its id is in flight already. */
  add(id: MessageId, method: string, params: Value | undefined, bytes: number): Call | undefined {
    const key = idKey(id);
    if (this.#numbers.has(key)) return undefined;
    const call = new Call(++this.#lastNumber, id, method, params, bytes);
    this.#calls.set(call.number, call);
    this.#numbers.set(key, call.number);
    return call;
  }

  numberOf(id: MessageId): number | undefined {
    return this.#numbers.get(idKey(id));
  }

  /** Takes a request out: it is answered now. */
  take(number: number): Call | undefined {
    const call = this.#calls.get(number);
    if (call === undefined) return undefined;
    this.#calls.delete(number);
    this.#numbers.delete(idKey(call.id));
    return call;
  }

  cancelAll(reason?: Error): void {
    for (const call of this.#calls.values()) call.cancel(reason);
  }
}

/** Ids of different types are different ids. */
function idKey(id: MessageId): string {
  if (id === null) return 'null';
  return id instanceof Float ? `float ${id.value}` : `${typeof id} ${id}`;
}
