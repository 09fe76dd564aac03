import { z } from 'zod';
import { defineNotification, defineRequest } from './define-method.js';
import { env } from './scalars.js';

const processId = z
  .number()
  .int()
  .nullable()
  .describe(
    'The process of the client. When it dies, its session ends: requests are cancelled, subscriptions dropped.',
  );

const trace = z
  .string()
  .describe('"off", "messages" or "verbose": how much window/logMessage tells. Others count as off.');

/** LSP 3.17 §initialize. Capabilities and fields of others are open: unknown ones are ignored. */
export const initialize = defineRequest({
  name: 'initialize',
  summary:
    'Opens a session. The first request over header frames and WebSocket; JSON lines need none. A second one is refused with invalid_request.',
  params: z.looseObject({
    processId: processId.optional(),
    clientInfo: z.looseObject({ name: z.string(), version: z.string().optional() }).optional(),
    rootUri: z.string().nullable().optional().describe('The folder of the session, as a file: URI.'),
    rootPath: z.string().nullable().optional().describe('The same as a path, for older clients.'),
    workspaceFolders: z
      .array(z.looseObject({ uri: z.string(), name: z.string().optional() }))
      .nullable()
      .optional()
      .describe('The first one is the folder of the session when there is no rootUri.'),
    capabilities: z.looseObject({}).optional(),
    trace: trace.optional(),
  }),
  result: z.strictObject({
    protocolVersion: z.number().int(),
    serverInfo: z.strictObject({ name: z.string(), version: z.string(), buildId: z.string() }),
    capabilities: z.looseObject({
      methods: z.array(z.string()).describe('The requests this sidecar serves.'),
      notifications: z.array(z.string()).describe('The notifications it may send.'),
    }),
  }),
  errors: ['invalid_request'],
  example: {
    params: { processId: null, rootUri: 'file:///srv/infra', capabilities: {} },
    result: {
      protocolVersion: 1,
      serverInfo: { name: 'nu-sidecar', version: '0.1.0', buildId: '0.1.0-3f2a' },
      capabilities: { methods: ['template/render'], notifications: ['run/didChange'] },
    },
  },
});

export const initialized = defineNotification({
  name: 'initialized',
  direction: 'client',
  summary: 'The client has taken the answer to initialize.',
  params: z.looseObject({}),
  example: { params: {} },
});

export const shutdown = defineRequest({
  name: 'shutdown',
  summary:
    'Announces the end of this session; only exit may follow. It ends the session, never the daemon: see sidecar/stop.',
  params: z.strictObject({}),
  result: z.null(),
  errors: ['invalid_request'],
  example: { params: {}, result: null },
});

export const exit = defineNotification({
  name: 'exit',
  direction: 'client',
  summary:
    'Ends the session: requests in flight are cancelled. A stdio process then ends with 0 after shutdown, else with 1.',
  params: z.looseObject({}),
  example: { params: {} },
});

export const cancelRequest = defineNotification({
  name: '$/cancelRequest',
  direction: 'client',
  summary:
    'Takes a request back. It is still answered, once: with request_cancelled, or its result if that came first. Unknown ids are ignored.',
  params: z.looseObject({ id: z.union([z.string(), z.number()]).describe('The id of the request.') }),
  example: { params: { id: 7 } },
});

export const setTrace = defineNotification({
  name: '$/setTrace',
  direction: 'client',
  summary: 'Sets how much window/logMessage tells.',
  params: z.looseObject({ value: trace }),
  example: { params: { value: 'verbose' } },
});

export const attach = defineNotification({
  name: '$/attach',
  direction: 'client',
  summary:
    'Gives a unix-socket connection its folder and environment. Only as its first message, as one JSON line; the framing of what follows is recognised anew.',
  params: z.strictObject({
    cwd: z.string().min(1).optional().describe('Absolute.'),
    env: env.optional(),
    processId: processId.optional(),
  }),
  example: { params: { cwd: '/srv/infra', env: { LANG: 'C.UTF-8' }, processId: 4711 } },
});

export const logMessage = defineNotification({
  name: 'window/logMessage',
  direction: 'sidecar',
  summary:
    'A line of the log that concerns this session. Sent after initialize only: errors and warnings always, more when $/setTrace asks for it.',
  params: z.strictObject({
    type: z
      .number()
      .int()
      .min(1)
      .max(5)
      .describe('1 error, 2 warning, 3 information, 4 log, 5 debug (LSP 3.17 §MessageType).'),
    message: z.string(),
  }),
  example: { params: { type: 2, message: 'The answer to template/render took 2,310 ms.' } },
});

export const sessionMethods = [
  initialize,
  initialized,
  shutdown,
  exit,
  cancelRequest,
  setTrace,
  attach,
  logMessage,
] as const;
