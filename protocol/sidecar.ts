import { z } from 'zod';
import { defineRequest } from './define-method.js';
import { milliseconds, seq, timestamp } from './scalars.js';

export const nuBinary = z
  .strictObject({
    path: z.string(),
    version: z.string(),
  })
  .describe('The Nushell that runs the tasks.');

export const sidecarStatus = defineRequest({
  name: 'sidecar/status',
  summary:
    'How the sidecar is: its build, its state directory, its runs, its storage, and whether it is healthy.',
  params: z.strictObject({}),
  result: z.strictObject({
    version: z.string(),
    buildId: z.string(),
    protocolVersion: z.number().int(),
    pid: z.number().int(),
    startedAt: timestamp,
    uptimeMs: milliseconds,
    stateDirectory: z.string(),
    project: z.string().nullable().describe('The folder with sidecar.toml, null without one.'),
    epoch: z
      .number()
      .int()
      .describe('The number of its lock: each daemon of a state directory has a greater one.'),
    connections: z.number().int(),
    runs: z
      .record(z.string(), z.number().int())
      .describe('Unfinished runs by state: queued, running, stopping, cancelling.'),
    attemptsLive: z.number().int().describe('Attempts that are running now.'),
    nu: nuBinary.nullable().describe('Null when no Nushell was found.'),
    storage: z.strictObject({ ok: z.boolean(), message: z.string().optional(), seq }),
    health: z
      .enum(['ok', 'degraded', 'failed'])
      .describe('degraded: it works, but something needs attention; failed: it takes no new runs.'),
    httpUrl: z
      .string()
      .nullable()
      .describe('Null while it does not listen on TCP, which this version never does.'),
  }),
  rest: { method: 'GET', path: '/v1/status' },
  example: {
    params: {},
    result: {
      version: '0.1.0',
      buildId: '0.1.0-3f2a',
      protocolVersion: 1,
      pid: 4711,
      startedAt: '2026-01-02T03:04:05.000Z',
      uptimeMs: 61000,
      stateDirectory: '/srv/infra/.sidecar',
      project: '/srv/infra',
      epoch: 3,
      connections: 1,
      runs: { queued: 0, running: 1, stopping: 0 },
      attemptsLive: 2,
      nu: { path: '/usr/bin/nu', version: '0.115.1' },
      storage: { ok: true, seq: 128 },
      health: 'ok',
      httpUrl: null,
    },
  },
});

export const sidecarStop = defineRequest({
  name: 'sidecar/stop',
  summary:
    'Ends the daemon: no new attempts, live ones may finish until the drain timeout, unfinished runs go on with the next daemon.',
  params: z.strictObject({
    drainTimeoutMs: milliseconds
      .optional()
      .describe('How long live attempts may take. Default: [daemon] drain_timeout of sidecar.toml.'),
    force: z.boolean().optional().describe('Do not wait for live attempts.'),
  }),
  result: z.strictObject({ stopping: z.literal(true) }),
  rest: { method: 'POST', path: '/v1/stop' },
  example: { params: { drainTimeoutMs: 5000 }, result: { stopping: true } },
});

export const sidecarMethods = [sidecarStatus, sidecarStop] as const;
