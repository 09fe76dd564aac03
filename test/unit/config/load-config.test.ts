import assert from 'node:assert/strict';
import { cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/load-config.js';
import type { ConfigFlags } from '../../../src/config/override-settings.js';
import { Failure } from '../../../src/kernel/failure.js';
import { packageRoot } from '../../../src/package-root.js';

let project = '';
before(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'sidecar-config-')));
});
after(() => rm(project, { recursive: true, force: true }));

const file = () => join(project, 'sidecar.toml');
const use = (fixture: string) => cp(join(packageRoot(), 'test', 'fixtures', 'config', fixture), file());
const load = (env: Record<string, string> = {}, flags: ConfigFlags = {}) =>
  loadConfig({ projectDirectory: project, env, flags });

/** The failure that loading ends with. */
async function failure(loading: Promise<unknown>): Promise<Failure> {
  try {
    await loading;
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  assert.fail('loading was to fail');
}

const MIB = 2 ** 20;

describe('settings', () => {
  it('without a project and a file are the defaults', async () => {
    assert.deepEqual(await loadConfig({ projectDirectory: null, env: {}, flags: {} }), {
      name: null,
      project: null,
      file: null,
      nu: { path: null, envAllow: [], includeDirs: [] },
      files: { roots: [], limits: { bytes: 64 * MIB, depth: 128, aliases: 10_000 } },
      template: {
        roots: [],
        budgets: {
          steps: 10_000_000,
          outputBytes: 16 * MIB,
          stringBytes: 4 * MIB,
          depth: 256,
          deadlineMs: 5000,
        },
      },
      workflow: { folders: [], maxParallel: null, maxAttemptsLive: Math.max(4, 2 * availableParallelism()) },
      daemon: { idleTimeoutMs: 1_800_000, drainTimeoutMs: 30_000, logLevel: 'info' },
      limits: { messageBytes: 16 * MIB, inFlight: 1024, connections: 256, outputBytes: 64 * MIB },
    });
  });

  it('of a project without sidecar.toml are the defaults, with the project as root', async () => {
    await rm(file(), { force: true });
    const config = await load();
    assert.equal(config.file, null);
    assert.deepEqual(config.files.roots, [project]);
    assert.deepEqual(config.template.roots, [project]);
    assert.deepEqual(config.workflow.folders, [join(project, 'workflows')]);
  });

  it('of a full file are all taken, paths from the folder of the file', async () => {
    await use('full.toml');
    assert.deepEqual(await load(), {
      name: 'provisioning',
      project,
      file: file(),
      nu: {
        path: join(project, 'tools/nu'),
        envAllow: ['AWS_*', 'UPCLOUD_TOKEN'],
        includeDirs: [join(project, 'core')],
      },
      files: {
        roots: [project, '/srv/shared', join(project, 'infra')],
        limits: { bytes: 1000, depth: 10, aliases: 0 },
      },
      template: {
        roots: [project, join(project, 'templates')],
        budgets: { steps: 100, outputBytes: MIB, stringBytes: 1000, depth: 5, deadlineMs: 500 },
      },
      workflow: {
        folders: [join(project, 'workflows'), join(project, 'more')],
        maxParallel: 3,
        maxAttemptsLive: 6,
      },
      daemon: { idleTimeoutMs: null, drainTimeoutMs: 60_000, logLevel: 'debug' },
      limits: { messageBytes: MIB, inFlight: 4, connections: 8, outputBytes: 5000 },
    });
  });

  it('the environment wins over the file, and a flag over both; empty counts as unset', async () => {
    await use('full.toml');
    const env = {
      SIDECAR_LOG_LEVEL: 'warn',
      SIDECAR_IDLE_TIMEOUT: '5s',
      SIDECAR_DRAIN_TIMEOUT: '',
      SIDECAR_NU: 'bin/nu',
    };
    const { daemon, nu } = await load(env, { logLevel: 'error', idleTimeout: '' });
    assert.deepEqual(daemon, { idleTimeoutMs: 5000, drainTimeoutMs: 60_000, logLevel: 'error' });
    assert.equal(nu.path, resolve('bin/nu'));
  });
});

describe('wrong settings', () => {
  it('come all at once, each with file, line, column, key and suggestion', async () => {
    await use('wrong.toml');
    const { error, message, data } = await failure(load());
    assert.equal(error, 'config_invalid');
    assert.equal(message, `${file()}:1:1: Unknown key "nmae" (and 8 more)`);
    assert.ok(data.diagnostics?.every(({ path }) => path === file()));
    assert.deepEqual(
      data.diagnostics?.map(({ line, column, code, key, advice }) => [line, column, code, key, advice]),
      [
        [1, 1, 'unknown-key', 'nmae', 'Did you mean "name"?'],
        [4, 14, 'invalid-value', 'nu.env_allow[0]', undefined],
        [7, 16, 'invalid-value', 'daemon.idle_timeout', undefined],
        [8, 13, 'invalid-value', 'daemon.log_level', 'Did you mean "info"?'],
        [9, 1, 'unknown-key', 'daemon.drain', 'Remove it.'],
        [12, 17, 'invalid-value', 'limits.message_bytes', undefined],
        [13, 13, 'invalid-value', 'limits.in_flight', undefined],
        [15, 2, 'unknown-key', 'deamon', 'Did you mean "daemon"?'],
        [18, 2, 'later-version', 'http', 'Remove it, or use a later version.'],
      ],
    );
  });

  it('in the syntax are named with their place', async () => {
    await writeFile(file(), 'name = "x\n');
    const { error, data } = await failure(load());
    assert.equal(error, 'config_invalid');
    assert.deepEqual([data.diagnostics?.[0]?.path, data.diagnostics?.[0]?.line], [file(), 1]);
  });

  const rows: readonly (readonly [Record<string, string>, ConfigFlags, string])[] = [
    [
      { SIDECAR_LOG_LEVEL: 'loud' },
      {},
      'Invalid value of SIDECAR_LOG_LEVEL: expected one of "debug", "info", "warn", "error", got "loud".',
    ],
    [
      {},
      { logLevel: 'loud' },
      'Invalid value of --log-level: expected one of "debug", "info", "warn", "error", got "loud".',
    ],
    [
      { SIDECAR_DRAIN_TIMEOUT: 'x' },
      {},
      'Invalid value of SIDECAR_DRAIN_TIMEOUT: expected a duration such as "500ms", "30s" or "1h30m" (units ms, s, m, h, d), got "x".',
    ],
  ];
  for (const [env, flags, expected] of rows) {
    it(expected, async () => {
      const { error, message } = await failure(loadConfig({ projectDirectory: null, env, flags }));
      assert.equal(error, 'config_invalid');
      assert.equal(message, expected);
    });
  }

  it('a sidecar.toml that is a folder is unreadable', async () => {
    await rm(file(), { force: true });
    await cp(join(packageRoot(), 'test', 'fixtures', 'config'), file(), { recursive: true });
    assert.equal((await failure(load())).error, 'unreadable');
  });
});
