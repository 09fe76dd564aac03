import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { paletteFor } from '../../../src/cli/palette.js';
import { changeLines, footer, progressFrame } from '../../../src/cli/progress-text.js';
import { runReport } from '../../../src/cli/run-report.js';
import type { Run, Task } from '../../../src/client/requests.js';

const start = '2026-01-02T03:04:05.000Z';
const now = Date.parse(start) + 12_300;
const at = (seconds: number) => new Date(Date.parse(start) + seconds * 1000).toISOString();
const colors = paletteFor({}, {});

const task = (id: string, state: Task['state'], more: Partial<Task> = {}): Task => ({
  id,
  state,
  attempts: 1,
  ...more,
});
const runOf = (tasks: readonly Task[], state: Run['state'] = 'running'): Run => ({
  id: 'r-1',
  workflow: 'deploy',
  state,
  inputs: {},
  tasks,
  createdAt: start,
  startedAt: start,
});

const frame = (
  run: Run,
  size: { readonly columns?: number; readonly rows?: number; readonly notice?: string } = {},
) =>
  progressFrame(run, {
    now,
    columns: size.columns ?? 80,
    rows: size.rows ?? 24,
    colors,
    notice: size.notice ?? null,
  }).split('\n');

const mixed = runOf([
  task('network', 'succeeded', { startedAt: start, endedAt: at(2) }),
  task('server', 'running', { startedAt: at(2), counts: { succeeded: 1, running: 2 } }),
  task('smoke', 'waiting', { startedAt: at(3), attempts: 2, reason: 'next attempt in 4s' }),
  task('config', 'failed', {
    startedAt: at(3),
    endedAt: at(4),
    error: { name: 'x', message: 'no\n\u001b[2Jfile' },
  }),
  task('last', 'pending', { attempts: 0 }),
]);

test('a frame has a line for each task and a footer', () => {
  assert.deepEqual(frame(mixed), [
    '✓ network succeeded    2.0s',
    '● server  running     10.3s  1/3 2 running',
    '↻ smoke   waiting      9.3s  attempt 2 · next attempt in 4s',
    '✗ config  failed       1.0s  no file',
    '· last    pending',
    '● deploy running: 1/5 tasks done, 1 running, 1 waiting, 1 failed · 12.3s',
  ]);
});

test('a notice comes last', () => {
  assert.equal(frame(mixed, { notice: 'Cancelling' }).at(-1), 'Cancelling');
});

for (const columns of [20, 40, 80]) {
  for (const rows of [4, 6, 10]) {
    test(`a frame fits a terminal of ${columns} × ${rows}, whatever the run`, () => {
      const many = Array.from({ length: 50 }, (_, index) =>
        task(`server-with-a-long-name-${index}`, index === 40 ? 'running' : 'pending', {
          reason: '東京都庁 waits for something that takes many words to say',
        }),
      );
      const lines = frame(runOf(many), { columns, rows, notice: 'n'.repeat(200) });
      assert.ok(lines.length < rows, `${lines.length} lines`);
      for (const line of lines) assert.ok(stringWidth(line) < columns, `${stringWidth(line)}: ${line}`);
    });
  }
}

test('of more tasks than fit those at work are shown, then the failed ones', () => {
  const tasks = Array.from({ length: 30 }, (_, index) =>
    task(`t${index}`, index === 25 ? 'running' : index === 20 ? 'failed' : 'pending'),
  );
  const lines = frame(runOf(tasks), { rows: 6 });
  assert.deepEqual(
    lines.slice(0, -1).map((line) => line.trim().split(/\s+/)[1]),
    ['t0', 't20', 't25', 'and'],
  );
});

const changes: readonly (readonly [string, Run | null, Run, readonly string[]])[] = [
  ['the first view tells what has begun', null, mixed, ['✓ network', '● server', '↻ smoke', '✗ config']],
  ['nothing changed', mixed, mixed, []],
  ['a task began', runOf([task('a', 'pending')]), runOf([task('a', 'running')]), ['● a running']],
  [
    'a task that never began has no duration',
    runOf([task('a', 'pending')]),
    runOf([task('a', 'skipped', { endedAt: at(3), reason: 'b failed' })]),
    ['– a skipped: b failed'],
  ],
  [
    'items that ended are told, items that began are not',
    runOf([task('a', 'running', { counts: { running: 1, pending: 2 } })]),
    runOf([task('a', 'running', { counts: { running: 2, pending: 1 } })]),
    [],
  ],
  [
    'an item ended',
    runOf([task('a', 'running', { counts: { running: 1, pending: 1 } })]),
    runOf([task('a', 'running', { counts: { succeeded: 1, running: 1 } })]),
    ['● a running: 1/2 1 running'],
  ],
  ['the run ended', runOf([]), runOf([], 'succeeded'), ['✓ run succeeded']],
];

for (const [name, before, after, expected] of changes) {
  test(`plain lines: ${name}`, () => {
    const lines = changeLines(before, after, now);
    assert.deepEqual(
      lines.map((line, index) => line.slice(0, expected[index]?.length)),
      expected,
    );
  });
}

test('the footer counts skipped tasks as done', () => {
  const run = runOf([task('a', 'succeeded'), task('b', 'skipped')], 'succeeded');
  assert.equal(footer(run, now), '✓ deploy succeeded: 2/2 tasks done · 12.3s');
});

test('the report shows the error with its help and place, and what to do next', () => {
  const failed = runOf(
    [
      task('ok', 'succeeded', { startedAt: start, endedAt: at(1), output: { id: 'net-1' } }),
      task('bad', 'failed', {
        startedAt: start,
        endedAt: at(2),
        error: {
          name: 'nu_error',
          message: 'oh no',
          data: {
            label: 'here',
            help: 'do this',
            file: '/p/m.nu',
            line: 3,
            column: 9,
            exitCode: 1,
            code: 'x::y',
          },
        },
      }),
    ],
    'failed',
  );
  const next = {
    logs: (runId: string, taskId?: string) => `logs ${runId} ${taskId}`,
    show: (runId: string) => `show ${runId}`,
    follow: () => '',
    cancel: () => '',
  };
  const report = runReport(failed, { columns: 80, colors, now, next });
  assert.equal(
    report,
    `task  state        attempts  duration  output
ok    ✓ succeeded         1      1.0s  {"id":"net-1"}
bad   ✗ failed            1      2.0s  oh no

✗ bad: oh no
  at: /p/m.nu:3:9
  label: here
  help: do this
  exit code: 1

✗ deploy failed in 12.3s (run r-1)

next:
  logs r-1 bad
  show r-1
`,
  );
});
