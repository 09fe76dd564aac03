/**
 * Runs the rows of `bench/rows/`: `node dist/bench/run.js [row …] [--json]`, a row by its file's name. Prints a table, or with
 * `--json` one document `{machine, results}`. Exits 1 when a row could not be measured; a row over its budget is a finding and
 * no failure, because a busy machine is not a regression. Each row has a process of its own: what one leaves in the heap, and how
 * it shaped the compiled code, is nothing that the next one measures.
 */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus, release, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchResult, BenchRow } from './bench-row.js';
import { resultTable } from './result-table.js';

const folder = new URL('./rows/', import.meta.url);
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.slice(0, -'.js'.length))
  .sort();
const args = process.argv.slice(2);
const json = args.includes('--json');
const asked = args.filter((arg) => arg !== '--json');
const unknown = asked.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(`No row is named ${unknown.join(', ')}: expected ${known.join(', ')}.`);
  process.exitCode = 2;
} else {
  const results = await measureAll(asked.length > 0 ? asked : known);
  console.log(json ? JSON.stringify({ machine: machine(), results }, null, 2) : resultTable(results));
}

async function measureAll(names: readonly string[]): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  for (const name of names) {
    console.error(`measuring ${name} …`);
    try {
      results.push(names.length === 1 ? await measure(name) : await measureApart(name));
    } catch (error) {
      console.error(`${name} could not be measured:`, error);
      process.exitCode = 1;
    }
  }
  return results;
}

async function measure(name: string): Promise<BenchResult> {
  const { row }: { readonly row: BenchRow } = await import(new URL(`${name}.js`, folder).href);
  return row.run();
}

async function measureApart(name: string): Promise<BenchResult> {
  const self = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, [self, name, '--json']);
  const document: { readonly results: readonly BenchResult[] } = JSON.parse(stdout);
  const [result] = document.results;
  if (result === undefined) throw new Error('Its process measured nothing.');
  return result;
}

function machine(): Readonly<Record<string, string | number>> {
  const [first] = cpus();
  return {
    processor: first?.model ?? 'unknown',
    cores: cpus().length,
    system: `${type()} ${release()}`,
    node: process.version,
  };
}
