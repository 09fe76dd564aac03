import { z } from 'zod';
import { defineRequest, type OneOf } from './define-method.js';
import { diagnosticSchema } from './diagnostic.js';
import { anyValue, filePath, nuonText, place, valueRecord, wantsNuon } from './scalars.js';

const template = {
  source: z.string().optional().describe('The text of the template.'),
  path: filePath.optional().describe('The file of the template, absolute or relative to `cwd`.'),
};

const context = {
  context: valueRecord.optional().describe('The names the template sees.'),
  contextNuon: nuonText.optional().describe('The same as the NUON text of a record, with every type intact.'),
};

const oneTemplate: OneOf = { fields: ['source', 'path'], required: true };
const oneContext: OneOf = { fields: ['context', 'contextNuon'], required: false };

export const templateRender = defineRequest({
  name: 'template/render',
  summary: 'Renders a Jinja2 template with a context that may hold every Nushell type.',
  params: z.strictObject({ ...template, ...context, ...place }),
  oneOf: [oneTemplate, oneContext],
  result: z.strictObject({ text: z.string() }),
  errors: [
    'template_invalid',
    'template_failed',
    'template_budget',
    'unreadable',
    'outside_roots',
    'invalid_document',
  ],
  rest: { method: 'POST', path: '/v1/templates/render' },
  example: {
    params: { source: 'Hello {{ name }}', context: { name: 'web-1' } },
    result: { text: 'Hello web-1' },
  },
});

export const templateCheck = defineRequest({
  name: 'template/check',
  summary: 'Checks a template without rendering it: syntax, filters, tests, their arguments, included files.',
  params: z.strictObject({ ...template, ...place }),
  oneOf: [oneTemplate],
  result: z.strictObject({ valid: z.boolean(), diagnostics: z.array(diagnosticSchema) }),
  errors: ['unreadable', 'outside_roots'],
  rest: { method: 'POST', path: '/v1/templates/check' },
  example: { params: { source: '{{ name | upper }}' }, result: { valid: true, diagnostics: [] } },
});

export const templateEvaluate = defineRequest({
  name: 'template/evaluate',
  summary: 'Evaluates one expression of the template language; the value keeps its type.',
  params: z.strictObject({
    expression: z.string().min(1).describe('Without the braces, such as servers | length.'),
    ...context,
    nuon: wantsNuon.optional(),
  }),
  oneOf: [oneContext],
  result: z.strictObject({ value: anyValue, valueNuon: nuonText.optional() }),
  errors: ['template_invalid', 'template_failed', 'template_budget', 'invalid_document'],
  rest: { method: 'POST', path: '/v1/templates/evaluate' },
  example: {
    params: { expression: 'servers | length', context: { servers: ['a', 'b'] } },
    result: { value: 2 },
  },
});

export const templateList = defineRequest({
  name: 'template/list',
  summary: 'Lists the templates of the project: the files under its template roots.',
  params: z.strictObject({ ...place }),
  result: z.strictObject({
    templates: z.array(
      z.strictObject({
        name: z.string().describe('Relative to its root.'),
        path: z.string().describe('Absolute.'),
      }),
    ),
  }),
  rest: { method: 'GET', path: '/v1/templates' },
  example: {
    params: {},
    result: { templates: [{ name: 'haproxy.cfg.j2', path: '/srv/infra/templates/haproxy.cfg.j2' }] },
  },
});

export const templateMethods = [templateRender, templateCheck, templateEvaluate, templateList] as const;
