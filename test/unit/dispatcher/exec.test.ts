import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { attemptFiles } from '../../../src/dispatcher/attempt-files.js';
import { packageRoot } from '../../../src/package-root.js';
import type { AttemptOrder, AttemptOutcome } from '../../../src/workflow/ports.js';
import { exec, order, stage } from './dispatch-fixture.js';

const fixture = (name: string) => join(packageRoot(), 'test', 'fixtures', 'processes', name);

const successes: readonly {
  readonly name: string;
  readonly action: AttemptOrder['action'];
  readonly input?: AttemptOrder['input'];
  readonly output: string;
}[] = [
  { name: 'its stdout', action: exec('echo', 'hello'), output: 'hello' },
  { name: 'stdout without one trailing newline', action: exec('printf', 'a\n\n'), output: 'a\n' },
  { name: 'nothing', action: exec('true'), output: '' },
  { name: 'arguments as they are', action: exec('printf', '%s', '$(id); "x"'), output: '$(id); "x"' },
  { name: 'text input as it is', action: exec('cat'), input: 'plain "text"', output: 'plain "text"' },
  {
    name: 'input as JSON',
    action: exec('cat'),
    input: { a: [1, 2n ** 63n] },
    output: '{"a":[1,9223372036854775808]}',
  },
  { name: 'binary input', action: exec('cat'), input: new Uint8Array([104, 105]), output: 'hi' },
  { name: 'stdout that is no UTF-8', action: exec('printf', 'a\\377b'), output: 'a\u{fffd}b' },
];

for (const { name, action, input, output } of successes) {
  test(`exec gives ${name}`, async (t) => {
    assert.deepEqual(await stage(t).run(order(action, { input })), { outcome: 'succeeded', output });
  });
}

const failures: readonly {
  readonly name: string;
  readonly action: AttemptOrder['action'];
  readonly changes?: Partial<AttemptOrder>;
  readonly error: string;
  readonly message: RegExp;
  readonly retryable: boolean;
}[] = [
  {
    name: 'an exit code',
    action: exec('sh', '-c', 'echo first >&2; echo "\u001b[31mno route\u001b[0m" >&2; exit 7'),
    error: 'process_failed',
    message: /^sh exited with code 7: no route$/,
    retryable: true,
  },
  {
    name: 'a signal',
    action: exec('sh', '-c', 'kill -SEGV $$'),
    error: 'process_failed',
    message: /^sh was ended by SIGSEGV\.$/,
    retryable: true,
  },
  {
    name: 'a program that is not there',
    action: exec('no-such-program'),
    error: 'spawn_failed',
    message: /^The program no-such-program was not found on the PATH of the task: \/usr\/bin:\/bin$/,
    retryable: false,
  },
  {
    name: 'a path that is not there',
    action: exec('/no/such/program'),
    error: 'spawn_failed',
    message: /\/no\/such\/program/,
    retryable: false,
  },
  {
    name: 'a working directory that is not there',
    action: exec('true'),
    changes: { cwd: '/no/where' },
    error: 'spawn_failed',
    message: /working directory \/no\/where/,
    retryable: true,
  },
  {
    name: 'an empty list',
    action: exec(),
    error: 'arguments_invalid',
    message: /its list is empty/,
    retryable: false,
  },
];

for (const { name, action, changes, error, message, retryable } of failures) {
  test(`exec fails with ${name}`, async (t) => {
    const outcome = await stage(t).run(order(action, changes));
    assert.equal(outcome.outcome, 'error');
    assert.deepEqual(
      [errorOf(outcome)?.name, outcome.outcome === 'error' && outcome.retryable],
      [error, retryable],
    );
    assert.match(errorOf(outcome)?.message ?? '', message);
  });
}

const errorOf = (outcome: AttemptOutcome) => (outcome.outcome === 'error' ? outcome.error : undefined);

test('the data of an exit has its code and the last 20 lines of stderr', async (t) => {
  const outcome = await stage(t).run(order(exec('sh', '-c', 'seq 1 30 >&2; exit 3')));
  const log = Array.from({ length: 20 }, (_, index) => String(index + 11));
  assert.deepEqual(errorOf(outcome)?.data, { exitCode: 3, signal: null, log });
});

test('of a stdout over 1 MiB the beginning is the output, which the log says', async (t) => {
  const { run, stateDirectory } = stage(t);
  const outcome = await run(order(exec('sh', '-c', 'printf ä; yes äöü | head -c 1100000')));
  assert.equal(outcome.outcome, 'succeeded');
  const output = outcome.outcome === 'succeeded' ? outcome.output : null;
  assert.equal(
    typeof output === 'string' && output.includes('\u{fffd}'),
    false,
    'no character is cut in two',
  );
  assert.equal(Buffer.byteLength(String(output)) > 1024 * 1024 - 4, true);
  const files = attemptFiles(stateDirectory, 'r-1/t/1.1@1', 'r-1');
  assert.match(readFileSync(files.stderr, 'utf8'), /^nu-sidecar: stdout has 1100002 bytes/);
});

test('output beyond the limit ends the program for good', async (t) => {
  const outcome = await stage(t, {}, { outputLimitBytes: 1000 }).run(order(exec('yes')));
  assert.equal(errorOf(outcome)?.name, 'output_limit');
  assert.equal(outcome.outcome === 'error' && outcome.retryable, false);
});

test('a leftover of a success is ended and named in the log', async (t) => {
  const { run, stateDirectory } = stage(t);
  const outcome = await run(order(exec('sh', fixture('leftover.sh'))));
  assert.deepEqual(outcome, { outcome: 'succeeded', output: 'fine' });
  const log = readFileSync(attemptFiles(stateDirectory, 'r-1/t/1.1@1', 'r-1').stderr, 'utf8');
  assert.match(log, /left process \d+ \(sleep 1000\) in its group: it was ended/);
});

test('a stopped exec is gone, even when it answers SIGTERM with exit code 0', async (t) => {
  const polite = order(exec('sh', '-c', 'trap "exit 0" TERM; sleep 1000 & echo ready >&2; wait'));
  assert.deepEqual(await stage(t).runAndStop(polite), { outcome: 'gone' });
});

test('a timeout is reported and answered by the owner', async (t) => {
  const { run, dispatcher, events } = stage(t);
  const slow = order(exec('sleep', '1000'), { timeoutMs: 20 });
  await run(slow, { event: 'timed out t', act: () => dispatcher.stop(slow.attemptId, { graceMs: 5_000 }) });
  assert.deepEqual(events, ['spawned t', 'timed out t', 'gone t']);
});

test('a script file is run by its interpreter, and one without is told', async (t) => {
  const { run, stateDirectory } = stage(t);
  const good = join(stateDirectory, 'good');
  const bad = join(stateDirectory, 'bad');
  writeFileSync(good, '#!/bin/sh\necho "$1"\n', { mode: 0o700 });
  writeFileSync(bad, '#!/no/such/interpreter\n', { mode: 0o700 });
  assert.deepEqual(await run(order(exec(good, 'x'), {}, 'good')), { outcome: 'succeeded', output: 'x' });
  assert.match(
    errorOf(await run(order(exec(bad), {}, 'bad')))?.message ?? '',
    /interpreter it names, is not there/,
  );
});
