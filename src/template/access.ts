import { DateTime, isList, isRecord, typeName, type Value } from '../kernel/value/value.js';
import type { Budget } from './budget.js';
import { toIndex } from './number.js';
import { EvaluationFault } from './problem.js';

/**
 * A field of a record or an item of a list by its own key only, so that nothing of JavaScript can be reached; undefined when
 * there is none. Negative indexes count from the end.
 */
export function member(target: Value, key: Value): Value | undefined {
  if (isRecord(target)) {
    const name = typeof key === 'string' ? key : fieldNumber(key);
    return name !== undefined && Object.hasOwn(target, name) ? target[name] : undefined;
  }
  const index = toIndex(typeof key === 'string' && /^\d{1,15}$/.test(key) ? Number(key) : key);
  if (index === undefined) return undefined;
  if (isList(target) || target instanceof Uint8Array) return target.at(index);
  if (typeof target === 'string') return characterAt(target, index);
  return undefined;
}

/** A field with a fixed name: the path that nearly every expression takes. */
export function field(target: Value, name: string): Value | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(target);
  if (prototype !== Object.prototype && prototype !== null) return member(target, name);
  return Object.hasOwn(target, name) ? Reflect.get(target, name) : undefined;
}

function fieldNumber(key: Value): string | undefined {
  return typeof key === 'number' || typeof key === 'bigint' ? String(key) : undefined;
}

function characterAt(text: string, index: number): string | undefined {
  return index >= 0 && index < 0x10000
    ? Array.from(text.slice(0, (index + 1) * 2))[index]
    : Array.from(text).at(index);
}

/** `target[from:to:by]` of a list, a text (by characters) or binary, with Python's rules for what lies outside. */
export function slice(
  target: Value,
  from: Value | undefined,
  to: Value | undefined,
  by: Value | undefined,
  budget: Budget,
): Value {
  const step = bound(by, 'step') ?? 1;
  if (step === 0)
    throw new EvaluationFault('The step of a slice is 0.', { expected: 'another step', got: '0' });
  const start = bound(from, 'start');
  const stop = bound(to, 'end');
  if (typeof target === 'string') {
    budget.charge(target.length >> 2);
    return budget.text(sliceItems(Array.from(target), start, stop, step, budget).join(''));
  }
  if (target instanceof Uint8Array)
    return Uint8Array.from(sliceItems(Array.from(target), start, stop, step, budget));
  if (isList(target)) return sliceItems(target, start, stop, step, budget);
  throw new EvaluationFault(`Cannot slice ${typeName(target)}.`, {
    expected: 'a list or a text',
    got: typeName(target),
  });
}

function bound(value: Value | undefined, what: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const index = toIndex(value);
  if (index !== undefined) return index;
  throw new EvaluationFault(`The ${what} of a slice is ${typeName(value)}.`, {
    expected: 'int',
    got: typeName(value),
  });
}

function sliceItems<T>(
  items: readonly T[],
  start: number | undefined,
  stop: number | undefined,
  step: number,
  budget: Budget,
): readonly T[] {
  const { length } = items;
  const within = (index: number): number => {
    const absolute = index < 0 ? index + length : index;
    return step > 0 ? Math.min(Math.max(absolute, 0), length) : Math.min(Math.max(absolute, -1), length - 1);
  };
  const first = start === undefined ? (step > 0 ? 0 : length - 1) : within(start);
  const last = stop === undefined ? (step > 0 ? length : -1) : within(stop);
  budget.charge(Math.max(0, Math.ceil((last - first) / step)));
  if (step === 1) return items.slice(first, last);
  const picked: T[] = [];
  for (let index = first; step > 0 ? index < last : index > last; index += step)
    picked.push(...items.slice(index, index + 1));
  return picked;
}

/** Why a lookup found nothing, for a message: what the target is and what it has. */
export function describeTarget(target: Value): string {
  if (isRecord(target)) {
    const keys = Object.keys(target);
    if (keys.length === 0) return 'the record is empty';
    return `the record has ${keys.slice(0, 8).join(', ')}${keys.length > 8 ? `, … (${keys.length} fields)` : ''}`;
  }
  if (isList(target)) return `the list has ${target.length} items`;
  if (target === null) return 'the value before it is null';
  return `${target instanceof DateTime ? 'a date' : typeName(target)} has no fields`;
}
