/** How `nu-sidecar run` ends, what its stdout holds then, and the two meanings of Ctrl-C. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { runShape } from '../../protocol/run-shape.js';
import { createProject, errorName, mainProgram, type Project } from '../fixtures/acceptance/project.js';
import { until } from '../fixtures/daemon/workspace.js';

const files = {
  'good.toml': 'name = "good"\n[[task]]\nid = "a"\ncode = "print told; 42"\n',
  'failing.toml':
    'name = "failing"\n[[task]]\nid = "a"\nexec = ["sh", "-c", "echo complaint >&2; exit 7"]\n[[task]]\nid = "b"\nneeds = ["a"]\nexec = ["true"]\n',
  'wrong.toml': 'name = "wrong"\n',
  // Cleans up when told to end, and says so.
  'cleaning.toml':
    'name = "cleaning"\n[[task]]\nid = "a"\nexec = ["sh", "-c", "trap \'touch cleaned; exit 0\' TERM; touch started; while :; do sleep 0.05; done"]\n',
  // Does not end when told to.
  'stubborn.toml':
    'name = "stubborn"\n[[task]]\nid = "a"\ngrace = "2s"\nexec = ["sh", "-c", "trap \'touch told\' TERM; touch started; while :; do sleep 0.05; done"]\n',
};

const rows = [
  { args: ['good.toml'], code: 0, told: 'succeeded' },
  { args: ['failing.toml'], code: 1, told: 'failed' },
  { args: ['wrong.toml'], code: 2, told: 'workflow_invalid' },
  { args: ['absent.toml'], code: 2, told: 'unreadable' },
  { args: ['good.toml', '--input', 'x=1'], code: 2, told: 'workflow_invalid' },
  { args: ['good.toml', '--state-dir', 'good.toml/state'], code: 3, told: 'storage_failed' },
] as const;

test('every ending has its exit code, and with --json one document on stdout', async (t) => {
  const project = createProject(t, files);
  for (const { args, code, told } of rows) {
    await t.test(`${args.join(' ')}: ${code}`, async () => {
      const answer = await project.json(['run', ...args]);
      assert.equal(answer.code, code, answer.stderr);
      assert.equal(answer.stderr, '');
      const outcome = 'tasks' in answer.document ? runShape.parse(answer.document).state : errorName(answer);
      assert.equal(outcome, told);
    });
  }
  await t.test('without --json the failure is explained with the next commands', async () => {
    const { code, stdout, stderr } = await project.run(['run', 'failing.toml']);
    assert.deepEqual({ code, stderr }, { code: 1, stderr: '' });
    assert.match(stdout, /^a +✗ failed/m);
    assert.match(stdout, /^b +\S+ skipped/m);
    assert.match(stdout, /complaint/);
    const command = /nu-sidecar (logs r-\S+ a)$/m.exec(stdout)?.[1];
    assert.ok(command, stdout);
    assert.equal((await project.run(command.split(' '))).stdout, 'complaint\n');
  });
});

test('Ctrl-C with --json: cancels, waits for the clean-up, and tells the cancelled run', async (t) => {
  const project = createProject(t, files);
  const running = project.start(['run', 'cleaning.toml', '--json']);
  await until('the task to have started', () => existsSync(project.path('started')));
  running.child.kill('SIGINT');
  const { code, stdout, stderr } = await running.finished;
  assert.equal(code, 130, stderr);
  assert.equal(runShape.parse(JSON.parse(stdout)).state, 'cancelled');
  assert.equal(existsSync(project.path('cleaned')), true);
});

test('Ctrl-C at a terminal: the first cancels and waits, the second leaves, and the cancel stays in force', async (t) => {
  const project = createProject(t, files);
  const terminal = atTerminal(t, project, ['run', 'stubborn.toml']);
  await until('the task to have started', () => existsSync(project.path('started')));
  terminal.press('\x03');
  await until('the task to be told', () => existsSync(project.path('told')));
  await until('the notice', () => terminal.screen().includes('Ctrl-C again leaves'));
  terminal.press('\x03');
  assert.equal(await terminal.ended, 130, terminal.screen());
  assert.match(terminal.screen(), /stays in force/);
  const [run] = (await project.client.request('run/list', {})).runs;
  assert.ok(run);
  assert.equal(run.state, 'cancelling', 'it left before the clean-up was over');
  assert.equal((await project.ended(run.id)).state, 'cancelled');
});

test('at a terminal a run is shown live and ends with its table', async (t) => {
  const project = createProject(t, files);
  const terminal = atTerminal(t, project, ['run', 'good.toml']);
  assert.equal(await terminal.ended, 0, terminal.screen());
  const screen = terminal.screen();
  assert.ok(screen.includes(eraseLine), screen);
  assert.match(screen, /✓ good succeeded/);
  assert.doesNotMatch(screen, /^● a running/m, 'no plain lines');
});

/** What a terminal is told before a line is drawn again. */
const eraseLine = '\u001b[2K';

/** Runs the program on a pseudo-terminal, as script(1) makes one: what is pressed reaches it as from a keyboard. */
function atTerminal(t: TestContext, project: Project, args: readonly string[]) {
  const command = `stty cols 100 rows 30 && exec ${[process.execPath, mainProgram, ...args].join(' ')}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: project.folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: project.folder,
      XDG_RUNTIME_DIR: '',
      TERM: 'xterm',
      SHELL: '/bin/sh',
    },
  });
  t.after(() => child.kill('SIGKILL'));
  let screen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { press: (key: string) => child.stdin.write(key), screen: () => screen, ended };
}
