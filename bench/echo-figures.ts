import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './bench-row.js';
import { EchoDriver } from './echo-driver.js';

export type EchoHost = 'ours' | 'raw' | 'stock';

/** Starts an echo host in a process of its own, connects to it, and ends both when the work is done. */
export async function withEchoHost<T>(
  host: EchoHost,
  over: 'stdio' | 'socket',
  work: (driver: EchoDriver) => Promise<T>,
): Promise<T> {
  if (over === 'stdio') {
    return withHostProcess([host], async ({ stdout, stdin }) =>
      work(await opened(new EchoDriver(stdout, stdin))),
    );
  }
  return withEchoSocket(host, async (path) => {
    const socket = connect(path);
    await once(socket, 'connect');
    try {
      return await work(await opened(new EchoDriver(socket, socket)));
    } finally {
      socket.destroy();
    }
  });
}

/** Starts an echo host that listens on a unix socket, and ends it when the work is done. */
export async function withEchoSocket<T>(host: EchoHost, work: (path: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'nu-sidecar-bench-'));
  const path = join(directory, 'echo.sock');
  try {
    return await withHostProcess([host, path], async ({ stdout }) => {
      await once(stdout, 'data');
      return work(path);
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function withHostProcess<T>(
  args: readonly string[],
  work: (streams: { readonly stdin: Writable; readonly stdout: Readable }) => Promise<T>,
): Promise<T> {
  const program = fileURLToPath(new URL('./hosts/echo-host.js', import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    return await work(child);
  } finally {
    child.kill('SIGKILL');
  }
}

async function opened(driver: EchoDriver): Promise<EchoDriver> {
  await driver.initialize();
  return driver;
}

/** Params that make a request of about 200 bytes. */
const smallParams = JSON.stringify({ text: 'x'.repeat(130) });

export interface EchoFigures {
  readonly roundTripUs: number;
  readonly pipelinedPerSecond: number;
}

/** The best of three rounds for every host, taken in turns so that a slow moment hits all of them. */
export async function echoFigures(
  over: 'stdio' | 'socket',
): Promise<Readonly<Record<EchoHost, EchoFigures>>> {
  const hosts: readonly EchoHost[] = ['raw', 'stock', 'ours'];
  const best = { raw: nothing, stock: nothing, ours: nothing };
  for (let round = 0; round < 3; round++) {
    for (const host of hosts) {
      const figures = await withEchoHost(host, over, async (driver) => {
        await driver.pipelinedPerSecond(5_000, 64, smallParams);
        return {
          roundTripUs: await driver.roundTripUs(5_000, smallParams),
          pipelinedPerSecond: await driver.pipelinedPerSecond(40_000, 64, smallParams),
        };
      });
      best[host] = {
        roundTripUs: Math.min(best[host].roundTripUs, figures.roundTripUs),
        pipelinedPerSecond: Math.max(best[host].pipelinedPerSecond, figures.pipelinedPerSecond),
      };
    }
  }
  return best;
}

const nothing: EchoFigures = { roundTripUs: Number.POSITIVE_INFINITY, pipelinedPerSecond: 0 };

/** The row of one transport. The ratio is that of the round trip; the verdict asks for the pipelined rate too. */
export function echoRow(name: string, over: 'stdio' | 'socket'): BenchRow {
  return {
    name,
    run: async () => {
      const { ours, raw, stock } = await echoFigures(over);
      const ratio = ours.roundTripUs / raw.roundTripUs;
      const pipelinedRatio = ours.pipelinedPerSecond / stock.pipelinedPerSecond;
      return {
        name,
        budget: '≤ 1.3× a raw pipe; 64 in flight ≥ 1.4× stock vscode-jsonrpc',
        figures: {
          oursUs: ours.roundTripUs,
          rawUs: raw.roundTripUs,
          stockUs: stock.roundTripUs,
          oursPerSecond: ours.pipelinedPerSecond,
          stockPerSecond: stock.pipelinedPerSecond,
          pipelinedRatio,
        },
        ratio,
        unit: '× raw round trip',
        verdict: ratio <= 1.3 && pipelinedRatio >= 1.4 ? 'within' : 'over',
      };
    },
  };
}
