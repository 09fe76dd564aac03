/** The names that expressions of a workflow see, and what they hold; the engine builds its scopes by the same names. */
export const SCOPE_ROOTS = {
  inputs: 'the inputs of the run',
  tasks: 'the tasks that come before',
  item: 'the item of a for_each task',
  index: 'the position of the item, from 0',
  run: 'the run',
  env: "the submitter's environment",
  state: "the user's own keys",
} as const;

/** What `tasks.ID` has: the output of a task, the outputs of a for_each task by index, and the state. */
export const TASK_FIELDS = ['output', 'outputs', 'state'] as const;

/** What `run` has. */
export const RUN_FIELDS = ['id', 'workflow', 'startedAt'] as const;
