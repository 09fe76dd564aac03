import type { Value } from '../kernel/value/value.js';
import type { Machine } from './machine.js';

/** A compiled expression; undefined is a missing value. */
export type Evaluate = (machine: Machine) => Value | undefined;

/** Counts the variables of one template. */
export interface SlotCounter {
  slots: number;
  loops: number;
}

/**
 * The names that a place in a template sees, known when it is compiled: variables live in numbered slots. A loop opens a
 * scope of its own; what `set` assigns in it is gone with the iteration, as in Jinja2.
 */
export class Scope {
  readonly counter: SlotCounter;
  readonly #outer: Scope | undefined;
  readonly #slots = new Map<string, number>();
  /** The number of the loop whose body this is. */
  readonly #loop: number | undefined;
  readonly loopDepth: number;

  private constructor(counter: SlotCounter, outer: Scope | undefined, loop: number | undefined) {
    this.counter = counter;
    this.#outer = outer;
    this.#loop = loop;
    this.loopDepth = (outer?.loopDepth ?? -1) + (loop === undefined ? 0 : 1);
  }

  static outermost(): Scope {
    return new Scope({ slots: 0, loops: 0 }, undefined, undefined);
  }

  /** The scope of a loop body; without a number that of a loop's condition, in which `loop` is still the outer one. */
  inner(loop: number | undefined): Scope {
    return new Scope(this.counter, this, loop);
  }

  /** The slot of a name assigned in this very scope. */
  declare(name: string): number {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slot = this.counter.slots++;
    this.#slots.set(name, slot);
    return slot;
  }

  get top(): Scope {
    return this.#outer?.top ?? this;
  }

  /** The slots assigned in this very scope. */
  get ownSlots(): readonly number[] {
    return [...this.#slots.values()];
  }

  /** The loop that `loop` names here. */
  get loop(): number | undefined {
    return this.#loop ?? this.#outer?.loop;
  }

  /** The slots that may hold a name, innermost first: an inner one can be unassigned (`{% if … %}{% set … %}`). */
  slotsOf(name: string): readonly number[] {
    const own = this.#slots.get(name);
    const outer = this.#outer?.slotsOf(name) ?? [];
    return own === undefined ? outer : [own, ...outer];
  }

  /** Every name with a slot, inner ones last. */
  names(): readonly string[] {
    return [...(this.#outer?.names() ?? []), ...this.#slots.keys()];
  }

  /** A name: its slot, else the context's own field. */
  lookup(name: string): Evaluate {
    const fromContext: Evaluate = (machine) => {
      const { context } = machine;
      return Object.hasOwn(context, name) ? context[name] : undefined;
    };
    return this.slotsOf(name).reduceRight<Evaluate>(
      (otherwise, slot) => (machine) =>
        machine.slots[slot] ?? (machine.slots[slot] === null ? null : otherwise(machine)),
      fromContext,
    );
  }
}
