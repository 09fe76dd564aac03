import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { malformedInput } from './malformed-input.js';
import { play } from './session-script.js';
import { transports } from './transport.js';

test('table 1 has its twenty rows, each with a cell for every transport', () => {
  assert.equal(malformedInput.length, 20);
  assert.equal(new Set(malformedInput.map((row) => row.input)).size, 20, 'no row twice');
  for (const { input, cells } of malformedInput) {
    assert.deepEqual(Object.keys(cells).sort(), [...transports].sort(), `${input}: its cells`);
    for (const cell of Object.values(cells)) {
      if ('because' in cell) assert.notEqual(cell.because, '', `${input}: a reason`);
      else assert.ok(cell.length > 0, `${input}: at least one script`);
    }
  }
});

for (const transport of transports) {
  describe(`malformed input over ${transport}`, { concurrency: 4 }, () => {
    for (const { input, cells } of malformedInput) {
      const cell = cells[transport];
      if ('because' in cell) continue;
      for (const script of cell)
        test(`${input}: ${script.title}`, () => play(transport, script).then(() => undefined));
    }
  });
}
