import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NuProcess } from '../../../src/dispatcher/executors.js';
import { Failure } from '../../../src/kernel/failure.js';
import type { AttemptOutcome } from '../../../src/workflow/ports.js';
import { call, code, exec, order, stage } from './dispatch-fixture.js';

/** Stands for nu: a shell program that is given the result path as `$RESULT`. */
const shellAs =
  (script: string, more: Partial<NuProcess> = {}) =>
  async (_order: unknown, files: { readonly result: string }): Promise<NuProcess> => ({
    argv: ['sh', '-c', `RESULT='${files.result}'; ${script}`],
    stdin: 'job\n',
    ...more,
  });

const WRITE = (json: string) =>
  `printf '%s\\nend\\n' '${json}' > "$RESULT.part"; mv "$RESULT.part" "$RESULT"`;

const nuRows: readonly {
  readonly name: string;
  readonly script: string;
  readonly explain?: NuProcess['explain'];
  readonly outcome: AttemptOutcome;
}[] = [
  {
    name: 'a complete result is a success, whatever was printed and the exit code says',
    script: `read job; echo "$job"; ${WRITE('{"ok": {"n": 1}}')}; exit 1`,
    outcome: { outcome: 'succeeded', output: { n: 1 } },
  },
  {
    name: 'an error in the result may be tried again',
    script: WRITE('{"error": "no route"}'),
    outcome: { outcome: 'error', error: { name: 'nu_error', message: 'no route' }, retryable: true },
  },
  {
    name: 'without a result the exit speaks',
    script: 'echo "out of memory" >&2; exit 9',
    outcome: {
      outcome: 'error',
      error: {
        name: 'process_failed',
        message: 'sh exited with code 9: out of memory',
        data: { exitCode: 9, signal: null, log: ['out of memory'] },
      },
      retryable: true,
    },
  },
  {
    name: 'exit code 0 without a result is no success',
    script: 'printf half > "$RESULT"',
    outcome: {
      outcome: 'error',
      error: {
        name: 'process_failed',
        message: 'sh exited with code 0.',
        data: { exitCode: 0, signal: null, log: [] },
      },
      retryable: true,
    },
  },
  {
    name: 'an explanation of the log is believed',
    script: 'echo "parse error" >&2; exit 1',
    explain: (log) => ({ error: { name: 'nu_error', message: `nu says ${log.trim()}` }, retryable: false }),
    outcome: {
      outcome: 'error',
      error: { name: 'nu_error', message: 'nu says parse error' },
      retryable: false,
    },
  },
];

for (const { name, script, explain, outcome } of nuRows) {
  test(`nu: ${name}`, async (t) => {
    const nu = shellAs(script, explain === undefined ? {} : { explain });
    assert.deepEqual(await stage(t, { nu }).run(order(code)), outcome);
  });
}

test('nu: stdout and stderr are one log, and the result is made durable before it is reported', async (t) => {
  const fsynced: string[] = [];
  const { run, stateDirectory, events } = stage(
    t,
    { nu: shellAs(`echo one; echo two >&2; echo three; ${WRITE('{"ok": 1}')}`) },
    {
      fsyncResult: async (file) => {
        assert.deepEqual(events, ['spawned t']);
        fsynced.push(file);
      },
    },
  );
  await run(order(code));
  const attempt = join(stateDirectory, 'runs', 'r-1', 'attempts', 'r-1%2Ft%2F1.1%401');
  assert.deepEqual(fsynced, [join(attempt, 'result.json')]);
  assert.equal(existsSync(join(attempt, 'alive')), false);
  const log = join(stateDirectory, 'runs', 'r-1', 'logs', 'r-1%2Ft%2F1.1%401.log');
  assert.equal(readFileSync(log, 'utf8'), 'one\ntwo\nthree\n');
});

test('nu: a result that cannot be made durable is no success', async (t) => {
  const nu = shellAs(WRITE('{"ok": 1}'));
  const fsyncResult = () => Promise.reject(new Error('EIO'));
  const outcome = await stage(t, { nu }, { fsyncResult }).run(order(code));
  assert.equal(outcome.outcome === 'error' && outcome.error.name, 'storage_failed');
});

test('an attempt whose processes nobody can list is not confirmed gone', async (t) => {
  // a regular file where the FIFO's folder should be makes the search of holders fail
  const nu = shellAs('d=$(dirname "$RESULT"); rm -r "$d"; echo x > "$d"');
  assert.deepEqual(await stage(t, { nu }).run(order(code)), { outcome: 'unkillable', pids: [] });
});

test('nu: a result that arrives while stopping is a fact', async (t) => {
  const finish = 'printf "{\\"ok\\": 1}\\nend\\n" > "$RESULT"; exit';
  const nu = shellAs(`trap '${finish}' TERM; sleep 1000 & echo ready; wait`);
  assert.deepEqual(await stage(t, { nu }).runAndStop(order(code)), { outcome: 'succeeded', output: 1 });
});

test('nu: stopped without a result is gone', async (t) => {
  const explain = () => ({ error: { name: 'nu_error', message: 'x' }, retryable: false });
  const nu = shellAs('echo ready; sleep 1000', { explain });
  assert.deepEqual(await stage(t, { nu }).runAndStop(order(code)), { outcome: 'gone' });
});

