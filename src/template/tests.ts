import {
  DateTime,
  Duration,
  Filesize,
  Float,
  isList,
  isRecord,
  Range,
  type Value,
} from '../kernel/value/value.js';
import { text, wrong } from './argument.js';
import { arithmetic } from './arithmetic.js';
import { contains, equal, order } from './compare.js';
import type { Arguments, Test, Toolbox } from './filter.js';
import { isTruthy } from './is-truthy.js';
import { isInt, isNumeric } from './number.js';

const one = (holds: (input: Value) => boolean): Test => ({ parameters: [], holds });

const ordering = (accept: (result: number) => boolean): Test => ({
  parameters: ['other'],
  holds: (input, [other = null], { budget }) => accept(order(input, other, budget)),
});

const equality = (wanted: boolean): Test => ({
  parameters: ['other'],
  holds: (input, [other = null], { budget }) => equal(input, other, budget) === wanted,
});

const ofText = (holds: (input: string, part: string) => boolean): Test => ({
  parameters: ['pat|prefix|suffix'],
  holds: (input, [part], { budget }) => holds(budget.search(text(input), text(part)), text(part)),
});

const divisible: Test = {
  parameters: ['num|divisor'],
  holds: (input, [divisor = null], { budget }) =>
    equal(arithmetic('%', intOf(input), intOf(divisor), budget), 0, budget),
};

const parity = (rest: number): Test => ({
  parameters: [],
  holds: (input, _, { budget }) => arithmetic('%', intOf(input), 2, budget) === rest,
});

const starting = ofText((input, part) => input.startsWith(part));
const ending = ofText((input, part) => input.endsWith(part));
const isNone = one((input) => input === null);
const isRecordTest = one(isRecord);
const isListTest = one(isList);
const holdsMember: Test = {
  parameters: ['seq'],
  holds: (input, [container = null], { budget }) => contains(container, input, budget),
};

/** Every test by name. `defined` and `undefined` are answered by the compiled node, which sees what is missing. */
export const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', one(() => true)],
  ['undefined', one(() => false)],
  ['none', isNone],
  ['null', isNone],
  ['true', one((input) => input === true)],
  ['false', one((input) => input === false)],
  ['truthy', one(isTruthy)],
  ['boolean', one((input) => typeof input === 'boolean')],
  ['number', one(isNumeric)],
  ['integer', one(isInt)],
  [
    'float',
    one((input) => input instanceof Float || (typeof input === 'number' && !Number.isInteger(input))),
  ],
  ['string', one((input) => typeof input === 'string')],
  ['sequence', isListTest],
  ['list', isListTest],
  ['mapping', isRecordTest],
  ['object', isRecordTest],
  ['record', isRecordTest],
  [
    'iterable',
    one(
      (input) =>
        isList(input) ||
        isRecord(input) ||
        typeof input === 'string' ||
        input instanceof Range ||
        input instanceof Uint8Array,
    ),
  ],
  ['date', one((input) => input instanceof DateTime)],
  ['duration', one((input) => input instanceof Duration)],
  ['filesize', one((input) => input instanceof Filesize)],
  ['range', one((input) => input instanceof Range)],
  ['binary', one((input) => input instanceof Uint8Array)],
  [
    'empty',
    one(
      (input) => input === null || input === '' || (!isNumeric(input) && input !== false && !isTruthy(input)),
    ),
  ],
  [
    'upper',
    one(
      (input) => typeof input === 'string' && input === input.toUpperCase() && input !== input.toLowerCase(),
    ),
  ],
  [
    'lower',
    one(
      (input) => typeof input === 'string' && input === input.toLowerCase() && input !== input.toUpperCase(),
    ),
  ],
  ['odd', parity(1)],
  ['even', parity(0)],
  ['divisibleby', divisible],
  ['eq', equality(true)],
  ['equalto', equality(true)],
  ['ne', equality(false)],
  ['lt', ordering((result) => result < 0)],
  ['lessthan', ordering((result) => result < 0)],
  ['le', ordering((result) => result <= 0)],
  ['gt', ordering((result) => result > 0)],
  ['greaterthan', ordering((result) => result > 0)],
  ['ge', ordering((result) => result >= 0)],
  ['in', holdsMember],
  [
    'containing',
    {
      parameters: ['pat'],
      holds: (input: Value, [part = null]: Arguments, { budget }: Toolbox) => contains(input, part, budget),
    },
  ],
  ['starting_with', starting],
  ['startingwith', starting],
  ['startswith', starting],
  ['ending_with', ending],
  ['endingwith', ending],
  ['endswith', ending],
]);

function intOf(value: Value): Value {
  return isInt(value) ? value : wrong('int', value);
}
