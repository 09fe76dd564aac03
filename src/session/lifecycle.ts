import { Failure } from '../kernel/failure.js';
import type { Framing } from '../kernel/session-port.js';

/** Where a session is in its life (LSP 3.17 §Server lifecycle). */
export type Phase = 'new' | 'open' | 'shut-down';

/** Why a request may not be served in this phase, or null. Over JSON lines no handshake is asked for. */
export function refusal(phase: Phase, framing: Framing, method: string): Failure | null {
  if (phase === 'shut-down') {
    return new Failure('invalid_request', `Expected exit after shutdown, got ${method}.`);
  }
  if (method === 'initialize') {
    if (phase === 'new') return null;
    return new Failure('invalid_request', 'Expected one initialize a session, got a second one.');
  }
  if (phase === 'new' && framing === 'headers') {
    return new Failure('not_initialized', `Expected initialize first, got ${method}.`);
  }
  return null;
}

/** Whether a notification counts in this phase; one that does not is dropped. `exit` always does. */
export function takesNotification(phase: Phase, framing: Framing, method: string): boolean {
  return method === 'exit' || phase === 'open' || (phase === 'new' && framing === 'lines');
}
