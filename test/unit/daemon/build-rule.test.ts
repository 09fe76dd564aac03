import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBuilds, readBuildInfo } from '../../../src/build-info.js';
import { decideBuild } from '../../../src/daemon/build-rule.js';

const a = 'aaaaaaaaaaaa';
const b = 'bbbbbbbbbbbb';

const orders = [
  ['equal ids', `1.2.3+20260101T000000.${a}`, `1.2.3+20260101T000000.${a}`, 'same'],
  ['equal content built twice', `1.2.3+20260101T000000.${a}`, `1.2.3+20260202T000000.${a}`, 'same'],
  ['a later build', `1.2.3+20260102T000000.${b}`, `1.2.3+20260101T000000.${a}`, 'newer'],
  ['an earlier build', `1.2.3+20260101T000000.${b}`, `1.2.3+20260102T000000.${a}`, 'older'],
  ['a greater version wins over time', `1.10.0+20260101T000000.${a}`, `1.9.0+20270101T000000.${b}`, 'newer'],
  ['one moment, other content', `1.2.3+20260101T000000.${a}`, `1.2.3+20260101T000000.${b}`, 'unordered'],
  ['an id of another form', `1.2.3+20260101T000000.${a}`, 'nightly', 'unordered'],
] as const;

for (const [name, mine, other, expected] of orders) {
  test(`builds: ${name}`, () => assert.equal(compareBuilds(mine, other), expected));
}

test('the build of this program is readable, stable and comparable', () => {
  const { version, buildId } = readBuildInfo();
  assert.match(buildId, /^\d+\.\d+\.\d+\+\d{8}T\d{6}\.[0-9a-f]{12}$/);
  assert.ok(buildId.startsWith(version));
  assert.equal(compareBuilds(buildId, `0.0.0+20000101T000000.${a}`), 'newer');
  assert.equal(readBuildInfo().buildId, buildId);
});

const old = `1.0.0+20260101T000000.${a}`;
const recent = `1.0.0+20260202T000000.${b}`;

const decisions = [
  ['the same build', [old, 1], [old, 1], { action: 'use' }],
  ['newer, same protocol', [recent, 1], [old, 1], { action: 'replace', otherwise: 'use' }],
  ['newer, other protocol', [recent, 2], [old, 1], { action: 'replace', otherwise: 'refuse' }],
  ['older, same protocol', [old, 1], [recent, 1], { action: 'use' }],
  ['older, other protocol', [old, 1], [recent, 2], { action: 'refuse' }],
  ['unordered, same protocol', ['x', 1], [recent, 1], { action: 'use' }],
] as const;

for (const [name, [mineId, mineVersion], [otherId, otherVersion], expected] of decisions) {
  test(`build rule: ${name}`, () => {
    const mine = { buildId: mineId, protocolVersion: mineVersion };
    assert.deepEqual(decideBuild(mine, { buildId: otherId, protocolVersion: otherVersion }), expected);
  });
}
