import type { Value, ValueRecord } from '../kernel/value/value.js';
import type { Budget } from './budget.js';
import type { Toolbox } from './filter.js';
import type { LoopState } from './loop.js';
import type { TemplateSource } from './source.js';
import type { Span } from './syntax.js';

/** One step of a program: does its work and answers the index of the next step. */
export type Step = (machine: Machine) => number;

/** A compiled template. It knows nothing of a render and can be shared by all. */
export interface Program {
  readonly steps: readonly Step[];
  /** Where each step comes from, for faults without a place of their own. */
  readonly spans: readonly Span[];
  readonly slots: number;
  readonly loops: number;
}

/** One template in the middle of its work. */
interface Activation {
  readonly source: TemplateSource;
  readonly program: Program;
  readonly context: ValueRecord;
  readonly slots: (Value | undefined)[];
  readonly loops: LoopState[];
  /** The step to go on with. */
  at: number;
}

/** An include that waits for its template: the driver loads the first name that exists and enters it. */
export interface PendingInclude {
  readonly names: readonly string[];
  readonly ignoreMissing: boolean;
  readonly context: ValueRecord;
  /** Where the names are written. */
  readonly place: Span;
}

/**
 * The state of one render: the active templates, innermost last, their variables, and the text so far. Steps are short, so
 * a render can stop between any two of them and let other requests run.
 */
export class Machine {
  readonly budget: Budget;
  readonly tools: Toolbox;
  out = '';
  pending: PendingInclude | undefined;
  /** Texts that block sets have put aside, outermost first. */
  readonly captures: string[] = [];
  /** The innermost template's parts, copied here because every expression reads them. */
  context: ValueRecord;
  slots: (Value | undefined)[] = [];
  loops: LoopState[] = [];
  readonly #active: Activation[] = [];

  constructor(budget: Budget, tools: Toolbox, context: ValueRecord) {
    this.budget = budget;
    this.tools = tools;
    this.context = context;
  }

  /** The template that is being worked on. */
  get source(): TemplateSource | undefined {
    return this.#active.at(-1)?.source;
  }

  /** The place of the step that is being worked on. */
  get span(): Span {
    const active = this.#active.at(-1);
    return active?.program.spans[active.at] ?? { start: 0, end: 0 };
  }

  /** Starts a template; the one before goes on when it has ended. Throws the depth fault. */
  enter(source: TemplateSource, program: Program, context: ValueRecord): void {
    if (this.#active.length >= this.budget.limits.depth) throw this.budget.depthFault('The include');
    const slots = new Array<Value | undefined>(program.slots).fill(undefined);
    this.#active.push({ source, program, context, slots, loops: [], at: 0 });
    this.#select();
  }

  /** Works until the end (`done`), until an include is pending, or until the slice is over. */
  advance(): 'done' | 'include' | 'slice' {
    const { budget } = this;
    for (let active = this.#active.at(-1); active !== undefined; active = this.#active.at(-1)) {
      const { steps } = active.program;
      for (let step = steps[active.at]; step !== undefined; step = steps[active.at]) {
        active.at = step(this);
        if (this.pending !== undefined) return 'include';
        if (budget.due) return 'slice';
      }
      // The template that failed is needed for its diagnostic, so only one that has ended is left.
      this.#active.pop();
      this.#select();
    }
    return 'done';
  }

  #select(): void {
    const active = this.#active.at(-1);
    if (active === undefined) return;
    this.context = active.context;
    this.slots = active.slots;
    this.loops = active.loops;
  }
}
