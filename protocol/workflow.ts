import { z } from 'zod';
import { defineRequest, type OneOf } from './define-method.js';
import { diagnosticSchema } from './diagnostic.js';
import { filePath, labels, nuonText, place, runId, surroundings, taskId, valueRecord } from './scalars.js';

const workflow = {
  path: filePath.optional().describe('The workflow file, absolute or relative to `cwd`.'),
  name: z.string().min(1).optional().describe('The name of a workflow, as workflow/list gives it.'),
  definition: valueRecord.optional().describe('The workflow itself, as the value a workflow file loads to.'),
};
const inputs = {
  inputs: valueRecord.optional(),
  inputsNuon: nuonText
    .optional()
    .describe('The inputs as the NUON text of a record, with every type intact.'),
  inputsText: z
    .record(z.string(), z.string())
    .optional()
    .describe(
      'Inputs as text, such as those of a command line: each is read as its declared type, and wins over `inputs`.',
    ),
};
const oneWorkflow: OneOf = { fields: ['path', 'name', 'definition'], required: true };
const oneInputs: OneOf = { fields: ['inputs', 'inputsNuon'], required: false };

export const workflowList = defineRequest({
  name: 'workflow/list',
  summary:
    'Lists the workflows of the project: the files in its workflow folders. Without a project: those in workflows/ below `cwd`.',
  params: z.strictObject({ ...place }),
  result: z.strictObject({
    workflows: z.array(
      z.strictObject({
        name: z.string(),
        path: z.string().describe('Absolute.'),
        description: z.string().optional(),
        inputs: valueRecord.optional().describe('The declared inputs by name.'),
      }),
    ),
  }),
  rest: { method: 'GET', path: '/v1/workflows' },
  example: {
    params: {},
    result: { workflows: [{ name: 'clusters/deploy', path: '/srv/infra/workflows/clusters/deploy.toml' }] },
  },
});

export const workflowValidate = defineRequest({
  name: 'workflow/validate',
  summary:
    'Checks a workflow, and its inputs where they are given, without running anything: schema, needs, cycles, expressions, signatures of commands.',
  params: z.strictObject({ ...workflow, ...inputs, ...surroundings }),
  oneOf: [oneWorkflow, oneInputs],
  result: z.strictObject({
    valid: z.boolean(),
    diagnostics: z
      .array(diagnosticSchema)
      .describe('All findings at once; valid means that none is an error.'),
    name: z.string().optional(),
  }),
  errors: ['unreadable', 'outside_roots', 'not_found', 'invalid_document', 'nu_missing'],
  rest: { method: 'POST', path: '/v1/workflows/validate' },
  example: {
    params: { path: 'workflows/clusters/deploy.toml' },
    result: { valid: true, diagnostics: [], name: 'clusters/deploy' },
  },
});

export const workflowPlan = defineRequest({
  name: 'workflow/plan',
  summary: 'Says what a run would do and in which order, as far as that is known before it runs.',
  params: z.strictObject({ ...workflow, ...inputs, ...surroundings }),
  oneOf: [oneWorkflow, oneInputs],
  result: z.strictObject({
    name: z.string(),
    levels: z
      .array(z.array(taskId))
      .describe('Tasks of one level may run side by side; each level needs earlier ones.'),
    tasks: z.array(
      z.strictObject({
        id: taskId,
        kind: z.string(),
        needs: z.array(taskId),
        level: z.number().int().min(0),
        forEach: z
          .number()
          .int()
          .min(0)
          .nullable()
          .optional()
          .describe('How many items; null when only the run knows.'),
        reason: z.string().optional().describe('Why it would not run, or what decides it.'),
      }),
    ),
    criticalPath: z.array(taskId).describe('The longest chain of needs.'),
  }),
  errors: ['workflow_invalid', 'unreadable', 'outside_roots', 'not_found', 'invalid_document', 'nu_missing'],
  rest: { method: 'POST', path: '/v1/workflows/plan' },
  example: {
    params: { name: 'clusters/deploy' },
    result: {
      name: 'clusters/deploy',
      levels: [['network'], ['server']],
      tasks: [
        { id: 'network', kind: 'nu', needs: [], level: 0 },
        { id: 'server', kind: 'nu', needs: ['network'], level: 1, forEach: 3 },
      ],
      criticalPath: ['network', 'server'],
    },
  },
});

export const workflowSubmit = defineRequest({
  name: 'workflow/submit',
  summary:
    'Starts a run. The answer comes once the run is on disk: from then on it goes to its end, also through a crash of the daemon.',
  params: z.strictObject({
    ...workflow,
    ...inputs,
    idempotencyKey: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'The same key with the same workflow, inputs and labels gives the same run; with others it is a conflict.',
      ),
    labels: labels.optional(),
    ...surroundings,
  }),
  oneOf: [oneWorkflow, oneInputs],
  result: z.strictObject({
    runId,
    existing: z
      .boolean()
      .optional()
      .describe('The idempotency key was known: this is the run of the earlier submit.'),
  }),
  errors: [
    'workflow_invalid',
    'conflict',
    'storage_failed',
    'unreadable',
    'outside_roots',
    'not_found',
    'invalid_document',
    'limit_exceeded',
    'nu_missing',
  ],
  rest: { method: 'POST', path: '/v1/workflows/submit' },
  example: {
    params: { path: 'workflows/clusters/deploy.toml', inputs: { infra: 'demo' } },
    result: { runId: 'r-01k9zq3v7w' },
  },
});

export const workflowMethods = [workflowList, workflowValidate, workflowPlan, workflowSubmit] as const;
