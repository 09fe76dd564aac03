import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeEnvironment } from '../../../src/nu/attempt-environment.js';

const submitter = {
  PATH: '/bin',
  HOME: '/home/me',
  LC_ALL: 'C',
  XDG_DATA_HOME: '/d',
  AWS_SECRET: 's',
  AWS_REGION: 'eu',
  NODE_OPTIONS: '--inspect',
  PATHOLOGY: 'x',
  GONE: undefined,
  SIDECAR_ATTEMPT: 'other/attempt',
};
const always = { PATH: '/bin', HOME: '/home/me', LC_ALL: 'C', XDG_DATA_HOME: '/d' };

const rows: readonly [
  label: string,
  allow: string[],
  additions: Record<string, string>,
  expected: Record<string, string>,
][] = [
  ['nothing allowed besides', [], {}, always],
  ['by name', ['AWS_REGION', 'GONE', 'NOT_SET'], {}, { ...always, AWS_REGION: 'eu' }],
  ['by beginning', ['AWS_*'], {}, { ...always, AWS_REGION: 'eu', AWS_SECRET: 's' }],
  [
    'everything, but never the tag',
    ['*'],
    {},
    { ...always, AWS_REGION: 'eu', AWS_SECRET: 's', NODE_OPTIONS: '--inspect', PATHOLOGY: 'x' },
  ],
  [
    'additions win',
    ['AWS_REGION'],
    { AWS_REGION: 'us', SIDECAR_RUN_ID: 'r' },
    { ...always, AWS_REGION: 'us', SIDECAR_RUN_ID: 'r' },
  ],
];

test('an attempt sees the fixed part of the environment, what is allowed besides, and the additions', () => {
  for (const [label, allow, additions, expected] of rows) {
    assert.deepEqual(composeEnvironment(submitter, { allow }, additions), expected, label);
  }
});
