import { z } from 'zod';
import { defineRequest } from './define-method.js';
import { anyValue, cursor, nuonText, pageLimit } from './scalars.js';

const key = z.string().min(1).max(256).describe("A key of the user's own, 1 to 256 characters.");

export const stateGet = defineRequest({
  name: 'state/get',
  summary: 'Gives the value of a key.',
  params: z.strictObject({ key }),
  result: z.strictObject({ key, value: anyValue }),
  errors: ['not_found'],
  rest: { method: 'GET', path: '/v1/state/{key}' },
  example: { params: { key: 'last-deploy' }, result: { key: 'last-deploy', value: 'r-01k9zq3v7w' } },
});

export const statePut = defineRequest({
  name: 'state/put',
  summary: 'Sets a key. The answer comes once it is on disk.',
  params: z.strictObject({
    key,
    value: anyValue.optional(),
    valueNuon: nuonText.optional().describe('The value as NUON text; it is kept in its JSON form.'),
  }),
  oneOf: [{ fields: ['value', 'valueNuon'], required: true }],
  result: z.strictObject({ key }),
  errors: ['storage_failed', 'limit_exceeded', 'invalid_document'],
  rest: { method: 'PUT', path: '/v1/state/{key}' },
  example: { params: { key: 'last-deploy', value: 'r-01k9zq3v7w' }, result: { key: 'last-deploy' } },
});

export const stateDelete = defineRequest({
  name: 'state/delete',
  summary: 'Removes a key. The answer comes once that is on disk.',
  params: z.strictObject({ key }),
  result: z.strictObject({ deleted: z.boolean().describe('False: there was no such key.') }),
  errors: ['storage_failed'],
  rest: { method: 'DELETE', path: '/v1/state/{key}' },
  example: { params: { key: 'last-deploy' }, result: { deleted: true } },
});

export const stateList = defineRequest({
  name: 'state/list',
  summary: 'Lists keys with their values, in the order of the keys, a page at a time.',
  params: z.strictObject({
    prefix: z.string().optional().describe('Only keys that begin with it.'),
    limit: pageLimit.optional().describe('Default 100.'),
    cursor: cursor.optional(),
  }),
  result: z.strictObject({
    entries: z.array(z.strictObject({ key, value: anyValue })),
    nextCursor: cursor.optional().describe('Absent at the end.'),
  }),
  rest: { method: 'GET', path: '/v1/state' },
  example: {
    params: { prefix: 'last-' },
    result: { entries: [{ key: 'last-deploy', value: 'r-01k9zq3v7w' }] },
  },
});

export const stateMethods = [stateGet, statePut, stateDelete, stateList] as const;
