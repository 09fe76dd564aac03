/**
 * The test runner: lists the compiled test files itself (Node 20's `--test` expands no globs and would run fixtures too) and
 * ends with the runner's summary. `node dist/test/run.js [substring …]` narrows to files whose path holds a substring.
 */
import { readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : testFiles(path);
    return entry.name.endsWith('.test.js') ? [path] : [];
  });
}

/** Folders whose files take longest go first, so that the last to end is a short one. */
const longest = ['nushell', 'recovery', 'process', 'acceptance'];

function weight(file: string): number {
  const place = longest.indexOf(relative(here, file).split(sep)[0] ?? '');
  return place === -1 ? longest.length : place;
}

const files = testFiles(here)
  .filter((file) => wanted.length === 0 || wanted.some((part) => relative(here, file).includes(part)))
  .sort((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1));

if (files.length === 0) {
  console.error(`No test file matches ${wanted.join(', ')}: expected a part of a path under test/.`);
  process.exit(1);
}

const stream = run({ files, concurrency: 4, timeout: 600_000 });
stream.on('test:fail', (event) => {
  if (event.todo === undefined || event.todo === false) process.exitCode = 1;
});
stream.compose(new spec()).pipe(process.stdout);
