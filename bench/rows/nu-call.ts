import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from '../../src/kernel/value/value.js';
import { connect } from '../../src/transport/connect.js';
import type { BenchRow } from '../bench-row.js';
import { withDaemon, withFolder } from '../daemon-process.js';
import { median } from '../median.js';

const run = promisify(execFile);
const calls = 30;
const module = 'export def greet [name: string]: nothing -> string { $"hello ($name)" }\n';

/** A cold `nu/call` through a client on the socket beside plain `nu -c` of the same call: what checking, gate and result file cost. */
export const row: BenchRow = {
  name: 'nu/call, cold',
  run: () =>
    withFolder(async (folder) => {
      const path = join(folder, 'people.nu');
      await writeFile(path, module);
      return withDaemon(join(folder, 'state'), async ({ rpcSocket }) => {
        const connection = await connect(rpcSocket, { attach: { cwd: folder } });
        const found = await connection.request('nu/version');
        const nu = isRecord(found) && typeof found['path'] === 'string' ? found['path'] : 'nu';
        const code = `use ${path} *; greet world | to json`;
        const plain: number[] = [];
        const ours: number[] = [];
        // The first call of each side reads the binary and the module's signature.
        for (let round = 0; round <= calls; round += 1) {
          plain.push(await timed(() => run(nu, ['--no-config-file', '-c', code])));
          ours.push(
            await timed(() =>
              connection.request('nu/call', { module: path, command: 'greet', args: ['world'], flags: {} }),
            ),
          );
        }
        connection.close();
        const plainMs = median(plain.slice(1));
        const oursMs = median(ours.slice(1));
        return {
          name: row.name,
          budget: '≤ 2× plain nu -c of the same call',
          figures: { 'ms of nu/call': oursMs, 'ms of nu -c': plainMs },
          ratio: oursMs / plainMs,
          unit: '× nu -c',
          verdict: oursMs / plainMs <= 2 ? 'within' : 'over',
        };
      });
    }),
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
