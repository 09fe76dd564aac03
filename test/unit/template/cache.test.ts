import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextCache } from '../../../src/template/cache.js';

test('what was not used longest goes first, by count and by length', () => {
  const made: string[] = [];
  const cache = new TextCache<string>(3, 10);
  const get = (text: string): string =>
    cache.get(text, () => {
      made.push(text);
      return text.toUpperCase();
    });
  for (const text of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) assert.equal(get(text), text.toUpperCase());
  assert.deepEqual(made, ['a', 'b', 'c', 'd', 'b']);
  get('12345678');
  get('b');
  get('a');
  assert.deepEqual(made, ['a', 'b', 'c', 'd', 'b', '12345678']);
  // Two more characters are too many: the long text is the oldest.
  for (const text of ['ee', 'b', 'a', '12345678']) get(text);
  assert.deepEqual(made.slice(6), ['ee', '12345678']);
});

test('a text that fails is not kept', () => {
  const cache = new TextCache<number>(3, 10);
  assert.throws(() => cache.get('a', () => assert.fail('broken')));
  assert.equal(
    cache.get('a', () => 1),
    1,
  );
});
