import { z } from 'zod';
import { valueSchema } from '../../../state/value.js';
import { DURATION_EXPECTED, DURATION_PATTERN } from '../../kernel/value/duration-text.js';
import { Range } from '../../kernel/value/value.js';

/** A task or input name: what an expression can say after a dot, and dashes. */
export const ID_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const ID_EXPECTED = 'letters, digits, "_" and "-", beginning with a letter or "_"';
const NAME_EXPECTED = 'letters, digits, "_", "-" and ".", in parts that "/" separates';

/** Most tasks of one file; a for_each makes many of one. */
const MAX_TASKS = 10_000;

const duration = () =>
  z.string().regex(DURATION_PATTERN, { error: DURATION_EXPECTED }).meta({ title: 'duration' });
const id = () => z.string().regex(ID_PATTERN, { error: ID_EXPECTED });
const text = () => z.string().min(1);
const values = () => z.record(z.string(), valueSchema);
const site = (what: string) =>
  z
    .string()
    .regex(/\{\{/, { error: `${what}, or one {{ expression }}` })
    .meta({ title: 'expression' });
const texts = () => z.record(z.string(), z.string());

export const needSchema = z.union(
  [
    id(),
    z.strictObject({
      task: id().describe('The id of the needed task.'),
      kind: z
        .enum(['hard', 'soft', 'optional'])
        .default('hard')
        .describe(
          'hard: it must have succeeded, else this task is skipped. soft: it must have ended, however. optional: as hard when the file has such a task, else nothing.',
        ),
      if_skipped: z
        .enum(['skip', 'run'])
        .default('skip')
        .describe('What happens when the needed task was skipped by its own "when".'),
    }),
  ],
  { error: 'a task id, or a record with task, kind and if_skipped' },
);

const callArguments = {
  args: z.array(valueSchema).default([]).describe('Positional arguments.'),
  flags: values().default({}).describe('Flags by their long names without dashes; a switch is true.'),
};

const nuSchema = z.strictObject({
  module: text().describe('The module file, relative to the project.'),
  command: text().describe('The command as "use MODULE *" exports it.'),
  ...callArguments,
});

const scriptSchema = z.strictObject({
  path: text().describe('The .nu file, relative to the project. Its main command is called.'),
  ...callArguments,
});

const templateSchema = z.strictObject({
  path: text().describe('The template file, relative to the project.'),
  context: z
    .union([values(), site('a record')], { error: 'a record, or one {{ expression }}' })
    .default({})
    .describe('What the template sees.'),
  target: text().describe('The file that is written, relative to the project.'),
});

const callSchema = z.strictObject({
  method: text().describe('A method of the sidecar, such as template/render.'),
  params: z
    .union([values(), z.array(valueSchema), site('a record or a list')], {
      error: 'a record or a list, or one {{ expression }}',
    })
    .default({})
    .describe('Its params.'),
});

const retrySchema = z.strictObject({
  attempts: z.int().min(1).max(1000).default(1).describe('All attempts together, the first included.'),
  backoff: z
    .enum(['fixed', 'linear', 'exponential'])
    .default('exponential')
    .describe('How the wait between attempts grows.'),
  initial: duration().default('1s').describe('The wait before the second attempt.'),
  max: duration().default('30s').describe('The longest wait.'),
  jitter: z
    .boolean()
    .default(true)
    .describe(
      'Whether waits are spread at random, so that tasks that failed together do not come back together.',
    ),
});

/** The keys of which a task has exactly one. */
export const TASK_KINDS = ['nu', 'script', 'code', 'exec', 'template', 'call'] as const;

export const taskFileSchema = z.strictObject({
  id: id().describe('The name of the task, unique in the file.'),
  description: z.string().optional().describe('What the task does, for people.'),
  needs: z
    .array(needSchema)
    .default([])
    .describe(
      'Tasks that come before: ids, or records with task, kind (hard, soft, optional) and if_skipped (skip, run).',
    )
    .meta({ examples: [['network']] }),
  when: site('a condition')
    .optional()
    .describe(
      'A condition. False: the task is skipped, and what needs it hard. It is decided once, before for_each.',
    )
    .meta({ examples: ["{{ inputs.infra != 'dry' }}"] }),
  for_each: z
    .union(
      [
        site('a list, a range or a record'),
        z.array(valueSchema),
        values(),
        z.custom<Range>((one) => one instanceof Range),
      ],
      { error: 'a list, a range or a record, or one {{ expression }}' },
    )
    .optional()
    .describe(
      'Runs the task once for each item of a list, range or record; "item" (of a record: {key, value}) and "index" are in scope.',
    )
    .meta({ examples: ['{{ inputs.servers }}'] }),
  max_parallel: z
    .int()
    .min(1)
    .optional()
    .describe("Most live items of this task. Without it: the workflow's limit alone."),
  nu: nuSchema.optional().describe('Calls a command that a Nushell module exports.'),
  script: scriptSchema.optional().describe('Runs a Nushell script.'),
  code: text()
    .optional()
    .describe('Runs a Nushell snippet. It is never interpolated: values arrive as $in from "input".'),
  exec: z
    .array(z.string())
    .min(1, { error: 'a program and its arguments' })
    .optional()
    .describe('Runs a program, without a shell: the program and its arguments.')
    .meta({ examples: [['curl', '-fsS', 'http://127.0.0.1:8080/health']] }),
  template: templateSchema.optional().describe('Renders a template to a file.'),
  call: callSchema.optional().describe('Calls a method of the sidecar.'),
  input: valueSchema
    .optional()
    .describe('The value the task gets: $in of a command, script or snippet, standard input of a program.'),
  cwd: text().optional().describe('The working directory, relative to the project. Without it: the project.'),
  env: texts().default({}).describe('Environment variables of the task.'),
  isolated: z
    .boolean()
    .default(false)
    .describe('Whether the task always gets a process of its own. In this version every task does.'),
  idempotent: z
    .boolean()
    .default(false)
    .describe(
      'Whether running the task twice does no harm. Such a task is run again after a crash of the daemon.',
    ),
  on_crash: z
    .enum(['retry', 'fail'])
    .optional()
    .describe(
      'What happens to the task when the daemon died while it ran. Without it: retry when idempotent or attempts are left, else fail.',
    ),
  on_failure: z
    .enum(['fail', 'continue'])
    .optional()
    .describe("What the failure of this task does to the run. Without it: the workflow's on_failure."),
  allow_failure: z
    .boolean()
    .default(false)
    .describe('Whether the run may succeed although this task failed.'),
  labels: texts().default({}).describe('Free words about the task; run/get shows them.'),
  retry: retrySchema.prefault({}).describe('How often the task is tried.'),
  timeout: duration()
    .optional()
    .describe('Longest time of one attempt. Without it: no limit.')
    .meta({ examples: ['5m'] }),
  grace: duration()
    .default('5s')
    .describe('How long the processes of the task may take to end when told to, before they are killed.'),
});

export const inputFileSchema = z.strictObject({
  type: z
    .enum(['string', 'int', 'float', 'bool', 'list', 'record', 'duration', 'path', 'any'])
    .default('any')
    .describe('The type. Text from a command line is converted to it; for "any" it stays text.'),
  required: z
    .boolean()
    .default(false)
    .describe('Whether a run must be given it. An input that is not and has no default is null.'),
  default: valueSchema.optional().describe('The value when none is given.'),
  description: z.string().optional().describe('What it is, for people.'),
});

/**
 * A workflow file as its author writes it, in TOML, JSON, YAML or NUON. The descriptions are the manual: the JSON Schema,
 * docs/workflow-file.md and the messages come from here.
 */
export const workflowFileSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/, { error: NAME_EXPECTED })
      .describe('The name of the workflow, such as clusters/deploy.')
      .meta({ examples: ['clusters/deploy'] }),
    description: z.string().optional().describe('What the workflow does, for people.'),
    max_parallel: z
      .int()
      .min(1)
      .optional()
      .describe('Most live tasks of one run. Without it: [workflow] max_parallel of sidecar.toml.')
      .meta({ examples: [4] }),
    timeout: duration()
      .optional()
      .describe('Longest time of a run, counted from its first task. Without it: no limit.')
      .meta({ examples: ['30m'] }),
    on_failure: z
      .enum(['fail', 'continue'])
      .default('fail')
      .describe(
        'What the failure of a task does. fail: nothing new starts. continue: tasks that do not need it go on; the run still ends failed.',
      ),
    overlap: z
      .enum(['queue'])
      .default('queue')
      .describe('What a second run of this workflow does while one is going: it waits.'),
    running_siblings: z
      .enum(['finish', 'stop'])
      .default('finish')
      .describe('What tasks that are running do when another failed and the run ends.'),
    inputs: z
      .record(z.string().regex(ID_PATTERN, { error: ID_EXPECTED }), inputFileSchema)
      .default({})
      .describe('What a run is given, by name. Expressions see it as inputs.NAME.'),
    task: z
      .array(taskFileSchema)
      .min(1, { error: 'at least one task' })
      .max(MAX_TASKS, { error: `at most ${MAX_TASKS} tasks` })
      .describe('The tasks. They run as soon as what they need has ended.'),
  })
  .describe('A workflow: tasks with needs, run durably and in parallel.');

export type WorkflowFile = z.output<typeof workflowFileSchema>;
export type TaskFile = z.output<typeof taskFileSchema>;
export type InputFile = z.output<typeof inputFileSchema>;
