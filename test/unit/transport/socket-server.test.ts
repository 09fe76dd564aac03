import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { silentLog } from '../../../src/kernel/log.js';
import { within } from '../../../src/kernel/signal.js';
import { connect } from '../../../src/transport/connect.js';
import { listenOnSocket, type SocketServer } from '../../../src/transport/socket-server.js';
import { sampleSessions } from '../../fixtures/hosts/sample-sidecar.js';

async function directoryFor(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'nu-sidecar-socket-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function listen(context: TestContext, path: string): Promise<SocketServer> {
  const server = await listenOnSocket({ path, openSession: sampleSessions(), log: silentLog });
  context.after(() => server.close());
  return server;
}

const refused = (error: string) => (thrown: unknown) => thrown instanceof Failure && thrown.error === error;

test('the socket is 0600 in a directory made 0700, whatever the umask', async (context) => {
  const directory = join(await directoryFor(context), 'sockets', 'of', 'one');
  const umask = process.umask(0);
  context.after(() => process.umask(umask));
  const server = await listen(context, join(directory, 'rpc.sock'));
  assert.equal((await lstat(server.path)).mode & 0o777, 0o600);
  assert.equal((await lstat(directory)).mode & 0o777, 0o700);
});

test('a directory that is open to others is refused and left as it is', async (context) => {
  const directory = join(await directoryFor(context), 'shared');
  await mkdir(directory);
  for (const mode of [0o755, 0o777, 0o710]) {
    await chmod(directory, mode);
    await assert.rejects(listen(context, join(directory, 'rpc.sock')), refused('config_invalid'));
    assert.equal((await lstat(directory)).mode & 0o777, mode);
  }
});

test('a path over 100 bytes is refused, one of 100 is not', async (context) => {
  const directory = await directoryFor(context);
  const pad = 'x'.repeat(100 - directory.length - 1);
  await assert.rejects(listen(context, join(directory, `${pad}y`)), refused('config_invalid'));
  await listen(context, join(directory, pad));
});

test('a directory that is a link is refused', async (context) => {
  const directory = await directoryFor(context);
  await mkdir(join(directory, 'real'));
  await symlink(join(directory, 'real'), join(directory, 'link'));
  await assert.rejects(listen(context, join(directory, 'link', 'rpc.sock')), refused('config_invalid'));
});

test('a file at the path survives', async (context) => {
  const path = join(await directoryFor(context), 'rpc.sock');
  await writeFile(path, 'precious');
  await assert.rejects(listen(context, path), refused('config_invalid'));
  assert.equal((await lstat(path)).isFile(), true);
});

test('a live socket is refused, a stale one is replaced', async (context) => {
  const path = join(await directoryFor(context), 'rpc.sock');
  const first = await listen(context, path);
  await assert.rejects(listen(context, path), refused('state_locked'));
  await first.close();

  // A process that dies leaves its socket file behind: bind under another name, move it, and close.
  const dying = createServer();
  await new Promise<void>((resolve) => dying.listen(`${path}.old`, resolve));
  await rename(`${path}.old`, path);
  await new Promise((resolve) => dying.close(resolve));
  assert.equal((await lstat(path)).isSocket(), true);
  await listen(context, path);
  (await connect(path)).close();
});

test('connections are counted, and close answers what is in flight', async (context) => {
  const path = join(await directoryFor(context), 'rpc.sock');
  const counts: number[] = [];
  const server = await listenOnSocket({
    path,
    openSession: sampleSessions(),
    log: silentLog,
    onConnections: (count) => counts.push(count),
  });
  const client = await connect(path);
  assert.equal(await client.request('sample/soon'), 'soon');
  assert.equal(server.connections, 1);
  const slow = client.request('sample/slow');
  const answered = assert.rejects(slow, refused('shutting_down'));
  // The request has to be read first: an answer to a later one proves it.
  await client.request('sample/soon');
  await server.close();
  await answered;
  await within(client.closed, 5000, 'the connection to end');
  assert.deepEqual(counts, [1, 0]);
  await assert.rejects(lstat(path), { code: 'ENOENT' });
});

test('when the process that a connection named dies, its session ends', async (context) => {
  const server = await listen(context, join(await directoryFor(context), 'rpc.sock'));
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const client = await connect(server.path, { attach: { processId: child.pid ?? 0 } });
  const slow = assert.rejects(client.request('sample/slow'), refused('request_cancelled'));
  await client.request('sample/soon');
  child.kill('SIGKILL');
  await within(slow, 20_000, 'the request of a dead client to be cancelled');
  await within(client.closed, 5000, 'the connection to end');
});
