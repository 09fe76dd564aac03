import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type Discovery,
  discoveryPath,
  readDiscovery,
  removeDiscovery,
  writeDiscovery,
} from '../../../src/daemon/discovery.js';

const discovery: Discovery = {
  pid: 4711,
  startedAt: '2026-01-02T03:04:05.000Z',
  protocolVersion: 1,
  buildId: 'x',
  epoch: 3,
  rpcSocket: '/run/rpc.sock',
  httpSocket: null,
  httpUrl: null,
};

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'nu-sidecar-discovery-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

test('a discovery file is written whole and private, and replaces the one before', async (t) => {
  const state = folder(t);
  await writeDiscovery(state, { ...discovery, epoch: 2 });
  await writeDiscovery(state, discovery);
  assert.deepEqual(await readDiscovery(state), discovery);
  assert.equal(statSync(discoveryPath(state)).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(state), ['discovery.json']);
});

test('a daemon removes its own discovery file only', async (t) => {
  const state = folder(t);
  await writeDiscovery(state, discovery);
  await removeDiscovery(state, 2);
  assert.deepEqual(await readDiscovery(state), discovery);
  await removeDiscovery(state, 3);
  assert.equal(await readDiscovery(state), null);
  await removeDiscovery(state, 3);
});

const unusable = [
  ['no JSON', 'x'],
  ['half a file', '{"pid": 4711'],
  ['a field missing', JSON.stringify({ ...discovery, rpcSocket: undefined })],
  ['a field of another type', JSON.stringify({ ...discovery, pid: '4711' })],
] as const;

for (const [name, text] of unusable) {
  test(`${name} is no discovery`, async (t) => {
    const state = folder(t);
    writeFileSync(discoveryPath(state), text);
    assert.equal(await readDiscovery(state), null);
  });
}

test('a field that is not known yet does not hinder', async (t) => {
  const state = folder(t);
  writeFileSync(discoveryPath(state), JSON.stringify({ ...discovery, later: true }));
  assert.deepEqual(await readDiscovery(state), discovery);
});
