import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type StatePlace, stateDirectory } from '../../../src/config/state-directory.js';

const base: StatePlace = { project: '/p', env: {}, home: '/home/me', cwd: '/here', uid: 1000 };

/** The hash of a state directory is the same for every caller; its value is no promise. */
const withoutHash = (path: string): string => path.replace(/[0-9a-f]{16}/, '<hash>');

describe('where the state is', () => {
  const rows: readonly (readonly [string, Partial<StatePlace>, string])[] = [
    ['in the project', {}, '/p/.sidecar'],
    ['a flag wins', { flag: 'there', env: { SIDECAR_STATE_DIR: '/env' } }, '/here/there'],
    ['a variable wins over the project', { env: { SIDECAR_STATE_DIR: '/env' } }, '/env'],
    [
      'an empty variable and flag count as unset',
      { flag: '', env: { SIDECAR_STATE_DIR: '' } },
      '/p/.sidecar',
    ],
    ['without a project', { project: null, env: { XDG_STATE_HOME: '/xdg' } }, '/xdg/nu-sidecar'],
    [
      'an empty XDG variable counts as unset',
      { project: null, env: { XDG_STATE_HOME: '', HOME: '/h' } },
      '/h/.local/state/nu-sidecar',
    ],
    [
      'a relative XDG variable is ignored',
      { project: null, env: { XDG_STATE_HOME: 'x' } },
      '/home/me/.local/state/nu-sidecar',
    ],
    [
      'an empty HOME counts as unset',
      { project: null, env: { HOME: '' } },
      '/home/me/.local/state/nu-sidecar',
    ],
  ];
  for (const [title, place, expected] of rows) {
    it(title, () => assert.equal(stateDirectory({ ...base, ...place }).stateDirectory, expected));
  }
});

describe('where the sockets are', () => {
  const long = `/${'x'.repeat(90)}`;
  // "http.sock" and a slash are the last ten bytes of the longest path.
  const fits = `/${'x'.repeat(89)}`;
  const rows: readonly (readonly [string, Partial<StatePlace>, string])[] = [
    ['in the state directory', {}, '/p/.sidecar'],
    [
      'in the runtime directory',
      { env: { XDG_RUNTIME_DIR: '/run/user/1000' } },
      '/run/user/1000/nu-sidecar/<hash>',
    ],
    ['an empty runtime directory counts as unset', { env: { XDG_RUNTIME_DIR: '' } }, '/p/.sidecar'],
    ['exactly 100 bytes fit', { flag: fits }, fits],
    ['101 bytes do not', { flag: long }, '/tmp/nu-sidecar-1000/<hash>'],
    ['bytes count, not characters', { flag: `/${'ä'.repeat(45)}` }, '/tmp/nu-sidecar-1000/<hash>'],
    ['a long runtime directory', { env: { XDG_RUNTIME_DIR: long } }, '/tmp/nu-sidecar-1000/<hash>'],
  ];
  for (const [title, place, expected] of rows) {
    it(title, () => {
      const { socketDirectory, rpcSocket } = stateDirectory({ ...base, ...place });
      assert.equal(withoutHash(socketDirectory), expected);
      assert.equal(rpcSocket, `${socketDirectory}/rpc.sock`);
    });
  }

  it('two state directories never share one', () => {
    const env = { XDG_RUNTIME_DIR: '/run' };
    const [a, b] = ['/a', '/b'].map((flag) => stateDirectory({ ...base, env, flag }).socketDirectory);
    assert.notEqual(a, b);
  });
});
