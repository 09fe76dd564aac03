import type { Action, Need, WorkflowDefinition } from '../../../state/definition.js';
import { isRecord } from '../../kernel/value/value.js';
import { buildGraph, topologicalLevels } from './graph.js';

/** A task as a plan shows it. */
export interface PlannedTask {
  readonly id: string;
  readonly kind: Action['kind'];
  readonly needs: readonly Need[];
  /** 0 for tasks that can start at once. */
  readonly level: number;
  /** Present for a for_each task: the number of items, null when only the run will know. */
  readonly forEach?: number | null;
  /** Why the task waits or may be left out, in words. */
  readonly reason?: string;
}

export interface WorkflowPlan {
  readonly name: string;
  /** Ids by level: each level needs only earlier ones. */
  readonly levels: readonly (readonly string[])[];
  /** In the order of the file. */
  readonly tasks: readonly PlannedTask[];
  /** The longest chain of needs, counted in tasks, first to last. */
  readonly criticalPath: readonly string[];
}

/** Says in which order the tasks of a valid definition may run. Pure and linear in tasks and needs. */
export function planWorkflow(definition: WorkflowDefinition): WorkflowPlan {
  const graph = buildGraph(
    definition.tasks.map((task) => ({ id: task.id, needs: task.needs.map((need) => need.task) })),
  );
  const levelOf = topologicalLevels(graph)?.levels ?? [];
  const highest = levelOf.reduce((high, level) => Math.max(high, level), 0);
  const levels: string[][] = Array.from({ length: highest + 1 }, () => []);
  definition.tasks.forEach((task, index) => {
    levels[levelOf[index] ?? 0]?.push(task.id);
  });
  return {
    name: definition.name,
    levels,
    tasks: definition.tasks.map((task, index) => {
      const reason = reasonOf(task.when, task.needs);
      return {
        id: task.id,
        kind: task.action.kind,
        needs: task.needs,
        level: levelOf[index] ?? 0,
        ...(task.forEach === undefined ? {} : { forEach: itemCount(task.forEach) }),
        ...(reason === undefined ? {} : { reason }),
      };
    }),
    criticalPath: longestChain(graph.ids, graph.needs, levelOf),
  };
}

function reasonOf(when: string | undefined, needs: readonly Need[]): string | undefined {
  const parts = [
    ...(when === undefined ? [] : [`only when ${when}`]),
    ...needs.flatMap((need) => (need.kind === 'soft' ? [`after ${need.task} has ended in any way`] : [])),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** How many items a for_each comes to, by its value: null for what only the run knows. */
export function itemCount(forEach: unknown): number | null {
  if (Array.isArray(forEach)) return forEach.length;
  return isRecord(forEach) ? Object.keys(forEach).length : null;
}

/** From a task of the highest level down: each step goes to a need one level lower, which there always is. */
function longestChain(
  ids: readonly string[],
  needs: readonly (readonly number[])[],
  levels: readonly number[],
): readonly string[] {
  const chain: string[] = [];
  let node: number | undefined = levels.indexOf(levels.reduce((high, level) => Math.max(high, level), 0));
  while (node !== undefined && node >= 0) {
    chain.push(ids[node] ?? '');
    const below: number = (levels[node] ?? 0) - 1;
    node = needs[node]?.find((need) => levels[need] === below);
  }
  return chain.reverse();
}
