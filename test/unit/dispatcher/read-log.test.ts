import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { attemptFiles } from '../../../src/dispatcher/attempt-files.js';
import { readLogCursor, writeLogCursor } from '../../../src/dispatcher/log-cursor.js';
import { addToLogIndex } from '../../../src/dispatcher/log-index.js';
import { LONGEST_LINE_BYTES, readLines } from '../../../src/dispatcher/read-lines.js';
import { awaitLog, type LogQuery, readLog } from '../../../src/dispatcher/read-log.js';

interface Logs {
  readonly query: LogQuery;
  readonly live: Set<string>;
  /** Appends to the log of an attempt, which begins with it. */
  print(attemptId: string, text: string, stream?: 'stdout' | 'stderr'): void;
}

function logs(t: TestContext): Logs {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'nu-sidecar-log-'));
  t.after(() => rmSync(stateDirectory, { recursive: true, force: true }));
  const live = new Set<string>();
  const begun = new Set<string>();
  return {
    query: { stateDirectory, runId: 'r-1', limit: 100, isLive: (attemptId) => live.has(attemptId) },
    live,
    print(attemptId, text, stream = 'stderr') {
      if (!begun.has(attemptId)) addToLogIndex(stateDirectory, 'r-1', attemptId);
      begun.add(attemptId);
      appendFileSync(attemptFiles(stateDirectory, attemptId, 'r-1')[stream], text);
    },
  };
}

const A = 'r-1/a/1.1@1';
const B = 'r-1/b[0]/1.1@1';

test('the lines of a run come attempt after attempt, in the order they began', (t) => {
  const { query, print } = logs(t);
  print(B, 'b1\n');
  print(A, 'err\n');
  print(A, 'out\n', 'stdout');
  print(B, 'b2\n');
  const { entries, complete } = readLog(query);
  assert.deepEqual(entries, [
    { attemptId: B, taskId: 'b', item: 0, attempt: 1, stream: 'both', text: 'b1' },
    { attemptId: B, taskId: 'b', item: 0, attempt: 1, stream: 'both', text: 'b2' },
    { attemptId: A, taskId: 'a', item: null, attempt: 1, stream: 'stdout', text: 'out' },
    { attemptId: A, taskId: 'a', item: null, attempt: 1, stream: 'stderr', text: 'err' },
  ]);
  assert.equal(complete, true);
});

test('pages of any size give every line once, also while attempts go on', (t) => {
  for (const limit of [1, 2, 3, 7]) {
    const { query, print, live } = logs(t);
    live.add(A);
    print(A, 'a0\na1\n');
    print(B, 'b0\nb1\nb2');
    const texts: string[] = [];
    let { since } = query;
    const readAll = () => {
      for (;;) {
        const page = readLog({ ...query, limit, ...(since === undefined ? {} : { since }) });
        texts.push(...page.entries.map(({ text }) => text));
        since = page.cursor;
        if (page.complete) return;
      }
    };
    readAll();
    print(A, 'a2\nhalf');
    readAll();
    print(A, ' done\n');
    live.delete(A);
    readAll();
    readAll();
    assert.deepEqual(texts, ['a0', 'a1', 'b0', 'b1', 'b2', 'a2', 'half done'], `limit ${limit}`);
    assert.deepEqual(since, { seen: 2, open: new Map() });
  }
});

test('only the attempts that match are read', (t) => {
  const { query, print } = logs(t);
  print(A, 'a\n');
  print(B, 'b\n');
  const page = readLog({ ...query, matches: ({ taskId }) => taskId === 'b' });
  assert.deepEqual(
    page.entries.map(({ text }) => text),
    ['b'],
  );
});

test('control characters do not reach the reader', (t) => {
  const { query, print } = logs(t);
  print(A, '\u001b[31mred\u001b[0m\u001b]0;title\u0007 tab\there\u0007\u009b\r\n');
  assert.deepEqual(
    readLog(query).entries.map(({ text }) => text),
    ['red tab\there'],
  );
});

test('a run without logs has none', (t) => {
  const { query } = logs(t);
  assert.deepEqual(readLog(query), { entries: [], cursor: { seen: 0, open: new Map() }, complete: true });
});

test('waiting ends with a new line, with its time, or with the signal', async (t) => {
  const { query, print, live } = logs(t);
  live.add(A);
  const never = new AbortController();
  assert.deepEqual((await awaitLog(query, 10, never.signal)).entries, []);
  const waiting = awaitLog(query, 20_000, never.signal);
  print(A, 'now\n');
  assert.deepEqual(
    (await waiting).entries.map(({ text }) => text),
    ['now'],
  );
  const { cursor } = await waiting;
  const aborted = awaitLog({ ...query, since: cursor }, 3_600_000, never.signal);
  never.abort();
  assert.deepEqual((await aborted).entries, []);
});

const cursors: readonly { readonly text: string; readonly valid: boolean }[] = [
  { text: '0', valid: true },
  { text: '7,4:0:120,6:20:0', valid: true },
  { text: '', valid: false },
  { text: '7,4:0', valid: false },
  { text: '-1', valid: false },
  { text: '1e9', valid: false },
  { text: '9'.repeat(400), valid: false },
];

for (const { text, valid } of cursors) {
  test(`the cursor "${text.slice(0, 30)}" is ${valid ? 'read and written back' : 'refused'}`, () => {
    const cursor = readLogCursor(text);
    assert.equal(cursor === null ? null : writeLogCursor(cursor), valid ? text : null);
  });
}

test('a line too long for one piece comes in pieces, no character cut', (t) => {
  const { query } = logs(t);
  const file = join(query.stateDirectory, 'long');
  const text = `x${'ä'.repeat(LONGEST_LINE_BYTES)}`;
  writeFileSync(file, `${text}\nnext\n`);
  const read = readLines(file, 0, 100, true);
  assert.equal(read.lines.slice(0, -1).join(''), text);
  assert.equal(read.lines.at(-1), 'next');
  assert.equal(read.lines.length, 4);
});
