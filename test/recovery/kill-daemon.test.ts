import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { within } from '../../src/kernel/signal.js';
import { isRecord, type Value, type ValueRecord } from '../../src/kernel/value/value.js';
import { type Connection, connect } from '../../src/transport/connect.js';
import { seededRandom } from '../fixtures/recovery/random.js';
import { readLedger, workload } from '../fixtures/recovery/workload.js';

/**
 * The daemon is killed with SIGKILL at random moments of running workflows and started again, and what the journal promised is
 * compared with what really happened (the ledgers that the tasks themselves write). Prints its seed and what was known before each
 * kill; KILL_SEED repeats a choice of moments.
 */
const kills = 50;
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 2_147_483_647);
const random = seededRandom(seed);
const program = fileURLToPath(new URL('../../src/main.js', import.meta.url));

interface Known {
  readonly runId: string;
  readonly task: string;
  readonly starts: number;
}

/** A live attempt of a task that is not idempotent. */
const mayNotRunAgain = (task: ValueRecord): boolean =>
  text(task['id']).startsWith('once') && task['state'] === 'running';

const countSucceeded = (tasks: readonly ValueRecord[]): number =>
  tasks.filter((task) => task['state'] === 'succeeded').length;

const ended = new Set(['succeeded', 'failed', 'cancelled']);
const record = (value: Value | undefined): ValueRecord => (isRecord(value) ? value : {});
const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);

test(`kill -9 of the daemon at ${kills} random moments loses nothing and repeats nothing`, {
  timeout: 300_000,
}, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sidecar-kill-'));
  const stateDirectory = join(directory, 'state');
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory };
  t.diagnostic(`seed ${seed}`);

  async function daemon(): Promise<{ pid: number; connection: Connection }> {
    await promisify(execFile)(process.execPath, [program, '--state-dir', stateDirectory, 'start'], {
      env,
      cwd: directory,
    });
    const discovery = record(JSON.parse(await readFile(join(stateDirectory, 'discovery.json'), 'utf8')));
    const connection = await connect(text(discovery['rpcSocket']), {
      attach: { cwd: directory, env, processId: process.pid },
    });
    return { pid: Number(record(await connection.request('sidecar/status', {}))['pid']), connection };
  }

  const names = new Map<string, string>();
  let live = await daemon();
  after(async () => {
    live.connection.close();
    await promisify(execFile)(process.execPath, [program, '--state-dir', stateDirectory, 'stop', '--force'], {
      env,
      cwd: directory,
    });
    await endServers(directory);
    await rm(directory, { recursive: true, force: true });
  });
  const ask = async (method: string, params: ValueRecord) =>
    record(await within(live.connection.request(method, params), 60_000, method));

  async function submit(): Promise<string> {
    const name = `run${names.size}`;
    const runId = text((await ask('workflow/submit', { definition: workload(name, directory) }))['runId']);
    names.set(runId, name);
    return runId;
  }

  const known: Known[] = [];
  const lifetimes = { withResults: 0, hitOnce: 0 };
  let current = await submit();

  for (let kill = 0; kill < kills; kill += 1) {
    if (ended.has(text((await ask('run/get', { runId: current }))['state']))) current = await submit();
    const runId = current;
    // Any moment of the run: after a few more results, and half of the time while an attempt lives that may not run again.
    let tasks = list((await ask('run/get', { runId }))['tasks']).map(record);
    const least = random() < 0.05 ? 0 : 1;
    const target = Math.max(least, countSucceeded(tasks) + Math.floor(random() * 4));
    const aimed = random() < 0.5;
    const patience = performance.now() + 5000;
    let run: ValueRecord = {};
    do {
      await pause(5 + random() * 60);
      run = await ask('run/get', { runId });
      tasks = list(run['tasks']).map(record);
    } while (
      (countSucceeded(tasks) < target || (aimed && !tasks.some(mayNotRunAgain))) &&
      !ended.has(text(run['state'])) &&
      performance.now() < patience
    );
    const succeeded = tasks.filter((task) => task['state'] === 'succeeded').map((task) => text(task['id']));
    const liveOnce = tasks.filter(mayNotRunAgain);
    const starts = await readLedger(directory, names.get(runId) ?? '');
    for (const task of succeeded) known.push({ runId, task, starts: starts.get(task) ?? 0 });
    if (succeeded.length > 0) lifetimes.withResults += 1;
    if (liveOnce.length > 0) lifetimes.hitOnce += 1;
    process.kill(live.pid, 'SIGKILL');
    t.diagnostic(
      `kill ${kill + 1}: ${succeeded.length} results known, ${liveOnce.length} live attempts that may not run again`,
    );
    await within(live.connection.closed, 10_000, 'the killed daemon to be gone');
    live = await daemon();
  }

  // Everything that was acknowledged comes to an end, and nothing stays running.
  for (const [runId, name] of names) {
    const run = await ask('run/wait', { runId, timeoutMs: 60_000 });
    assert.ok(ended.has(text(run['state'])), `${runId} is ${text(run['state'])}`);
    const starts = await readLedger(directory, name);
    for (const task of list(run['tasks']).map(record)) {
      const id = text(task['id']);
      assert.notEqual(task['state'], 'running', `${id} of ${runId}`);
      const count = starts.get(id) ?? 0;
      if (id.startsWith('once'))
        assert.ok(count <= 1, `${id} of ${runId} is not idempotent and was started ${count} times`);
      if (task['state'] === 'succeeded')
        assert.ok(count >= 1, `${id} of ${runId} succeeded without having run`);
    }
    const server = list(run['tasks'])
      .map(record)
      .find((task) => task['id'] === 'server');
    if (server?.['state'] === 'succeeded') await assertAnswers(directory, name);
  }
  for (const { runId, task, starts } of known) {
    const now = (await readLedger(directory, names.get(runId) ?? '')).get(task) ?? 0;
    assert.equal(now, starts, `${task} of ${runId} was recorded as succeeded and ran again`);
  }

  assert.deepEqual(
    await taggedProcesses(directory, stateDirectory),
    [],
    'processes of attempts that are left',
  );
  t.diagnostic(`${names.size} runs, ${known.length} results checked`);
  assert.ok(
    lifetimes.withResults >= 40,
    `only ${lifetimes.withResults} kills had known results: the test proved too little`,
  );
  assert.ok(
    lifetimes.hitOnce >= 10,
    `only ${lifetimes.hitOnce} kills hit a live attempt that may not run again`,
  );
});

