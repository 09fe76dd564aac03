import { bareSchema, type SchemaField, schemaFields } from '../../document/schema-fields.js';
import { EXAMPLE_WORKFLOW } from './example-workflow.js';
import { LATER_KEYS, LATER_VALUES } from './later-keys.js';
import { schemaTypeText } from './schema-type-text.js';
import { RUN_FIELDS, SCOPE_ROOTS, TASK_FIELDS } from './scope-names.js';
import {
  inputFileSchema,
  needSchema,
  TASK_KINDS,
  taskFileSchema,
  workflowFileSchema,
} from './workflow-file-schema.js';

/** The manual's page on workflow files (docs/workflow-file.md), made from the schema. */
export function workflowReference(): string {
  const task = schemaFields(taskFileSchema);
  const kinds = task.filter(({ key }) => isKind(key));
  const retry = task.find(({ key }) => key === 'retry');
  return `${[
    '<!-- Generated from src/workflow/definition: do not edit. Run "npm run generate". -->',
    '# Workflow files',
    'A workflow file says which tasks there are, what each needs, and what it does. It is TOML, JSON, YAML or NUON; the keys are',
    'the same in all four. `nu-sidecar validate FILE` checks one, `nu-sidecar plan FILE` shows the order, `nu-sidecar run FILE` runs it.',
    '',
    '```toml',
    EXAMPLE_WORKFLOW.trimEnd(),
    '```',
    '',
    '## The workflow',
    table(schemaFields(workflowFileSchema)),
    '## Inputs',
    'Each is `[inputs.NAME]`. A run gets them by `--input NAME=VALUE`, and expressions see them as `inputs.NAME`. A duration is text',
    'such as `"1h30m"` or `"5min 3sec"` in files, and a duration in expressions.',
    '',
    table(schemaFields(inputFileSchema)),
    '## Tasks',
    `Each is a \`[[task]]\` and has exactly one kind of work: ${TASK_KINDS.map((kind) => `\`${kind}\``).join(', ')}.`,
    '',
    table(task.filter(({ key }) => !isKind(key))),
    '## Kinds of work',
    ...kinds.map(kindSection),
    '## Needs',
    'A need is an id, or a record:',
    '',
    table(needFields()),
    '## Retry',
    retry?.description ?? '',
    '',
    table(schemaFields(retry?.schema ?? taskFileSchema)),
    ...EXPRESSIONS,
    ...laterSection(),
  ].join('\n')}\n`;
}

const isKind = (key: string): boolean => TASK_KINDS.some((kind) => kind === key);

function needFields(): readonly SchemaField[] {
  return needSchema.options.flatMap((option) => schemaFields(option));
}

function kindSection(field: SchemaField): string {
  const fields = schemaFields(bareSchema(field.schema));
  const example =
    field.example === undefined ? '' : `\n\n    ${field.key} = ${JSON.stringify(field.example)}`;
  return `### ${field.key}\n${field.description}${example}\n${fields.length === 0 ? '' : `\n${table(fields)}`}`;
}

function table(fields: readonly SchemaField[]): string {
  const rows = fields.map(
    ({ key, schema, description, required, ...field }) =>
      `| \`${key}\` | ${cell(schemaTypeText(schema))} | ${required ? 'required' : defaultText(field.default)} | ${cell(description)} |`,
  );
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

const defaultText = (value: unknown): string => (value === undefined ? '–' : `\`${JSON.stringify(value)}\``);

const cell = (text: string): string => text.replaceAll('|', '\\|');

const EXPRESSIONS: readonly string[] = [
  '## Expressions',
  'Every string of a task may hold `{{ expressions }}`, but for its id and labels, `code` (which is Nushell), and the names of what is',
  'called (`nu.module`, `nu.command`, `call.method`: they are checked before the run). A string that is exactly one `{{ expression }}`',
  'keeps the type of its value; any other is text. Expressions see:',
  '',
  '| name | what |',
  '|---|---|',
  ...Object.entries(SCOPE_ROOTS).map(([root, what]) => `| \`${root}\` | ${what} |`),
  '',
  `A task has ${TASK_FIELDS.map((field) => `\`tasks.ID.${field}\``).join(', ')}: \`output\` without for_each, \`outputs\` with it, by index and null`,
  `where an item has none. Only tasks among the transitive needs may be named. The run has ${RUN_FIELDS.map((field) => `\`run.${field}\``).join(', ')}.`,
  'An id with a dash is `tasks["load-balancer"]`, since `a-b` is a subtraction. `range(n)` gives the numbers below n.',
  '',
  '## Durations',
  'A number and a unit, `ms`, `s`, `m`, `h` or `d`, combined as needed: `"500ms"`, `"30s"`, `"1h30m"`.',
  '',
  '## Paths',
  'Paths of modules, scripts, templates and targets count from the project (the folder with `sidecar.toml`), else from the folder of the',
  'workflow file. Absolute paths are allowed inside the roots.',
  '',
];

function laterSection(): readonly string[] {
  const keys = Object.entries(LATER_KEYS).map(
    ([place, names]) => `| ${place} | ${names.map((name) => `\`${name}\``).join(', ')} |`,
  );
  const values = Object.entries(LATER_VALUES).map(
    ([key, words]) => `| value of \`${key}\` | ${words.map((word) => `\`${word}\``).join(', ')} |`,
  );
  return [
    '## Not in this version',
    'These belong to the format, and a file with one is refused with a message that says so. None is ignored.',
    '',
    '| where | what |',
    '|---|---|',
    ...keys,
    ...values,
  ];
}
