import type { Value } from '../kernel/value/value.js';
import type { Budget } from './budget.js';
import { equal } from './compare.js';
import { EvaluationFault } from './problem.js';

/** A loop in the middle of its work. */
export interface LoopState {
  readonly items: readonly Value[];
  index: number;
  /** How many loops of the same template are around it. */
  readonly depth: number;
  /** What `loop.changed(…)` saw in the iteration before. */
  seen: readonly Value[] | undefined;
}

/** The fields of `loop`, as in Jinja2. */
export const loopFields: Readonly<Record<string, (loop: LoopState) => Value | undefined>> = {
  index: (loop) => loop.index + 1,
  index0: (loop) => loop.index,
  revindex: (loop) => loop.items.length - loop.index,
  revindex0: (loop) => loop.items.length - loop.index - 1,
  first: (loop) => loop.index === 0,
  last: (loop) => loop.index === loop.items.length - 1,
  length: (loop) => loop.items.length,
  depth: (loop) => loop.depth + 1,
  depth0: (loop) => loop.depth,
  previtem: (loop) => loop.items[loop.index - 1],
  nextitem: (loop) => loop.items[loop.index + 1],
};

/** The functions of `loop`. */
export const loopFunctions: Readonly<
  Record<string, (loop: LoopState, args: readonly Value[], budget: Budget) => Value>
> = {
  cycle: (loop, args) => {
    if (args.length === 0)
      throw new EvaluationFault('loop.cycle() needs at least one value.', {
        expected: 'loop.cycle("a", "b")',
      });
    return args[loop.index % args.length] ?? null;
  },
  changed: (loop, args, budget) => {
    const same = loop.seen !== undefined && equal(args, loop.seen, budget);
    loop.seen = args;
    return !same;
  },
};

/** `loop` as a value: its fields that exist now. */
export function loopRecord(loop: LoopState): Value {
  const fields = Object.entries(loopFields).map(([name, read]) => [name, read(loop) ?? null] as const);
  return Object.fromEntries(fields);
}