async function servers(directory: string): Promise<{ name: string; pid: number; port: number }[]> {
  const found = [];
  for (const file of await readdir(directory)) {
    if (!file.endsWith('.server')) continue;
    const { pid, port } = record(JSON.parse(await readFile(join(directory, file), 'utf8')));
    found.push({ name: file.slice(0, -'.server'.length), pid: Number(pid), port: Number(port) });
  }
  return found;
}

async function assertAnswers(directory: string, name: string): Promise<void> {
  const server = (await servers(directory)).find((candidate) => candidate.name === name);
  assert.ok(server, `the server of ${name} wrote no file`);
  const answer = await fetch(`http://127.0.0.1:${server.port}/`, { signal: AbortSignal.timeout(5000) });
  assert.equal(await answer.text(), 'alive');
}

async function endServers(directory: string): Promise<void> {
  for (const { pid } of await servers(directory)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}

/** Processes that carry a tag of this state directory, but for the servers, which are outputs of their tasks. */
async function taggedProcesses(directory: string, stateDirectory: string): Promise<string[]> {
  const stateId = (await readFile(join(stateDirectory, 'state-id'), 'utf8')).trim();
  const outputs = new Set((await servers(directory)).map(({ pid }) => String(pid)));
  const left: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || outputs.has(pid)) continue;
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environ.includes(`SIDECAR_ATTEMPT=${stateId}/`)) left.push(pid);
  }
  return left;
}
