import type { Clock } from '../kernel/clock.js';
import type { Value } from '../kernel/value/value.js';
import { EvaluationFault } from './problem.js';

/** The limits of one render or one evaluation. */
export interface TemplateBudgets {
  /** Nodes evaluated, items iterated, values made; texts cost one step for 16 characters. */
  readonly steps: number;
  /** Bytes of the rendered text in UTF-8. */
  readonly outputBytes: number;
  /** Bytes of any one text made by an expression, in UTF-8. */
  readonly stringBytes: number;
  /** Nesting of expressions, of blocks, of includes, and of values that are printed, compared or converted. */
  readonly depth: number;
  /** Milliseconds spent working; waiting for files and for other requests does not count. */
  readonly deadlineMs: number;
}

/** Ten million steps are about half a second of work; they are also what bounds memory, at about 16 bytes a step. */
export const defaultBudgets: TemplateBudgets = {
  steps: 10_000_000,
  outputBytes: 16 * 1024 * 1024,
  stringBytes: 4 * 1024 * 1024,
  depth: 256,
  deadlineMs: 5_000,
};

/** Steps between two looks at the clock: some 50 µs of work. */
const stepsPerLook = 1_000;

/** A render gives way to other requests after this many milliseconds. */
const sliceMs = 5;

/** What one render or evaluation has left of its budgets. */
export class Budget {
  readonly limits: TemplateBudgets;
  /** Set when the slice is over: the machine stops before its next step. */
  due = false;
  readonly #clock: Clock;
  #fuel: number;
  #reserve: number;
  #sliceStart: number;
  #workedMs = 0;

  constructor(limits: TemplateBudgets, clock: Clock) {
    this.limits = limits;
    this.#clock = clock;
    this.#fuel = Math.min(stepsPerLook, limits.steps);
    this.#reserve = limits.steps - this.#fuel;
    this.#sliceStart = clock.monotonic();
  }

  /** Takes steps; throws the `steps` or the `deadlineMs` fault when they are used up. */
  charge(steps: number): void {
    this.#fuel -= steps;
    if (this.#fuel < 0) this.#refuel();
  }

  /** Starts a slice after a wait. */
  resume(): void {
    this.due = false;
    this.#sliceStart = this.#clock.monotonic();
  }

  /** Ends a slice before a wait. */
  suspend(): void {
    this.#workedMs += this.#clock.monotonic() - this.#sliceStart;
  }

  /** Charges a text that an operation made, and gives it back; throws the `stringBytes` fault when it is too long. */
  text(text: string): string {
    const { length } = text;
    if (length > 64) this.charge(length >> 4);
    const limit = this.limits.stringBytes;
    if (length * 3 > limit && (length > limit || Buffer.byteLength(text) > limit)) throw this.#textFault();
    return text;
  }

  /** Checks the length (UTF-16 units) of a text before it is made. */
  textLength(length: number): void {
    if (length > this.limits.stringBytes) throw this.#textFault();
    this.charge(length >> 4);
  }

  /**
   * Charges the search of one text in another, and gives the first back. The search of the JavaScript engine takes
   * length times length steps at worst ("aaaa…" for "baaa…"), so long needles are charged by both lengths.
   */
  search(text: string, needle: string): string {
    this.charge((text.length >> 4) * Math.max(1, needle.length >> 3));
    return text;
  }

  /** Checks how much has been written; called with the length of the output, in UTF-16 units. */
  output(length: number): void {
    if (length > this.limits.outputBytes) throw this.#outputFault();
  }

  /** Checks the finished output in bytes. */
  finish(text: string): string {
    const limit = this.limits.outputBytes;
    if (text.length * 3 > limit && Buffer.byteLength(text) > limit) throw this.#outputFault();
    return text;
  }

  /**
   * Charges a whole value, shared parts as often as they are reached: what printing, comparing or converting it will cost.
   * Answers the characters of its texts.
   */
  weigh(value: Value, depth = 0): number {
    if (typeof value === 'string') {
      this.charge(1 + (value.length >> 4));
      return value.length;
    }
    this.charge(1);
    if (typeof value !== 'object' || value === null) return 4;
    if (depth > this.limits.depth) throw this.depthFault('A value');
    if (value instanceof Uint8Array) {
      this.charge(value.length >> 2);
      return value.length * 5;
    }
    let length = 2;
    if (Array.isArray(value)) {
      for (const item of value) length += 2 + this.weigh(item, depth + 1);
    } else {
      for (const key of Object.keys(value)) {
        const field: Value | undefined = Reflect.get(value, key);
        length += key.length + 4 + (field === undefined ? 0 : this.weigh(field, depth + 1));
      }
    }
    return length;
  }

  depthFault(what: string): EvaluationFault {
    return fault(`${what} is nested too deep.`, `at most ${this.limits.depth} levels`);
  }

  #refuel(): void {
    if (this.#fuel + this.#reserve < 0) {
      throw fault('The template takes too many steps.', `at most ${this.limits.steps} steps`);
    }
    const worked = this.#clock.monotonic() - this.#sliceStart;
    if (this.#workedMs + worked > this.limits.deadlineMs) {
      throw fault('The template takes too long.', `at most ${this.limits.deadlineMs} ms of work`);
    }
    if (worked >= sliceMs) this.due = true;
    const left = this.#fuel + this.#reserve;
    this.#fuel = Math.min(stepsPerLook, left);
    this.#reserve = left - this.#fuel;
  }

  #textFault(): EvaluationFault {
    return fault(
      'The template makes a text that is too long.',
      `at most ${this.limits.stringBytes} bytes in one text`,
    );
  }

  #outputFault(): EvaluationFault {
    return fault('The template writes too much.', `at most ${this.limits.outputBytes} bytes of output`);
  }
}

function fault(message: string, expected: string): EvaluationFault {
  return new EvaluationFault(
    message,
    { expected, advice: 'Make it do less, or raise the limits under [template].' },
    'template_budget',
  );
}
