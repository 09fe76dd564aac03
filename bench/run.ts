/**
 * Runs the rows of `bench/rows/`: `node dist/bench/run.js [row …] [--json]`, a row by its file's name. Prints a table, or with
 * `--json` one document `{machine, results}`. Exits 1 when a row could not be measured; a row over its budget is a finding and
 * no failure, because a busy machine is not a regression.
 */
import { readdirSync } from 'node:fs';
import { cpus, release, type } from 'node:os';
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
  await runRows(asked.length > 0 ? asked : known);
}

async function runRows(names: readonly string[]): Promise<void> {
  const results: BenchResult[] = [];
  for (const name of names) {
    console.error(`measuring ${name} …`);
    try {
      const { row }: { readonly row: BenchRow } = await import(new URL(`${name}.js`, folder).href);
      results.push(await row.run());
    } catch (error) {
      console.error(`${name} could not be measured:`, error);
      process.exitCode = 1;
    }
  }
  console.log(json ? JSON.stringify({ machine: machine(), results }, null, 2) : resultTable(results));
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
