import assert from 'node:assert/strict';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeAliveFifo, openAliveFifo } from '../../../src/process/alive-fifo.js';
import { endProcesses } from '../../../src/process/end-processes.js';
import { searchAttempt } from '../../../src/process/find-attempt.js';
import type { ProcessRow, ProcessTable } from '../../../src/process/process-table.js';
import { ownFolder } from './process-fixture.js';

const LEADER = { pid: 100, startTicks: '5' };

function row(pid: number, pgid: number, changes: Partial<ProcessRow> = {}): ProcessRow {
  return { pid, pgid, startTicks: '9', stopped: false, command: 'x', tag: null, ...changes };
}

function tableOf(scans: readonly (readonly ProcessRow[])[], holders: readonly number[] = []): ProcessTable {
  let scan = 0;
  return {
    scan: async () => scans[Math.min(scan++, scans.length - 1)] ?? [],
    fifoHolders: async () => new Set(holders),
    commandLine: ({ command }) => command,
  };
}

interface Case {
  readonly name: string;
  readonly rows: readonly ProcessRow[];
  readonly holders?: readonly number[];
  readonly all: readonly number[];
  /** Whether the group may be signalled as a whole. */
  readonly group: boolean;
}

const cases: readonly Case[] = [
  { name: 'nothing', rows: [row(7, 7)], all: [], group: false },
  { name: 'the leader by its start', rows: [row(100, 100, { startTicks: '5' })], all: [100], group: true },
  { name: 'another process with the pid of the leader', rows: [row(100, 100)], all: [], group: false },
  { name: 'a group without any mark', rows: [row(101, 100)], all: [], group: false },
  {
    name: 'a member with the tag',
    rows: [row(101, 100, { tag: 's/a' }), row(102, 100)],
    all: [101, 102],
    group: true,
  },
  {
    name: 'a member that holds the FIFO',
    rows: [row(101, 100), row(102, 100)],
    holders: [102],
    all: [101, 102],
    group: true,
  },
  { name: 'a tag beyond the group', rows: [row(200, 200, { tag: 's/a' })], all: [200], group: false },
  { name: 'a holder beyond the group', rows: [row(200, 200)], holders: [200], all: [200], group: false },
  { name: 'the tag of another attempt', rows: [row(200, 200, { tag: 's/ab' })], all: [], group: false },
];

for (const { name, rows, holders = [], all, group } of cases) {
  test(`finds ${name}`, async (t) => {
    const aliveFifo = join(ownFolder(t), 'alive');
    await makeAliveFifo(aliveFifo);
    // the FIFO counts as held only while somebody holds it
    const held = holders.length > 0 ? openAliveFifo(aliveFifo) : null;
    const search = searchAttempt(tableOf([rows], holders), { tag: 's/a', aliveFifo, leader: LEADER });
    const found = await search.all();
    if (held !== null) closeSync(held);
    assert.deepEqual(
      { all: found.rows.map(({ pid }) => pid), group: found.group },
      { all, group: group ? LEADER.pid : null },
    );
  });
}

test('a group that was believed once is believed by its members, and no longer when they are gone', async () => {
  const leader = row(100, 100, { startTicks: '5' });
  const child = row(101, 100);
  const stranger = row(100, 100, { startTicks: '77' });
  const search = searchAttempt(tableOf([[leader, child], [child], [stranger]]), {
    tag: 's/a',
    aliveFifo: '/no/such/fifo',
    leader: LEADER,
  });
  const groups = [await search.groupOnly(), await search.groupOnly(), await search.groupOnly()];
  assert.deepEqual(
    groups.map(({ group, rows }) => [group, rows.map(({ pid }) => pid)]),
    [
      [100, [100, 101]],
      [100, [101]],
      [null, []],
    ],
  );
});

test('what still lives at the kill deadline is named', async () => {
  const immortal = row(2 ** 30, 2 ** 30, { tag: 's/a' });
  const report = await endProcesses({
    find: async () => ({ group: null, rows: [immortal], hidden: false }),
    graceMs: 0,
    killDeadlineMs: 30,
    force: new AbortController().signal,
  });
  assert.deepEqual(report, { gone: false, unkillable: [2 ** 30] });
});

test('gone is said only after two searches in a row found nothing', async () => {
  const late = row(2 ** 30, 2 ** 30);
  const scans: (readonly ProcessRow[])[] = [[late], [], [late], [], []];
  let searches = 0;
  const report = await endProcesses({
    find: async () => ({ group: null, rows: scans[searches++] ?? [], hidden: false }),
    graceMs: 3_600_000,
    killDeadlineMs: 0,
    force: new AbortController().signal,
  });
  assert.deepEqual({ searches, gone: report.gone }, { searches: 5, gone: true });
});

test('a FIFO held by somebody who cannot be seen is not gone', async (t) => {
  const aliveFifo = join(ownFolder(t), 'alive');
  await makeAliveFifo(aliveFifo);
  const held = openAliveFifo(aliveFifo);
  t.after(() => closeSync(held));
  const search = searchAttempt(tableOf([[]]), { tag: 's/a', aliveFifo, leader: LEADER });
  const force = new AbortController().signal;
  const report = await endProcesses({ find: search.all, graceMs: 0, killDeadlineMs: 30, force });
  assert.deepEqual(report, { gone: false, unkillable: [] });
});
