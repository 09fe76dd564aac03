/** What an attempt id says: `<run>/<task>[<item>]/<generation>.<attempt>@<epoch>`. */
export interface AttemptName {
  readonly taskId: string;
  /** Index of a for_each item, else null. */
  readonly item: number | null;
  readonly attempt: number;
}

const ATTEMPT_ID = /\/([^/[\]]+)(?:\[(\d+)\])?\/\d+\.(\d+)@\d+$/;

/** Reads an attempt id; null for a text that is none. */
export function parseAttemptId(attemptId: string): AttemptName | null {
  const [, taskId, item, attempt] = ATTEMPT_ID.exec(attemptId) ?? [];
  if (taskId === undefined) return null;
  return { taskId, item: item === undefined ? null : Number(item), attempt: Number(attempt) };
}
