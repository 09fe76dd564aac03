import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { ErrorName } from '../../../protocol/errors.js';
import { Failure } from '../../../src/kernel/failure.js';
import { limits, loaderFor, ownFolder, signal } from './loader.js';

/** A folder with `inside/` (the root), `inside/ok.txt` and a secret next to it. */
function scene(context: TestContext): { readonly root: string; readonly secret: string } {
  const folder = ownFolder(context);
  const root = join(folder, 'inside');
  mkdirSync(root);
  writeFileSync(join(root, 'ok.txt'), 'fine');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  return { root, secret: join(folder, 'secret.txt') };
}

function isFailure(error: ErrorName, words: RegExp): (failure: unknown) => boolean {
  return (failure) => {
    assert.ok(failure instanceof Failure, String(failure));
    assert.equal(failure.error, error);
    assert.match(failure.message, words);
    return true;
  };
}

function refuse(
  what: string,
  error: ErrorName,
  words: RegExp,
  pathOf: (scene: { readonly root: string; readonly secret: string }) => string | Promise<string>,
): void {
  test(`refuses ${what}`, async (context) => {
    const { root, secret } = scene(context);
    const path = await pathOf({ root, secret });
    await assert.rejects(loaderFor(root).load({ path, signal }), isFailure(error, words));
    await assert.rejects(loaderFor(root).read(path), isFailure(error, words));
  });
}

refuse('a file outside', 'outside_roots', /inside .*, got/, ({ secret }) => secret);
refuse(
  'a file outside that does not exist, in the same words',
  'outside_roots',
  /inside .*, got/,
  ({ secret }) => `${secret}x`,
);
refuse(
  'a folder next to the root with the same beginning',
  'outside_roots',
  /inside/,
  ({ root }) => `${root}-other/a.txt`,
);
refuse('".." in a path', 'outside_roots', /the segment "\.\."/, ({ root }) => `${root}/../secret.txt`);
refuse('a NUL', 'outside_roots', /a NUL character/, ({ root }) => `${root}/ok.txt\0.png`);
refuse('percent encoding', 'outside_roots', /percent-encoded/, ({ root }) => `${root}/%2e%2e/secret.txt`);
refuse('a relative path', 'outside_roots', /a relative path/, () => 'ok.txt');
refuse('a link to the outside', 'outside_roots', /inside/, ({ root, secret }) => {
  symlinkSync(secret, join(root, 'link.txt'));
  return join(root, 'link.txt');
});
refuse('a folder that is a link to the outside', 'outside_roots', /inside/, ({ root }) => {
  symlinkSync('..', join(root, 'up'));
  return join(root, 'up', 'secret.txt');
});
refuse('a missing file', 'unreadable', /but there is none/, ({ root }) => join(root, 'none.txt'));
refuse('a file below a file', 'unreadable', /not a folder/, ({ root }) => join(root, 'ok.txt', 'a'));
refuse('links in a loop', 'unreadable', /form a loop/, ({ root }) => {
  symlinkSync('loop.txt', join(root, 'loop.txt'));
  return join(root, 'loop.txt');
});
refuse('a folder', 'unreadable', /regular file .*got a folder/, ({ root }) => root);
refuse('a FIFO, without waiting for a writer', 'unreadable', /a device, socket or FIFO/, ({ root }) => {
  assert.equal(spawnSync('mkfifo', [join(root, 'pipe')]).status, 0);
  return join(root, 'pipe');
});

test('refuses a socket', async (context) => {
  const { root } = scene(context);
  const path = join(root, 'socket');
  const server = createServer();
  await new Promise<void>((done) => server.listen(path, done));
  context.after(() => server.close());
  await assert.rejects(loaderFor(root).load({ path, signal }), isFailure('unreadable', /socket/));
});

for (const path of [
  '/dev/zero',
  '/dev/tty',
  '/dev/stdin',
  '/proc/self/environ',
  '/sys/kernel/mm/transparent_hugepage/enabled',
]) {
  test(`refuses ${path} even when everything is a root`, async () => {
    await assert.rejects(
      loaderFor('/').load({ path, signal }),
      isFailure('unreadable', /Expected a (regular|readable) file/),
    );
  });
}

test('refuses a file that may not be read', async (context) => {
  const { root } = scene(context);
  const path = join(root, 'ok.txt');
  chmodSync(path, 0o000);
  // Root may read everything: then there is nothing to refuse.
  if (process.getuid?.() === 0) assert.equal((await loaderFor(root).read(path)).text, 'fine');
  else await assert.rejects(loaderFor(root).read(path), isFailure('unreadable', /permission was denied/));
});

test('takes a link inside, a root that is a link, and other roots for one request', async (context) => {
  const { root, secret } = scene(context);
  symlinkSync('ok.txt', join(root, 'link.txt'));
  assert.equal((await loaderFor(root).read(join(root, 'link.txt'))).path, join(root, 'ok.txt'));
  const alias = `${root}-alias`;
  symlinkSync(root, alias);
  assert.equal((await loaderFor(alias).read(join(alias, 'ok.txt'))).text, 'fine');
  assert.equal((await loaderFor(alias).read(join(root, 'ok.txt'))).text, 'fine');
  assert.equal((await loaderFor(root).read(secret, [join(root, '..')])).text, 'secret');
  await assert.rejects(loaderFor(root).read(join(root, 'ok.txt'), []), isFailure('outside_roots', /a root/));
});

test('refuses a file over the size limit', async (context) => {
  const { root } = scene(context);
  const loader = loaderFor(root, { limits: { ...limits, bytes: 3 } });
  await assert.rejects(
    loader.load({ path: join(root, 'ok.txt'), signal }),
    isFailure('limit_exceeded', /at most 3 bytes .* got 4 bytes/),
  );
});

test('a link that is swapped all the time never leads outside', async (context) => {
  const { root, secret } = scene(context);
  const path = join(root, 'swapped.txt');
  const outside = join(root, 'outside.link');
  const inside = join(root, 'inside.link');
  let swapping = true;
  const swapper = (async () => {
    while (swapping) {
      for (const [link, target] of [
        [outside, secret],
        [inside, 'ok.txt'],
      ] as const) {
        symlinkSync(target, link);
        renameSync(link, path);
        await setImmediate();
      }
    }
  })();
  const loader = loaderFor(root);
  const outcomes = new Set<string>();
  for (let round = 0; round < 3000; round++) {
    outcomes.add(
      await loader.read(path).then(
        ({ text }) => text,
        (failure: unknown) => (failure instanceof Failure ? failure.error : String(failure)),
      ),
    );
  }
  swapping = false;
  await swapper;
  outcomes.delete('unreadable');
  assert.deepEqual([...outcomes].sort(), ['fine', 'outside_roots']);
});
