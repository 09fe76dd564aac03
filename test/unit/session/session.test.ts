import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCatalogue } from '../../../protocol/catalogue.js';
import type { RequestContext } from '../../../src/kernel/context.js';
import type { Dispatch } from '../../../src/kernel/dispatch.js';
import { Failure } from '../../../src/kernel/failure.js';
import { silentLog } from '../../../src/kernel/log.js';
import type { Attachment, Framing, SessionPort } from '../../../src/kernel/session-port.js';
import type { Value } from '../../../src/kernel/value/value.js';
import { createSessions } from '../../../src/session/session.js';

interface Stage {
  readonly session: SessionPort;
  /** The context of the last dispatched request. */
  readonly context: () => RequestContext;
  readonly told: readonly (readonly [string, Value])[];
  readonly ends: () => number;
  /** Lets the watched process die. */
  readonly die: () => void;
}

function stage(framing: Framing = 'headers', attachment: Attachment | null = null): Stage {
  let last: RequestContext | undefined;
  let ends = 0;
  let die = (): void => undefined;
  const told: (readonly [string, Value])[] = [];
  const dispatch: Dispatch = async (_method, _params, context) => {
    last = context;
    return 'done';
  };
  const session = createSessions({
    catalogue: createCatalogue(),
    dispatch,
    log: silentLog,
    server: { name: 'nu-sidecar', version: '1', buildId: 'b' },
    watchProcess: (_pid, onDeath) => {
      die = onDeath;
      return () => {
        die = () => undefined;
      };
    },
  })({
    framing,
    attachment,
    notify: (method, params) => told.push([method, params]),
    end: () => {
      ends++;
    },
  });
  return {
    session,
    context: () => last ?? assert.fail('nothing was dispatched'),
    told,
    ends: () => ends,
    die: () => die(),
  };
}

const call = { signal: new AbortController().signal };

test('initialize opens the session and says what the sidecar is', async () => {
  const { session, context } = stage();
  const params = {
    processId: null,
    clientInfo: { name: 'editor', version: '2' },
    rootUri: 'file:///srv/in%20fra',
    capabilities: { any: true },
  };
  const result = await session.request('initialize', params, call);
  assert.deepEqual(Object.keys(Object(result)), ['protocolVersion', 'serverInfo', 'capabilities']);
  await session.request('a/b', {}, call);
  assert.deepEqual(context().session.client, { name: 'editor', version: '2' });
  assert.equal(context().session.cwd, '/srv/in fra');
  assert.match(context().traceId, /^[0-9a-f]{32}$/);
  assert.equal(context().traceId, context().traceId);
});

test('an initialize that does not fit leaves the session closed', async () => {
  const { session } = stage();
  const named = (name: string) => (error: unknown) => error instanceof Failure && error.error === name;
  await assert.rejects(session.request('initialize', { processId: 'x' }, call), named('invalid_params'));
  await assert.rejects(session.request('a/b', {}, call), named('not_initialized'));
});

test('an attachment gives folder and environment, initialize may name another folder', async () => {
  const attachment = { cwd: '/srv', env: { A: 'b' }, processId: null };
  const { session, context } = stage('lines', attachment);
  await session.request('a/b', {}, call);
  assert.deepEqual([context().session.cwd, context().session.env], ['/srv', { A: 'b' }]);
  await session.request('initialize', { rootPath: '/other' }, call);
  assert.equal(context().session.cwd, '/other');
});

test('the client hears warnings after initialize, and more when it asks', async () => {
  const { session, context, told } = stage('lines');
  await session.request('a/b', {}, call);
  context().log.warn({}, 'too early');
  await session.request('initialize', {}, call);
  context().log.warn({ secret: 1 }, 'watch out');
  context().log.info({}, 'not asked for');
  session.notification('$/setTrace', { value: 'messages' });
  context().log.info({}, 'asked for');
  context().log.debug({}, 'not asked for');
  session.notification('$/setTrace', { value: 'verbose' });
  context().log.child({}).debug({}, 'asked for');
  assert.deepEqual(told, [
    ['window/logMessage', { type: 2, message: 'watch out' }],
    ['window/logMessage', { type: 3, message: 'asked for' }],
    ['window/logMessage', { type: 5, message: 'asked for' }],
  ]);
});

test('the end of a session calls back once, and late comers at once', async () => {
  const { session, context } = stage('lines');
  await session.request('a/b', {}, call);
  const calls: string[] = [];
  context().session.onClose(() => calls.push('first'));
  context().session.onClose(() => calls.push('taken back'))();
  session.close();
  session.close();
  context().session.onClose(() => calls.push('late'));
  assert.deepEqual(calls, ['first', 'late']);
});

test('exit and the death of the client end the connection', async () => {
  const first = stage('headers');
  first.session.notification('exit', undefined);
  assert.equal(first.ends(), 1);
  const second = stage('lines', { cwd: null, env: null, processId: 4711 });
  second.die();
  assert.equal(second.ends(), 1);
  const third = stage('lines', { cwd: null, env: null, processId: 4711 });
  third.session.close();
  third.die();
  assert.equal(third.ends(), 0, 'a closed session watches nothing');
});

test('shutdown is null and is remembered', async () => {
  const { session } = stage('lines');
  assert.equal(session.shutDown, false);
  assert.equal(await session.request('shutdown', undefined, call), null);
  assert.equal(session.shutDown, true);
});
