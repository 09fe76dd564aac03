import type { Float, Range } from './value.js';

function endText(value: number | bigint | Float): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return String(value);
  const text = Object.is(value.value, -0) ? '-0' : String(value.value);
  return /[.en]/.test(text) ? text : `${text}.0`;
}

/** A range as Nushell writes it: `1..3`, `1..<3`, `0..2..10`, `5..`. */
export function rangeText(range: Range): string {
  const step = range.next === null ? '' : `..${endText(range.next)}`;
  const end = range.end === null ? '' : endText(range.end);
  return `${endText(range.start)}${step}..${range.inclusive || range.end === null ? '' : '<'}${end}`;
}
