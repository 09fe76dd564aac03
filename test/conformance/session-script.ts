import assert from 'node:assert/strict';
import { isRecord, ownKey, type Value } from '../../src/kernel/value/value.js';
import {
  type ExchangeOptions,
  exchange,
  framingOf,
  type Outcome,
  type Sent,
  type Transport,
} from './transport.js';

/** An answer that has to come: with this code, or with a result (any, when none is named). */
export type Expected =
  | { readonly id: Value; readonly code: number }
  | { readonly id: Value; readonly result?: Value };

/** One connection: what is sent, and every answer that has to come back, in any order, each exactly once. */
export interface SessionScript extends ExchangeOptions {
  readonly title: string;
  readonly send: readonly Sent[];
  readonly expect: readonly Expected[];
  /** The stream cannot be read any further: what follows is not answered, a stdio process ends with 1. */
  readonly fatal?: boolean;
  /** Send the script alone: neither open the session first, over header frames, nor ask afterwards whether it still serves. */
  readonly bare?: boolean;
  /** Open the session, but ask nothing afterwards. */
  readonly last?: boolean;
}

/** A message to be framed. */
export function message(value: object): Sent {
  return { message: JSON.stringify({ jsonrpc: '2.0', ...value }) };
}

/** A text to be framed as it is. */
export function text(value: string): Sent {
  return { message: value };
}

export function raw(bytes: string | Buffer): Sent {
  return { raw: bytes };
}

const opening: readonly Sent[] = [
  message({ id: 'opening', method: 'initialize', params: { processId: null, capabilities: {} } }),
  message({ method: 'initialized', params: {} }),
];
const lastRequest = message({ id: 'alive', method: 'sample/echo', params: { value: 'alive' } });

/** Plays a script and checks it, and that the connection still serves afterwards unless the script ends it. */
export async function play(transport: Transport, script: SessionScript): Promise<Outcome> {
  const opens = framingOf(transport) === 'headers' && script.bare !== true;
  const asks = script.bare !== true && script.last !== true;
  const outcome = await exchange(
    transport,
    [...(opens ? opening : []), ...script.send, ...(asks ? [lastRequest] : [])],
    script,
  );
  const expected: Expected[] = [
    ...(opens ? [{ id: 'opening' }] : []),
    ...script.expect,
    ...(!asks || script.fatal === true ? [] : [{ id: 'alive', result: 'alive' }]),
  ];
  const answers = outcome.messages.filter((each) => isRecord(each) && Object.hasOwn(each, 'id'));
  assert.deepEqual(
    answers.map((answer) => shown(answer, expected)).sort(),
    expected.map((each) => JSON.stringify(each)).sort(),
    `${script.title}: the answers`,
  );
  if (outcome.exitCode !== null && script.bare !== true) {
    // Header frames without shutdown end with 1, as LSP says; lines only when they could not be read.
    const code = opens || script.fatal === true ? 1 : 0;
    assert.equal(outcome.exitCode, code, `${script.title}: the exit code`);
  }
  return outcome;
}

/** An answer in the form of the expectation for its id, so that a difference reads well. */
function shown(answer: Value, expected: readonly Expected[]): string {
  assert.ok(isRecord(answer));
  assert.equal(ownKey(answer, 'jsonrpc'), '2.0');
  const id = ownKey(answer, 'id') ?? null;
  const error = ownKey(answer, 'error');
  const result = ownKey(answer, 'result');
  assert.ok((error === undefined) !== (result === undefined), 'result xor error');
  if (error === undefined) {
    const named = expected.find(
      (each) => JSON.stringify(each.id) === JSON.stringify(id) && !('code' in each),
    );
    return JSON.stringify(named && !('result' in named) ? { id } : { id, result });
  }
  assert.ok(isRecord(error));
  const data = ownKey(error, 'data');
  assert.ok(data !== undefined && isRecord(data), 'an error carries data');
  for (const key of ['name', 'retryable', 'advice']) assert.ok(Object.hasOwn(data, key), `data.${key}`);
  return JSON.stringify({ id, code: ownKey(error, 'code') });
}
