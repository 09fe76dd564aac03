import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import {
  isCertainlyDead,
  type ProcessIdentity,
  selfIdentity,
  startTicksOf,
} from '../../../src/process/identity.js';
import { readProcStat } from '../../../src/process/proc-stat.js';
import { until } from '../../fixtures/until.js';

const self = selfIdentity();

const rows: readonly {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly verdict: string;
}[] = [
  { name: 'this process', identity: self, verdict: 'alive' },
  { name: 'same pid, other start', identity: { ...self, startTicks: '1' }, verdict: 'dead' },
  { name: 'same pid, start unknown', identity: { ...self, startTicks: null }, verdict: 'unknown' },
  { name: 'a pid that no process has', identity: { ...self, pid: 2 ** 30 }, verdict: 'dead' },
  { name: 'another boot', identity: { ...self, bootId: 'b', host: 'h', pidNs: 'n' }, verdict: 'dead' },
  {
    name: 'another pid namespace',
    identity: { ...self, pidNs: 'pid:[1]', pid: 2 ** 30 },
    verdict: 'unknown',
  },
  {
    name: 'another host of this boot',
    identity: { ...self, host: 'other', pid: 2 ** 30 },
    verdict: 'unknown',
  },
  { name: 'a boot that nobody could name', identity: { ...self, bootId: '' }, verdict: 'unknown' },
];

for (const { name, identity, verdict } of rows) {
  test(`${name} is ${verdict}`, () => assert.equal(isCertainlyDead(identity), verdict));
}

test('a zombie is dead', async (t) => {
  // once the shell has become a sleep, nobody reaps its child
  const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => parent.kill('SIGKILL'));
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(String(line));
  await until('the shell to become a sleep', () => readProcStat(parent.pid ?? 0)?.command === 'sleep');
  process.kill(pid, 'SIGKILL');
  const startTicks = await until('the zombie', () => {
    const stat = readProcStat(pid);
    return stat?.state === 'Z' && stat.startTicks;
  });
  assert.equal(isCertainlyDead({ ...self, pid, startTicks }), 'dead');
  assert.equal(startTicksOf(pid), null);
});
