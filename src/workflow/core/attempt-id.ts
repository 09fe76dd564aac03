import type { Unit } from './state.js';

/** `<run>/<task>[<item>]/<generation>.<attempt>@<epoch>`: chosen here, so that it is on file before anything is spawned. */
export function attemptId({ task, item }: Unit, attempt: number, epoch: number): string {
  const { run, definition } = task;
  const index = item === null ? '' : `[${item}]`;
  return `${run.id}/${definition.id}${index}/${run.generation}.${attempt}@${epoch}`;
}

/** The task and item that the id of an attempt of a run names. */
export function unitPlace(
  runId: string,
  id: string,
): { readonly taskId: string; readonly item: number | null } {
  const [, taskId = '', item] = /^([^[/]+)(?:\[(\d+)\])?\//.exec(id.slice(runId.length + 1)) ?? [];
  return { taskId, item: item === undefined ? null : Number(item) };
}