const rejections: readonly { readonly error: Error; readonly name: string; readonly retryable: boolean }[] = [
  { error: new Failure('arguments_invalid', 'x'), name: 'arguments_invalid', retryable: false },
  { error: new Failure('command_unknown', 'x'), name: 'command_unknown', retryable: false },
  { error: new Failure('nu_failed', 'x'), name: 'nu_failed', retryable: false },
  { error: new Failure('nu_missing', 'x'), name: 'nu_missing', retryable: true },
  { error: new Failure('unreadable', 'x'), name: 'unreadable', retryable: true },
  { error: new TypeError('secret detail'), name: 'internal_error', retryable: true },
];

for (const { error, name, retryable } of rejections) {
  test(`a nu process that cannot be made ends with ${name}`, async (t) => {
    const outcome = await stage(t, { nu: () => Promise.reject(error) }).run(order(code));
    assert.equal(outcome.outcome, 'error');
    if (outcome.outcome !== 'error') return;
    assert.deepEqual([outcome.error.name, outcome.retryable], [name, retryable]);
    assert.doesNotMatch(outcome.error.message, /secret/);
  });
}

test('call and template run inside this process, without a file', async (t) => {
  const { run, stateDirectory, events } = stage(t, { call: async () => 1, template: async () => 'text' });
  assert.deepEqual(await run(order(call, {}, 'a')), { outcome: 'succeeded', output: 1 });
  const template = { kind: 'template', path: 'p', context: null, target: 'q' } as const;
  assert.deepEqual(await run(order(template, {}, 'b')), { outcome: 'succeeded', output: 'text' });
  assert.deepEqual(events, ['succeeded a', 'succeeded b']);
  assert.equal(existsSync(join(stateDirectory, 'runs')), false);
});

test('a call that fails tells its failure with its data', async (t) => {
  const failing = () => Promise.reject(new Failure('nu_failed', 'no route', { got: 'x' }));
  assert.deepEqual(await stage(t, { call: failing }).run(order(call)), {
    outcome: 'error',
    error: { name: 'nu_failed', message: 'no route', data: { got: 'x' } },
    retryable: true,
  });
});

test('a stopped call is gone when it honours the signal, a fact when it ends first, unkillable otherwise', async (t) => {
  const rows = [
    { call: (_: unknown, signal: AbortSignal) => whenAborted(signal, Promise.reject), outcome: 'gone' },
    { call: (_: unknown, signal: AbortSignal) => whenAborted(signal, async () => 1), outcome: 'succeeded' },
    { call: () => new Promise<never>(() => {}), outcome: 'unkillable' },
  ];
  for (const row of rows) {
    const { run, dispatcher } = stage(t, { call: row.call }, { killDeadlineMs: 20 });
    const one = order(call);
    const outcome = run(one);
    dispatcher.stop(one.attemptId, { graceMs: 5_000 });
    assert.equal((await outcome).outcome, row.outcome);
  }
});

function whenAborted(signal: AbortSignal, then: () => Promise<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => then.call(Promise).then(resolve, reject));
  });
}

test('the timeout of a call is reported', async (t) => {
  const waiting = (_: unknown, signal: AbortSignal) => whenAborted(signal, Promise.reject);
  const { run, dispatcher, events } = stage(t, { call: waiting });
  const one = order(call, { timeoutMs: 10 });
  await run(one, { event: 'timed out t', act: () => dispatcher.stop(one.attemptId, { graceMs: 0 }) });
  assert.deepEqual(events, ['timed out t', 'gone t']);
});

test('an attempt id is run once, unknown ids are ignored, and idle waits for the last', async (t) => {
  let calls = 0;
  const { run, dispatcher, events } = stage(t, { call: async () => (calls += 1) });
  await dispatcher.idle();
  const one = order(call);
  const outcome = run(one);
  dispatcher.dispatch(one);
  dispatcher.stop('r-1/other/1.1@1', { graceMs: 0 });
  await dispatcher.idle();
  assert.deepEqual(events, ['succeeded t']);
  assert.deepEqual(await outcome, { outcome: 'succeeded', output: 1 });
});

test('no more processes than slots run at a time, and one that is stopped in the queue never starts', async (t) => {
  const { run, dispatcher, events } = stage(t, {}, { concurrency: 1 });
  const first = order(exec('sleep', '1000'), {}, 'first');
  const second = order(exec('true'), {}, 'second');
  const third = order(exec('true'), {}, 'third');
  const stopSecond = () => dispatcher.stop(second.attemptId, { graceMs: 0 });
  const stopFirst = () => dispatcher.stop(first.attemptId, { graceMs: 5_000 });
  const outcomes = await Promise.all([
    run(first, { event: 'spawned first', act: stopSecond }),
    run(second, { event: 'gone second', act: stopFirst }),
    run(third),
  ]);
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    ['gone', 'gone', 'succeeded'],
  );
  assert.deepEqual(events, [
    'spawned first',
    'gone second',
    'gone first',
    'spawned third',
    'succeeded third',
  ]);
});
