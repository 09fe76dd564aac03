import { z } from 'zod';
import { defineRequest } from './define-method.js';
import { anyValue, filePath, nuonText, place, wantsNuon } from './scalars.js';

export const fileLoad = defineRequest({
  name: 'file/load',
  summary: "Loads a file into a value, as Nushell's open does, in more formats and inside the roots only.",
  params: z.strictObject({
    path: filePath,
    format: z
      .string()
      .min(1)
      .optional()
      .describe("A name of file/formats. Default: by the file's extension."),
    raw: z.boolean().optional().describe('Give the text as it is, unread, whatever its format.'),
    nuon: wantsNuon.optional(),
    ...place,
  }),
  result: z.strictObject({
    value: anyValue,
    format: z.string().describe('The format it was read as.'),
    valueNuon: nuonText.optional(),
  }),
  errors: [
    'unreadable',
    'outside_roots',
    'unsupported_format',
    'invalid_document',
    'limit_exceeded',
    'nu_missing',
  ],
  rest: { method: 'POST', path: '/v1/files/load' },
  example: { params: { path: 'infra/demo.toml' }, result: { value: { region: 'eu-1' }, format: 'toml' } },
});

export const fileFormats = defineRequest({
  name: 'file/formats',
  summary: 'Lists the formats file/load reads.',
  params: z.strictObject({}),
  result: z.strictObject({
    formats: z.array(
      z.strictObject({
        name: z.string(),
        extensions: z.array(z.string()).describe('Without the dot.'),
        reader: z.enum(['native', 'nu']).describe("nu: read by Nushell's own parser, so it needs Nushell."),
        description: z.string(),
      }),
    ),
  }),
  rest: { method: 'GET', path: '/v1/files/formats' },
  example: {
    params: {},
    result: {
      formats: [{ name: 'toml', extensions: ['toml'], reader: 'native', description: 'TOML 1.0' }],
    },
  },
});

export const fileMethods = [fileLoad, fileFormats] as const;
