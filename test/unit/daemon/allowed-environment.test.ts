import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daemonEnvironment, sessionEnvironment } from '../../../src/daemon/allowed-environment.js';

const caller = {
  PATH: '/bin',
  HOME: '/h',
  LC_ALL: 'C',
  XDG_DATA_HOME: '/d',
  NODE_OPTIONS: '--inspect',
  AWS_KEY: 'k',
  AWS_REGION: 'r',
  SIDECAR_STATE_DIR: '/s',
  SIDECAR_RUN_ID: 'r-1',
  SIDECAR_NU: 'bin/nu',
  SIDECAR_LOG_LEVEL: 'debug',
};

test('a session passes on the fixed list and what is allowed', () => {
  const fixed = { PATH: '/bin', HOME: '/h', LC_ALL: 'C', XDG_DATA_HOME: '/d' };
  assert.deepEqual(sessionEnvironment(caller, []), fixed);
  assert.deepEqual(sessionEnvironment(caller, ['AWS_KEY', 'NOT_SET']), { ...fixed, AWS_KEY: 'k' });
  assert.deepEqual(sessionEnvironment(caller, ['AWS_*']), { ...fixed, AWS_KEY: 'k', AWS_REGION: 'r' });
});

test('a daemon takes settings over, but neither the state directory nor the task it was started from', () => {
  assert.deepEqual(daemonEnvironment(caller, '/here'), {
    PATH: '/bin',
    HOME: '/h',
    LC_ALL: 'C',
    XDG_DATA_HOME: '/d',
    SIDECAR_NU: '/here/bin/nu',
    SIDECAR_LOG_LEVEL: 'debug',
    UV_THREADPOOL_SIZE: '16',
  });
});
