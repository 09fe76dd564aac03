import { isRecord, typeName, type Value, type ValueRecord } from '../kernel/value/value.js';
import { toIndex } from './number.js';
import { EvaluationFault } from './problem.js';

/** The typed reading of filter inputs and arguments. Each throws an EvaluationFault that names what was expected and what came. */

export function text(value: Value | undefined, fallback?: string): string {
  if (value === undefined && fallback !== undefined) return fallback;
  return typeof value === 'string' ? value : wrong('string', value);
}

export function int(value: Value | undefined, fallback?: number): number {
  if (value === undefined && fallback !== undefined) return fallback;
  return toIndex(value) ?? wrong('int', value);
}

export function bool(value: Value | undefined, fallback?: boolean): boolean {
  if (value === undefined && fallback !== undefined) return fallback;
  return typeof value === 'boolean' ? value : wrong('bool', value);
}

export function record(value: Value | undefined): ValueRecord {
  return isRecord(value) ? value : wrong('record', value);
}

export function wrong(expected: string, value: Value | undefined): never {
  const got = value === undefined ? 'nothing' : typeName(value);
  throw new EvaluationFault(`Expected ${expected}, got ${got}.`, { expected, got });
}
