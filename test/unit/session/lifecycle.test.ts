import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Framing } from '../../../src/kernel/session-port.js';
import { type Phase, refusal, takesNotification } from '../../../src/session/lifecycle.js';

interface Row {
  readonly phase: Phase;
  readonly framing: Framing;
  readonly method: string;
  readonly request: 'served' | 'invalid_request' | 'not_initialized';
  readonly notification: boolean;
}

const rows: readonly Row[] = [
  { phase: 'new', framing: 'headers', method: 'a/b', request: 'not_initialized', notification: false },
  { phase: 'new', framing: 'headers', method: 'shutdown', request: 'not_initialized', notification: false },
  { phase: 'new', framing: 'headers', method: 'initialize', request: 'served', notification: false },
  { phase: 'new', framing: 'headers', method: 'exit', request: 'not_initialized', notification: true },
  { phase: 'new', framing: 'lines', method: 'a/b', request: 'served', notification: true },
  { phase: 'new', framing: 'lines', method: 'initialize', request: 'served', notification: true },
  { phase: 'open', framing: 'headers', method: 'a/b', request: 'served', notification: true },
  { phase: 'open', framing: 'lines', method: 'initialize', request: 'invalid_request', notification: true },
  { phase: 'shut-down', framing: 'headers', method: 'a/b', request: 'invalid_request', notification: false },
  {
    phase: 'shut-down',
    framing: 'lines',
    method: 'initialize',
    request: 'invalid_request',
    notification: false,
  },
  { phase: 'shut-down', framing: 'lines', method: 'exit', request: 'invalid_request', notification: true },
];

for (const { phase, framing, method, request, notification } of rows) {
  test(`${method} in phase ${phase} over ${framing}`, () => {
    assert.equal(refusal(phase, framing, method)?.error ?? 'served', request);
    assert.equal(takesNotification(phase, framing, method), notification);
  });
}
