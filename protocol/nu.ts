import { z } from 'zod';
import { defineRequest } from './define-method.js';
import {
  anyValue,
  filePath,
  milliseconds,
  nuonText,
  place,
  surroundings,
  valueRecord,
  wantsNuon,
} from './scalars.js';
import { nuBinary } from './sidecar.js';

const input = {
  input: anyValue.optional().describe('What is piped in.'),
  inputNuon: nuonText.optional().describe('The same as NUON text.'),
};
const oneInput = { fields: ['input', 'inputNuon'], required: false } as const;

const call = {
  args: z.array(anyValue).optional().describe('The positional arguments, in order.'),
  flags: valueRecord
    .optional()
    .describe('The flags by their long or short name; the value of a switch is true.'),
};

const limits = {
  timeoutMs: milliseconds
    .optional()
    .describe('After so many milliseconds it is ended, with everything it started.'),
  isolated: z
    .boolean()
    .optional()
    .describe('Run it in a Nushell process of its own, which nothing shares. In this version every call is.'),
  nuon: wantsNuon.optional(),
};

const result = z.strictObject({ value: anyValue, valueNuon: nuonText.optional() });

export const nuCall = defineRequest({
  name: 'nu/call',
  summary:
    'Calls an exported command of a Nushell module. Arguments travel as data, never as code, and are checked against its signature first.',
  params: z.strictObject({
    module: filePath.describe('The module, absolute or relative to `cwd`.'),
    command: z.string().min(1).describe('The name as `use MODULE *` exports it.'),
    ...call,
    ...input,
    ...surroundings,
    ...limits,
  }),
  oneOf: [oneInput],
  result,
  errors: [
    'command_unknown',
    'arguments_invalid',
    'nu_failed',
    'nu_missing',
    'timeout',
    'limit_exceeded',
    'unreadable',
    'outside_roots',
    'invalid_document',
  ],
  rest: { method: 'POST', path: '/v1/nu/call' },
  example: {
    params: {
      module: 'core/nulib/server.nu',
      command: 'server create',
      args: ['web-1'],
      flags: { zone: 'eu-1' },
    },
    result: { value: { name: 'web-1', state: 'running' } },
  },
});

export const nuRun = defineRequest({
  name: 'nu/run',
  summary:
    'Runs Nushell code, or a script file, on an input; its value is the result. Arguments and flags go to the main command of a script.',
  params: z.strictObject({
    source: z.string().min(1).optional().describe('Code; `$in` is the input. Nothing is ever put into it.'),
    path: filePath.optional().describe('A script, absolute or relative to `cwd`.'),
    ...call,
    ...input,
    ...surroundings,
    ...limits,
  }),
  oneOf: [
    { fields: ['source', 'path'], required: true },
    { fields: ['source', 'args'], required: false },
    { fields: ['source', 'flags'], required: false },
    oneInput,
  ],
  result,
  errors: [
    'arguments_invalid',
    'nu_failed',
    'nu_missing',
    'timeout',
    'limit_exceeded',
    'unreadable',
    'outside_roots',
    'invalid_document',
  ],
  rest: { method: 'POST', path: '/v1/nu/run' },
  example: { params: { source: '$in | math sum', input: [1, 2, 3] }, result: { value: 6 } },
});

const parameter = z.strictObject({
  name: z.string(),
  kind: z.enum(['positional', 'optional', 'rest', 'flag', 'switch']),
  type: z.string().describe("Nushell's word for it, such as list<string>."),
  required: z.boolean(),
  short: z.string().optional(),
  description: z.string().optional(),
  default: anyValue.optional(),
});

export const nuCommands = defineRequest({
  name: 'nu/commands',
  summary: 'Lists what a Nushell module exports, with signatures. The module is read, not run.',
  params: z.strictObject({
    module: filePath.describe('The module, absolute or relative to `cwd`.'),
    ...place,
  }),
  result: z.strictObject({
    commands: z.array(
      z.strictObject({
        name: z.string(),
        description: z.string(),
        parameters: z.array(parameter),
        inputOutput: z.array(z.strictObject({ input: z.string(), output: z.string() })),
      }),
    ),
  }),
  errors: ['nu_failed', 'nu_missing', 'unreadable', 'outside_roots'],
  rest: { method: 'POST', path: '/v1/nu/commands' },
  example: {
    params: { module: 'core/nulib/server.nu' },
    result: {
      commands: [
        {
          name: 'server create',
          description: 'Creates a server',
          parameters: [{ name: 'name', kind: 'positional', type: 'string', required: true }],
          inputOutput: [{ input: 'nothing', output: 'record' }],
        },
      ],
    },
  },
});

export const nuVersion = defineRequest({
  name: 'nu/version',
  summary: 'Which Nushell runs the tasks, and where it was found.',
  params: z.strictObject({}),
  result: nuBinary.extend({ source: z.enum(['config', 'PATH', 'package']) }),
  errors: ['nu_missing'],
  rest: { method: 'GET', path: '/v1/nu/version' },
  example: { params: {}, result: { path: '/usr/bin/nu', version: '0.115.1', source: 'PATH' } },
});

export const nuMethods = [nuCall, nuRun, nuCommands, nuVersion] as const;
