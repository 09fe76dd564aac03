import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { suggest } from '../../../src/kernel/suggest.js';

describe('the candidate a person most likely meant', () => {
  const rows: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ['timeot', ['retry', 'timeout'], 'timeout'],
    ['max-parallel', ['max_parallel'], 'max_parallel'],
    ['TIMEOUT', ['timeout'], 'timeout'],
    ['confg', ['network', 'config'], 'config'],
    ['need', ['id', 'needs'], 'needs'],
    ['nmae', ['name'], 'name'],
    ['ab', ['xy'], undefined],
    ['server create', ['network create', 'server delete'], undefined],
    ['completely', ['different'], undefined],
    ['cat', ['bat', 'rat'], 'bat'],
    ['', ['name'], undefined],
    ['x', [], undefined],
  ];
  for (const [word, candidates, expected] of rows) {
    it(`${word} among ${candidates.join(', ')}`, () => assert.equal(suggest(word, candidates), expected));
  }
});
