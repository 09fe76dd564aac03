/** examples/provisioning from the outside: what a user runs, on the oldest and the newest Nushell. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { isAlive } from '../fixtures/daemon/workspace.js';
import { nuPackages, processesOf, program, provisioningCopy } from '../fixtures/nushell/real-project.js';
import { recordedServers, serverAnswer } from '../fixtures/nushell/recorded-servers.js';

const deploy = ['run', 'workflows/clusters/deploy.toml', '--input', 'infra=demo', '--json'];
const destroy = ['run', 'workflows/clusters/destroy.toml', '--input', 'infra=demo', '--json'];
const servers = ['web-1', 'web-2', 'web-3'];
const services = ['container-runtime', 'node-exporter', 'web'];

interface TaskLine {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
}

const states = (stdout: string): Readonly<Record<string, string>> =>
  Object.fromEntries(JSON.parse(stdout).tasks.map((task: TaskLine) => [task.id, task.state]));

for (const nuPackage of nuPackages) {
  describe(nuPackage, () => {
    test('a cluster is deployed, deployed again, broken, cured and destroyed', async (t) => {
      const project = await provisioningCopy(nuPackage);
      t.after(() => project.close());

      const first = await project.sidecar(...deploy);
      assert.equal(first.code, 0, first.stdout + first.stderr);
      assert.deepEqual(new Set(Object.values(states(first.stdout))), new Set(['succeeded']));
      const started = recordedServers(project.folder, 'demo');
      assert.deepEqual(
        started.map(({ name }) => name),
        servers,
      );
      for (const server of started) {
        assert.deepEqual(await serverAnswer(server), {
          name: server.name,
          infra: 'demo',
          status: 'ok',
          services,
        });
      }
      const balancer = readFileSync(project.path('.sandbox/demo/load-balancer/haproxy.cfg'), 'utf8');
      for (const { name, port } of started)
        assert.ok(balancer.includes(`server ${name} 127.0.0.1:${port} check inter 1500ms`), balancer);
      const cloudInit = readFileSync(project.path('.sandbox/demo/servers/web-1/cloud-init.yaml'), 'utf8');
      assert.match(cloudInit, /^# web-1 of demo: medium, 2 cpus, 4\.0 GB, disk 50\.0 GB$/m);
      assert.match(cloudInit, /addresses: \[10\.40\.0\.21\]/);
      const key = await project.sidecar('call', 'state/get', '{"key": "deployments/demo"}');
      assert.deepEqual(JSON.parse(key.stdout).value.servers, servers);

      const again = await project.sidecar(...deploy);
      assert.equal(again.code, 0, again.stdout + again.stderr);
      const inventory = JSON.parse(again.stdout).tasks.find((task: TaskLine) => task.id === 'inventory');
      assert.equal(inventory.output.changed, false);
      assert.deepEqual(recordedServers(project.folder, 'demo'), started);

      const broken = await project.sidecar(...deploy, '--input', 'break=services');
      assert.equal(broken.code, 1, broken.stdout + broken.stderr);
      assert.deepEqual(states(broken.stdout), {
        plan: 'succeeded',
        host: 'succeeded',
        network: 'succeeded',
        server: 'succeeded',
        services: 'failed',
        'load-balancer': 'skipped',
        smoke: 'skipped',
        inventory: 'skipped',
        record: 'skipped',
      });
      const [victim] = started;
      assert.ok(victim);
      process.kill(victim.pid, 'SIGKILL');
      const cured = await project.sidecar(...deploy, '--input', 'smoke=false');
      assert.equal(cured.code, 0, cured.stdout + cured.stderr);
      assert.equal(states(cured.stdout)['smoke'], 'skipped');
      assert.equal(states(cured.stdout)['record'], 'succeeded');
      const now = recordedServers(project.folder, 'demo');
      assert.deepEqual(now.slice(1), started.slice(1));
      assert.notEqual(now[0]?.pid, victim.pid);

      const destroyed = await project.sidecar(...destroy);
      assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
      assert.deepEqual(
        now.filter(({ pid }) => isAlive(pid)),
        [],
      );
      assert.equal(existsSync(project.path('.sandbox/demo')), false);
      assert.equal((await project.sidecar('call', 'state/get', '{"key": "deployments/demo"}')).code, 1);
      const nothing = await project.sidecar(...destroy);
      assert.equal(nothing.code, 0, 'a cluster that is gone is a success');
    });

    test('a pid that belongs to a stranger by now is not ended', async (t) => {
      const project = await provisioningCopy(nuPackage);
      t.after(() => project.close());
      const stranger = project.start([
        process.execPath,
        '-e',
        "console.log('up'); setInterval(() => {}, 60_000)",
        project.folder,
      ]);
      await stranger.saw('up');
      const [pid] = processesOf(project.folder);
      assert.ok(pid, 'the stranger is not seen');
      mkdirSync(project.path('.sandbox/dev/servers/old'), { recursive: true });
      writeFileSync(
        project.path('.sandbox/dev/servers/old/process.json'),
        JSON.stringify({ pid, port: 1, identity: 'another boot/1' }),
      );
      const ended = await project.sidecar(
        'run',
        'workflows/servers/delete.toml',
        '--input',
        'names=["old"]',
        '--json',
      );
      assert.equal(ended.code, 0, ended.stdout + ended.stderr);
      assert.equal(existsSync(project.path('.sandbox/dev/servers/old')), false);
      assert.equal(isAlive(pid), true);
    });
  });
}

const invalid = [
  { call: "'../../x'", says: /"\.\.\/\.\.\/x" is no name for a server/ },
  { call: 'a --infra ../x', says: /"\.\.\/x" is no name for an infrastructure/ },
  { call: 'a --config {plan: huge}', says: /There is no plan "?huge/ },
  { call: 'a --config {color: 1}', says: /cannot have color/ },
  { call: 'a --provider moon', says: /There is no provider "?moon/ },
  { call: 'a --config {address: "10.9.9.9"}', says: /no host of the network/ },
  { call: 'a --infra none', says: /infra\/none\.toml/ },
  { call: 'a sidecar.toml', says: /unknown section name/ },
];

test('creating a server says what is wrong with what was asked', async (t) => {
  const project = await provisioningCopy(nuPackages[1]);
  t.after(() => project.close());
  for (const { call, says } of invalid) {
    const code = `use core/nulib/workflows/server_create.nu *
      try { server_create_workflow ${call} | ignore } catch {|error| print -r $error.msg }`;
    const { stdout, stderr } = await project.nu(['-c', code]);
    assert.match(stdout, says, `${call}: ${stderr}`);
  }
  assert.deepEqual(recordedServers(project.folder, 'dev'), []);
});

for (const nuPackage of nuPackages) {
  test(`the snippets of its README do what it says, ${nuPackage}`, async (t) => {
    const project = await provisioningCopy(nuPackage);
    t.after(() => project.close());
    mkdirSync(project.path('shims'));
    writeFileSync(
      project.path('shims/npx'),
      `#!/bin/sh\nshift\nexec '${process.execPath}' '${program}' "$@"\n`,
      { mode: 0o700 },
    );
    const text = readFileSync(project.path('README.md'), 'utf8');
    const blocks = [...text.matchAll(/^```(sh|nu)\n([\s\S]*?)^```$/gm)];
    assert.ok(blocks.length >= 5, 'the README has lost its snippets');
    for (const [, language, code = ''] of blocks) {
      for (const line of code.trim().split('\n')) {
        const ended =
          language === 'nu'
            ? await project.nu(['-c', line])
            : await project.start(['/bin/sh', '-c', `PATH=${project.path('shims')}:$PATH\n${line}`]).ended;
        assert.equal(ended.code, line.includes('break=') ? 1 : 0, `${line}\n${ended.stdout}${ended.stderr}`);
        assert.equal(ended.stderr, '', line);
      }
    }
    assert.equal(existsSync(project.path('.sandbox/demo')), false);
    assert.deepEqual(recordedServers(project.folder, 'dev'), []);
  });
}

test("the decision record's first block works as written, with nothing but nu", async (t) => {
  const project = await provisioningCopy(nuPackages[1]);
  t.after(() => project.close());
  const code = "use core/nulib/workflows/server_create.nu *; server_create_workflow 'name' '' []";
  for (const pass of ['created', 'there already']) {
    const ended = await project.start(['nu', '-c', code]).ended;
    assert.equal(ended.code, 0, `${pass}: ${ended.stderr}`);
    assert.match(ended.stdout, /name/);
  }
  const [server] = recordedServers(project.folder, 'dev');
  assert.ok(server);
  assert.deepEqual(await serverAnswer(server), { name: 'name', infra: 'dev', status: 'ok', services: [] });
  assert.equal((await project.sidecar('status')).code, 0, 'it has started the sidecar by itself');
});
