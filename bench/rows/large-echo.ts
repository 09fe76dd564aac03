import type { BenchRow } from '../bench-row.js';
import { withEchoHost } from '../echo-figures.js';

const rounds = 7;

/** A table of so many bytes as JSON, the shape of what Nushell commands give. */
function tableOf(bytes: number): string {
  const rows: string[] = [];
  for (let size = 0, index = 0; size < bytes; index++) {
    const row = JSON.stringify({
      name: `server-${index}`,
      zone: 'eu-1',
      cores: index % 64,
      load: index / 7 + 0.03125,
      tags: ['web', 'blue', null, index % 2 === 0],
    });
    size += row.length + 1;
    rows.push(row);
  }
  return `{"text":"","payload":[${rows.join(',')}]}`;
}

/** 10 MiB there and back, exact values included, against what native JSON alone would take for the same text. */
export const row: BenchRow = {
  name: '10 MiB echo over a unix socket',
  run: async () => {
    const params = tableOf(10 * 1024 * 1024);
    const native: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      JSON.stringify(JSON.parse(params));
      native.push(performance.now() - start);
    }
    const echoUs = await withEchoHost('ours', 'socket', async (driver) => driver.roundTripUs(rounds, params));
    native.sort((a, b) => a - b);
    const nativeMs = native[Math.floor(native.length / 2)] ?? 0;
    const ratio = echoUs / 1000 / nativeMs;
    return {
      name: row.name,
      budget: '≤ 1.5× JSON.parse + JSON.stringify',
      figures: { echoMs: echoUs / 1000, nativeMs },
      ratio,
      unit: '× native JSON',
      verdict: ratio <= 1.5 ? 'within' : 'over',
    };
  },
};
