import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fifoIsHeld, makeAliveFifo, openAliveFifo } from '../../../src/process/alive-fifo.js';
import { parseProcStat } from '../../../src/process/proc-stat.js';
import { tagIn } from '../../../src/process/proc-table.js';
import { parsePs } from '../../../src/process/ps-table.js';
import { systemProcessTable } from '../../../src/process/system-process-table.js';
import { ownFolder } from './process-fixture.js';

const stats: readonly { readonly text: string; readonly command: string; readonly pgid: number }[] = [
  { text: '12 (nu) S 1 12 12', command: 'nu', pgid: 12 },
  { text: '12 (tmux: server) S 1 13 12', command: 'tmux: server', pgid: 13 },
  { text: '12 (a) Z (b)) S 1 14 12', command: 'a) Z (b)', pgid: 14 },
];

for (const { text, command, pgid } of stats) {
  test(`reads a stat line with the command ${command}`, () => {
    const line = `${text}${' 0'.repeat(15)} 140427 0 0`;
    const stat = parseProcStat(line);
    assert.deepEqual(
      [stat?.command, stat?.pgid, stat?.state, stat?.startTicks],
      [command, pgid, 'S', '140427'],
    );
  });
}

const environments: readonly { readonly environ: string; readonly tag: string | null }[] = [
  { environ: '', tag: null },
  { environ: 'SIDECAR_ATTEMPT=s/a\0', tag: 's/a' },
  { environ: 'A=1\0SIDECAR_ATTEMPT=s/r/t[0]/1.1@1\0B=2\0', tag: 's/r/t[0]/1.1@1' },
  { environ: 'MY_SIDECAR_ATTEMPT=no\0', tag: null },
  { environ: 'X=SIDECAR_ATTEMPT=no\0SIDECAR_ATTEMPT=yes', tag: 'yes' },
  { environ: 'SIDECAR_ATTEMPT=\0', tag: '' },
];

for (const { environ, tag } of environments) {
  test(`finds the tag in ${JSON.stringify(environ)}`, () => assert.equal(tagIn(Buffer.from(environ)), tag));
}

test('reads the lines of ps, without zombies and without showing environments', () => {
  const text = [
    '  501   501 Ss   Mon Nov 24 08:17:01 2025 /opt/nu --stdin HOME=/Users/x SIDECAR_ATTEMPT=s/r/t/1.1@1 LANG=C',
    '  502   501 T    Mon Nov  4 08:17:02 2025 sleep 1000',
    '  503   501 Z    Mon Nov 24 08:17:03 2025 <defunct>',
    '',
  ].join('\n');
  assert.deepEqual(parsePs(text), [
    {
      pid: 501,
      pgid: 501,
      startTicks: 'Mon Nov 24 08:17:01 2025',
      stopped: false,
      command: '/opt/nu --stdin',
      tag: 's/r/t/1.1@1',
    },
    {
      pid: 502,
      pgid: 501,
      startTicks: 'Mon Nov 4 08:17:02 2025',
      stopped: true,
      command: 'sleep 1000',
      tag: null,
    },
  ]);
});

test('the table of this system shows a process with its tag, its group, and what it holds', async (t) => {
  const fifo = join(ownFolder(t), 'alive');
  await makeAliveFifo(fifo);
  assert.equal(fifoIsHeld(fifo), false);
  const held = openAliveFifo(fifo);
  const child = spawn('sleep', ['1000'], {
    detached: true,
    env: { PATH: '/usr/bin:/bin', SIDECAR_ATTEMPT: 'some/tag' },
    stdio: ['ignore', 'ignore', 'ignore', held],
  });
  closeSync(held);
  await once(child, 'spawn');
  t.after(() => child.kill('SIGKILL'));

  const table = systemProcessTable();
  const rows = await table.scan();
  const row = rows.find(({ pid }) => pid === child.pid);
  assert.deepEqual([row?.pgid, row?.tag, row?.stopped], [child.pid, 'some/tag', false]);
  assert.equal(row === undefined ? '' : table.commandLine(row), 'sleep 1000');
  assert.equal(fifoIsHeld(fifo), true);
  assert.deepEqual([...(await table.fifoHolders(fifo))], [child.pid]);
  assert.equal(
    rows.some(({ pid }) => pid === process.pid),
    false,
    'this process is left out',
  );
});
