import { type ErrorName, errors } from '../../protocol/errors.js';
import { Failure } from './failure.js';
import { isRecord, ownKey, type Value, type ValueRecord } from './value/value.js';

/** The error object of a JSON-RPC answer. */
export interface PeerError {
  readonly code: number;
  readonly message: string;
  /** Always `name`, `retryable` and `advice`; the rest is what the failure carries. */
  readonly data: ValueRecord;
}

/** A failure as the wire shows it. */
export function peerErrorOf(failure: Failure): PeerError {
  const row = errors[failure.error];
  return {
    code: row.code,
    message: failure.message,
    data: {
      name: failure.error,
      retryable: row.retryable,
      advice: row.advice,
      ...plainRecord(failure.data),
    },
  };
}

/** The failure behind an error object that another sidecar sent; an unknown one is `internal_error` with its code in `data`. */
export function failureOf(error: Value): Failure {
  if (!isRecord(error)) return new Failure('internal_error', 'The answer carried no error object.');
  const message = ownKey(error, 'message');
  const code = ownKey(error, 'code');
  const data = ownKey(error, 'data');
  const details = data !== undefined && isRecord(data) ? data : {};
  const name = errorName(ownKey(details, 'name'), code);
  return new Failure(name ?? 'internal_error', typeof message === 'string' ? message : 'No message.', {
    ...withoutRow(details),
    ...(name === undefined && { code }),
  });
}

function errorName(name: Value | undefined, code: Value | undefined): ErrorName | undefined {
  if (typeof name === 'string' && isErrorName(name)) return name;
  return Object.keys(errors)
    .filter(isErrorName)
    .find((each) => errors[each].code === code);
}

function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errors, name);
}

function withoutRow(data: ValueRecord): ValueRecord {
  return Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'name' && key !== 'retryable'));
}

/** What a failure carries may be any object of ours: absent fields go, what is no value becomes its text. */
function plainRecord(data: object): ValueRecord {
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, plain(value)]),
  );
}

function plain(value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (Array.isArray(value)) return value.map(plain);
  return isRecord(value) ? plainRecord(value) : String(value);
}
