import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInputs, runTable } from '../../../../src/workflow/core/run-table.js';
import {
  type UnitInput,
  type UnitKey,
  unitInputs,
  unitTable,
} from '../../../../src/workflow/core/unit-table.js';

test('every state has an entry for every input', () => {
  for (const [key, row] of Object.entries(unitTable))
    assert.deepEqual(Object.keys(row).sort(), [...unitInputs].sort(), key);
  for (const [phase, row] of Object.entries(runTable))
    assert.deepEqual(Object.keys(row).sort(), [...runInputs].sort(), phase);
});

/** Rows of engine-semantics B1, as the reference words them; what is not named here is ignored there. */
const b1: Readonly<Partial<Record<UnitKey, Partial<Record<UnitInput, string>>>>> = {
  pending: { D: 'ready', X: 'skip', W: 'skip', ST: 'cancel', DR: 'stay' },
  ready: { S: 'start', EF: 'fail', ST: 'cancel', DR: 'stay' },
  running: {
    OK: 'succeed',
    ER: 'retry',
    EF: 'fail',
    TO: 'stop',
    G: 'retry-or-fail',
    UK: 'lose',
    RC: 'recover',
    ST: 'stop',
    DR: 'stop',
  },
  'stopping(timeout)': {
    OK: 'succeed',
    ER: 'retry-or-fail',
    EF: 'retry-or-fail',
    G: 'retry-or-fail',
    UK: 'lose',
    RC: 'retry-or-fail',
    ST: 'stay',
    DR: 'stay',
  },
  'stopping(stop)': {
    OK: 'succeed',
    ER: 'cancel',
    EF: 'cancel',
    G: 'cancel',
    UK: 'lose',
    RC: 'cancel',
    ST: 'stay',
    DR: 'stay',
  },
  'stopping(drain)': {
    OK: 'succeed',
    ER: 'interrupt',
    EF: 'interrupt',
    G: 'interrupt',
    UK: 'lose',
    RC: 'interrupt',
    ST: 'stop',
    DR: 'stay',
  },
  waiting: { RC: 'stay', TM: 'ready', ST: 'cancel', DR: 'stay' },
};

for (const [key, row] of Object.entries(unitTable)) {
  test(`${key} does what B1 says`, () => {
    const named = Object.fromEntries(Object.entries(row).filter(([, move]) => move !== 'ignore'));
    const expected = Object.entries(b1).find(([name]) => name === key)?.[1] ?? { ST: 'stay', DR: 'stay' };
    assert.deepEqual(named, expected);
  });
}
