/** `nu-sidecar stdio` as a script or an editor uses it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { createWorkspace, fakeProgram, isAlive, until } from '../fixtures/daemon/workspace.js';

const line = (message: object) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const frame = (message: object) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
const render = (id: number, source: string) => ({ id, method: 'template/render', params: { source } });
const initialize = {
  id: 1,
  method: 'initialize',
  params: { processId: null, rootUri: null, capabilities: {} },
};
const shutdown = { id: 2, method: 'shutdown' };
const exit = { method: 'exit' };

const rows: readonly {
  readonly name: string;
  readonly input: string;
  readonly code: number;
  readonly answers: number;
}[] = [
  { name: 'lines, then the end of stdin', input: line(render(1, 'x')), code: 0, answers: 1 },
  {
    name: 'lines: a slow request is answered after the end of stdin',
    input: line(render(1, 'wait')),
    code: 0,
    answers: 1,
  },
  { name: 'a line that is no JSON is answered', input: 'http\n', code: 0, answers: 1 },
  { name: 'nothing at all', input: '', code: 0, answers: 0 },
  {
    name: 'frames: shutdown, exit',
    input: [initialize, shutdown, exit].map(frame).join(''),
    code: 0,
    answers: 2,
  },
  {
    name: 'frames: exit without shutdown',
    input: [initialize, exit].map(frame).join(''),
    code: 1,
    answers: 1,
  },
  { name: 'frames: the end of stdin without shutdown', input: frame(initialize), code: 1, answers: 1 },
  { name: 'frames: a header without length', input: 'Content-Type: x\r\n\r\n{}', code: 1, answers: 1 },
];

test('exit codes and answers through the proxy, and nothing but messages on stdout', async (t) => {
  const work = createWorkspace(t);
  await work.run(['start', '--log-level', 'debug']);
  for (const standalone of [false, true]) {
    if (standalone) await work.run(['stop']);
    const args = standalone ? ['stdio', '--standalone', '--log-level', 'debug'] : ['stdio'];
    for (const { name, input, code, answers } of rows) {
      await t.test(`${standalone ? 'standalone' : 'proxy'}: ${name}`, async () => {
        const result = await work.run(args, { input });
        assert.equal(result.code, code, result.stderr);
        assert.equal(messagesOf(result.stdout).length, answers, result.stdout);
      });
    }
  }
});

/** Takes stdout apart into its messages; fails on anything else in it. */
function messagesOf(stdout: string): readonly unknown[] {
  const texts = stdout.startsWith('Content-Length')
    ? stdout.split(/Content-Length: \d+\r\n\r\n/).filter((text) => text !== '')
    : stdout.split('\n').filter((text) => text !== '');
  return texts.map((text) => JSON.parse(text));
}

test('the session has the folder and the allowed environment of the caller', async (t) => {
  const work = createWorkspace(t);
  work.write('sidecar.toml', '[nu]\nenv_allow = ["SHARED"]\n');
  const env = { SHARED: 'this' };
  const { stdout } = await work.run(['stdio'], { input: line(render(1, 'x')), env });
  assert.equal(JSON.parse(stdout).result.text, `x in ${work.folder} with this`);
  work.write('sidecar.toml', '');
  const without = await work.run(['stdio'], { input: line(render(1, 'x')), env });
  assert.equal(JSON.parse(without.stdout).result.text, `x in ${work.folder} with nothing`);
});

test('a proxy dies with its caller, the daemon does not', async (t) => {
  const work = createWorkspace(t);
  await work.run(['start']);
  const { pid } = await work.daemon();
  // The pipe of stdin stays open in this process: only the death of the parent tells the proxy.
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `const c = require('node:child_process').spawn(process.execPath, [${JSON.stringify(fakeProgram)}, 'stdio'], { stdio: 'inherit' });
       process.stderr.write(c.pid + '\\n');`,
    ],
    { cwd: work.folder, env: { PATH: process.env['PATH'] ?? '', HOME: work.folder }, stdio: 'pipe' },
  );
  let told = '';
  parent.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  let answered = '';
  parent.stdout.on('data', (chunk: Buffer) => {
    answered += chunk.toString();
  });
  parent.stdin.write(line(render(1, 'x')));
  await until('the proxy to answer', () => answered.includes('"id":1'));
  const proxy = Number(told);
  assert.equal(isAlive(proxy), true);
  parent.kill('SIGKILL');
  await until('the proxy to be gone', () => !isAlive(proxy));
  assert.equal(isAlive(pid), true);
});

test('a standalone process opens its socket too, and releases the state when its client has gone', async (t) => {
  const work = createWorkspace(t);
  const host = work.start(['stdio', '--standalone'], { input: null });
  host.child.stdin?.write(line(render(1, 'x')));
  await until('the first answer', () => host.output().includes('"id":1'));
  const called = await work.run(['call', 'template/render', '{"source": "back"}']);
  assert.equal(called.code, 0, called.stderr);
  host.child.stdin?.end();
  assert.equal((await host.finished).code, 0);
  assert.equal((await work.run(['status'])).code, 1);
});
