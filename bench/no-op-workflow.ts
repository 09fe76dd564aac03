import type { ValueRecord } from '../src/kernel/value/value.js';

/** The cheapest task there is: a request that answers at once, in this process. What is left is the engine itself. */
const noOp = { call: { method: 'state/list' } };

/** One for_each task of so many items, all ready at once. */
export function fanOut(items: number, slots: number): ValueRecord {
  return {
    name: 'fan-out',
    max_parallel: slots,
    task: [{ id: 'each', for_each: `{{ range(${items}) }}`, ...noOp }],
  };
}

/** So many tasks that need nothing. */
export function independentTasks(name: string, count: number): ValueRecord {
  return { name, task: Array.from({ length: count }, (_, index) => ({ id: `t${index}`, ...noOp })) };
}

/** So many tasks of which each needs the one before. */
export function chain(name: string, count: number): ValueRecord {
  return {
    name,
    task: Array.from({ length: count }, (_, index) => ({
      id: `t${index}`,
      ...(index === 0 ? {} : { needs: [`t${index - 1}`] }),
      ...noOp,
    })),
  };
}
