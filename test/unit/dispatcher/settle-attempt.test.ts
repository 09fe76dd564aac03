import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { attemptFiles } from '../../../src/dispatcher/attempt-files.js';
import { startTicksOf } from '../../../src/process/identity.js';
import type { AttemptOutcome, OrderAction } from '../../../src/workflow/ports.js';
import { stage } from './dispatch-fixture.js';

const rows: readonly {
  readonly name: string;
  readonly kind: OrderAction['kind'];
  /** The text of the result file that the attempt left. */
  readonly result: string | null;
  readonly outcome: AttemptOutcome;
  readonly survives: boolean;
}[] = [
  {
    name: 'a complete result is a success, and what left the group stays',
    kind: 'nu',
    result: '{"ok": [1.5]}\nend\n',
    outcome: { outcome: 'succeeded', output: [1.5] },
    survives: true,
  },
  {
    name: 'half a result is none',
    kind: 'code',
    result: '{"ok": 1',
    outcome: { outcome: 'gone' },
    survives: false,
  },
  { name: 'no result: swept', kind: 'script', result: null, outcome: { outcome: 'gone' }, survives: false },
  {
    name: 'an error is a fact, and everything is swept',
    kind: 'nu',
    result: '{"error": "no route"}\nend\n',
    outcome: { outcome: 'error', error: { name: 'nu_error', message: 'no route' }, retryable: true },
    survives: false,
  },
  {
    name: 'an exec program leaves no result that could be believed',
    kind: 'exec',
    result: '{"ok": 1}\nend\n',
    outcome: { outcome: 'gone' },
    survives: false,
  },
  {
    name: 'a call died with its daemon',
    kind: 'call',
    result: null,
    outcome: { outcome: 'gone' },
    survives: true,
  },
];

for (const { name, kind, result, outcome, survives } of rows) {
  test(`settling a ${kind} attempt: ${name}`, async (t) => {
    const { dispatcher, stateDirectory } = stage(t);
    const attempt = { attemptId: 'r-1/t/1.1@1', runId: 'r-1', kind, graceMs: 5_000 };
    const files = attemptFiles(stateDirectory, attempt.attemptId, attempt.runId);
    mkdirSync(dirname(files.result), { recursive: true });
    if (result !== null) writeFileSync(files.result, result);
    const stateId = stateDirectory.split('/').at(-1) ?? '';
    // a server: it has the tag and a session of its own
    const server = spawn('sleep', ['1000'], {
      detached: true,
      stdio: 'ignore',
      env: { PATH: '/usr/bin:/bin', SIDECAR_ATTEMPT: `${stateId}/${attempt.attemptId}` },
    });
    t.after(() => server.kill('SIGKILL'));

    assert.deepEqual(await dispatcher.settle(attempt), outcome);
    assert.equal(startTicksOf(server.pid ?? 0) !== null, survives);
  });
}
