/** SIGKILL of the daemon in the middle of examples/provisioning: the run goes on to its end, and nothing is doubled or left. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAlive, until } from '../fixtures/daemon/workspace.js';
import { nuPackages, processesOf, provisioningCopy } from '../fixtures/nushell/real-project.js';
import { recordedServers, serverAnswer } from '../fixtures/nushell/recorded-servers.js';

/** Lines of the progress of a run: a moment is reached when its line is printed. */
const moments = ['server running: 0/3', 'server running: 1/3', 'services running: 0/3'];

for (const moment of moments) {
  test(`kill -9 of the daemon at "${moment}"`, async (t) => {
    const project = await provisioningCopy(nuPackages[1]);
    t.after(() => project.close());
    const deployment = project.startSidecar('run', 'workflows/clusters/deploy.toml', '--input', 'infra=demo');
    await deployment.saw(moment);
    const killed = await project.daemon();
    process.kill(killed.pid, 'SIGKILL');
    const { code, stdout, stderr } = await deployment.ended;
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /The sidecar is gone; starting it again: the run goes on\./);
    assert.equal((await project.daemon()).epoch, killed.epoch + 1);

    const servers = recordedServers(project.folder, 'demo');
    assert.deepEqual(
      servers.map(({ name }) => name),
      ['web-1', 'web-2', 'web-3'],
    );
    for (const server of servers) await serverAnswer(server);
    // One process a server: those of attempts that the kill cut short are gone.
    const agents = () => processesOf(`${project.folder}/.sandbox`);
    await until('only the recorded servers to run', () => agents().length === servers.length);
    assert.deepEqual(new Set(agents()), new Set(servers.map(({ pid }) => pid)));

    const destroyed = await project.sidecar(
      'run',
      'workflows/clusters/destroy.toml',
      '--input',
      'infra=demo',
    );
    assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
    assert.deepEqual(
      servers.filter(({ pid }) => isAlive(pid)),
      [],
    );
    assert.deepEqual(agents(), []);
  });
}
