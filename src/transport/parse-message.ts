import { isUtf8 } from 'node:buffer';
import { Failure } from '../kernel/failure.js';
import { parseJson } from '../kernel/value/json.js';
import { Float, isRecord, ownKey, typeName, type Value, type ValueRecord } from '../kernel/value/value.js';

/** The id of a request; it goes back as it came: 1 stays 1, 1.0 stays 1.0, "1" stays "1". */
export type MessageId = string | number | bigint | Float | null;

/** A message as JSON-RPC 2.0 classes it. `refused`: it is none, and this is the error to answer with. */
export type Incoming =
  | {
      readonly kind: 'request';
      readonly id: MessageId;
      readonly method: string;
      readonly params: Value | undefined;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly params: Value | undefined }
  | { readonly kind: 'response'; readonly message: ValueRecord }
  | { readonly kind: 'refused'; readonly id: MessageId; readonly failure: Failure };

/**
 * Reads the bytes of one message. Never throws: what is no message becomes `refused` with `parse_error` or
 * `invalid_request`, with the id where JSON-RPC 2.0 §5 lets it be told.
 */
export function parseMessage(body: Buffer): Incoming {
  if (!isUtf8(body)) return refused(null, 'parse_error', 'Expected UTF-8, got bytes that are none.');
  let message: Value;
  try {
    message = parseJson(textOf(body));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Nesting is the only limit of the codec: the text may be fine JSON, it is only no request we take.
    if (error.error === 'limit_exceeded') return refused(null, 'invalid_request', error.message);
    return { kind: 'refused', id: null, failure: error };
  }
  if (Array.isArray(message)) {
    const got = message.length === 0 ? 'an empty list' : 'a batch';
    return refused(null, 'invalid_request', `Expected one message at a time, got ${got}.`);
  }
  if (!isRecord(message)) {
    return refused(null, 'invalid_request', `Expected a message object, got ${typeName(message)}.`);
  }
  return classify(message);
}

function classify(message: ValueRecord): Incoming {
  const given = ownKey(message, 'id');
  if (given !== undefined && !isId(given)) {
    return refused(
      null,
      'invalid_request',
      `Expected an id that is a string, a number or null, got ${typeName(given)}.`,
    );
  }
  const id = given ?? null;
  const method = ownKey(message, 'method');
  if (method !== undefined && typeof method !== 'string') {
    return refused(null, 'invalid_request', `Expected a method that is a string, got ${typeName(method)}.`);
  }
  if (ownKey(message, 'jsonrpc') !== '2.0') {
    return refused(id, 'invalid_request', 'Expected "jsonrpc": "2.0".');
  }
  if (method === undefined) {
    const answers = Object.hasOwn(message, 'result') || Object.hasOwn(message, 'error');
    if (answers) return { kind: 'response', message };
    return refused(id, 'invalid_request', 'Expected a method, got none.');
  }
  const params = ownKey(message, 'params');
  // Many clients write null for "no params": it is taken as absent.
  const absent = params === undefined || params === null;
  if (!absent && !Array.isArray(params) && !isRecord(params)) {
    return refused(
      id,
      'invalid_request',
      `Expected params that are an object or a list, got ${typeName(params)}.`,
    );
  }
  const rest = { method, params: absent ? undefined : params };
  return given === undefined ? { kind: 'notification', ...rest } : { kind: 'request', id, ...rest };
}

/** Whether a value may be an id. */
export function isId(id: Value): id is MessageId {
  return (
    id === null ||
    typeof id === 'string' ||
    typeof id === 'number' ||
    typeof id === 'bigint' ||
    id instanceof Float
  );
}

/** RFC 8259 §8.1 lets a parser ignore a byte order mark; what follows it decides. */
function textOf(body: Buffer): string {
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  return body.toString('utf8', marked ? 3 : 0);
}

function refused(id: MessageId, error: 'parse_error' | 'invalid_request', message: string): Incoming {
  return { kind: 'refused', id, failure: new Failure(error, message) };
}
