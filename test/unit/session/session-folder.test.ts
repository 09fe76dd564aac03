import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionFolder } from '../../../src/session/session-folder.js';

const rows = [
  { params: {}, folder: null },
  { params: { rootUri: 'file:///srv/a%20b' }, folder: '/srv/a b' },
  { params: { rootUri: null, workspaceFolders: [{ uri: 'file:///w' }] }, folder: '/w' },
  { params: { rootUri: null, workspaceFolders: [], rootPath: '/old' }, folder: '/old' },
  { params: { rootUri: 'untitled:x' }, folder: null },
  { params: { rootUri: 'file://other-host/srv' }, folder: null },
  { params: { rootPath: 'relative' }, folder: null },
] as const;

for (const { params, folder } of rows) {
  test(`${JSON.stringify(params)} is ${folder}`, () => assert.equal(sessionFolder(params), folder));
}
