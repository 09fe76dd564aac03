/**
 * Clients that know nothing of this package: a stock vscode-jsonrpc client in Content-Length frames, and a Nushell script that
 * pipes JSON lines. Each renders a template, loads a file, submits the example and follows it to its end.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { type RunShape, runShape } from '../../protocol/run-shape.js';
import type { initialize } from '../../protocol/session.js';
import { hasEnded } from '../../src/client/follow-run.js';
import type { ResultOf } from '../../src/kernel/handlers.js';
import { within } from '../../src/kernel/signal.js';
import { packageRoot } from '../../src/package-root.js';
import { createProject, mainProgram, type Project, processesOf } from '../fixtures/acceptance/project.js';

const settings = { size: '64KiB', ports: [80, 443], ratio: 2 };
const workflow = 'workflows/clusters/deploy.toml';
const versions = [
  { version: '0.115.1', nu: 'node_modules/@nushell/linux-x64/bin/nu' },
  { version: '0.108.0', nu: 'node_modules/nu-0-108/bin/nu' },
] as const;

test('clients that know nothing of this package deploy the example', async (t) => {
  const project = createProject(t);
  cpSync(join(packageRoot(), 'examples/provisioning'), project.folder, {
    recursive: true,
    filter: (path) => !/\/\.(sidecar|sandbox)$/.test(path),
  });
  // The one line that knows where the module is: the example stands elsewhere here.
  project.write('core/nulib/sidecar_client.nu', `export use ${join(packageRoot(), 'nulib/sidecar')}\n`);
  project.write('hello.j2', 'Hello {{ name | upper }}!\n');
  project.write('settings.toml', 'size = "64KiB"\nports = [80, 443]\nratio = 2.0\n');

  await t.test('a stock vscode-jsonrpc client', (t) => deployByFrames(t, project));
  for (const { version, nu } of versions) {
    await t.test(`a Nushell ${version} script that pipes JSON lines`, () =>
      deployByLines(project, join(packageRoot(), nu)),
    );
  }
  await t.test('and what they deployed is destroyed again', async () => {
    const told = await project.json(['run', 'workflows/clusters/destroy.toml', '--input', 'infra=demo']);
    assert.equal(told.code, 0, JSON.stringify(told.document));
    const { pid } = await project.daemon();
    assert.deepEqual(
      processesOf(project.folder).filter((found) => found.pid !== pid),
      [],
    );
  });
});

function assertDeployed(run: RunShape): void {
  assert.equal(run.state, 'succeeded', JSON.stringify(run.error));
  const server = run.tasks.find(({ id }) => id === 'server');
  assert.deepEqual([server?.state, server?.outputs?.length], ['succeeded', 3]);
}

async function deployByFrames(t: TestContext, project: Project): Promise<void> {
  const child = spawn(process.execPath, [mainProgram, 'stdio'], {
    cwd: project.folder,
    env: environment(project),
  });
  t.after(() => child.kill('SIGKILL'));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const client = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const seen: RunShape[] = [];
  let wake = (): void => undefined;
  client.onNotification('run/didChange', (change) => {
    seen.push(change);
    wake();
  });
  client.listen();
  const ask = <Result>(method: string, params: object): Promise<Result> =>
    within(client.sendRequest<Result>(method, params), 60_000, method);

  const opened = await ask<ResultOf<typeof initialize>>('initialize', {
    processId: process.pid,
    capabilities: {},
  });
  assert.equal(opened.protocolVersion, 1);
  await client.sendNotification('initialized', {});
  assert.deepEqual(await ask('template/render', { path: 'hello.j2', context: { name: 'frames' } }), {
    text: 'Hello FRAMES!\n',
  });
  assert.deepEqual(await ask('file/load', { path: 'settings.toml' }), { value: settings, format: 'toml' });
  const { runId } = await ask<{ runId: string }>('workflow/submit', {
    path: workflow,
    inputs: { infra: 'demo' },
  });
  const { snapshot } = await ask<{ snapshot: RunShape }>('run/subscribe', { runId });
  seen.unshift(snapshot);
  const followed = async (): Promise<void> => {
    while (!seen.some(({ state }) => hasEnded(state))) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await within(followed(), 60_000, 'the run to be told as ended');
  assertDeployed(runShape.parse(await ask('run/get', { runId })));
  assert.equal(await ask('shutdown', {}), null);
  await client.sendNotification('exit');
  assert.equal(await within(exited, 20_000, 'the process to exit'), 0);
  client.dispose();
}

async function deployByLines(project: Project, nu: string): Promise<void> {
  const script = join(packageRoot(), 'test/fixtures/acceptance/lines-client.nu');
  const { stdout } = await promisify(execFile)(
    nu,
    ['--no-config-file', script, process.execPath, mainProgram, workflow, '{"infra": "demo"}'],
    { cwd: project.folder, env: environment(project), timeout: 60_000 },
  );
  const told = JSON.parse(stdout);
  assert.deepEqual([told.text, told.settings], ['Hello NU!\n', settings]);
  assertDeployed(runShape.parse(told.run));
}

function environment(project: Project): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: project.folder, XDG_RUNTIME_DIR: '' };
}
