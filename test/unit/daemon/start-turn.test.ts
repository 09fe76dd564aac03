import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { takeStartTurn } from '../../../src/daemon/start-turn.js';

test('of two that want to start the daemon of one state, one has the turn', async () => {
  const state = `/tmp/${randomUUID()}`;
  const first = await takeStartTurn(state, process.platform);
  assert.notEqual(first, null);
  if (process.platform === 'linux') assert.equal(await takeStartTurn(state, 'linux'), null);
  const other = await takeStartTurn(`${state}-other`, process.platform);
  assert.notEqual(other, null);
  await first?.release();
  const again = await takeStartTurn(state, process.platform);
  assert.notEqual(again, null);
  await again?.release();
  await other?.release();
});

test('where no abstract sockets exist everybody has a turn: the lock decides', async () => {
  const state = `/tmp/${randomUUID()}`;
  const turns = await Promise.all([takeStartTurn(state, 'darwin'), takeStartTurn(state, 'darwin')]);
  assert.equal(turns.includes(null), false);
});
