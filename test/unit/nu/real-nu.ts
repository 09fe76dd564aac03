import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type CallNu, createNuCaller } from '../../../src/nu/call-nu.js';
import { createFindNu, type NuBinary } from '../../../src/nu/find-nu.js';
import { createInspector, type Inspector, type InspectRequest } from '../../../src/nu/inspector.js';
import { packageRoot } from '../../../src/package-root.js';
import { supervise } from '../../../src/process/supervise.js';

/** A real nu with everything around it that a test needs. */
export interface RealNu {
  readonly nu: NuBinary;
  readonly inspector: Inspector;
  readonly call: CallNu;
  /** A folder of the test's own, removed after it. */
  readonly folder: string;
  /** What every question to the inspector needs. */
  readonly ask: InspectRequest;
}

/** The npm packages of the oldest and the newest supported version: tests run on both. */
export const nuPackages = ['nu-0-108', '@nushell/linux-x64'];

export const nulib = join(packageRoot(), 'nulib');

/** The path of a Nushell file in test/fixtures/nu. */
export function fixture(name: string): string {
  return join(packageRoot(), 'test/fixtures/nu', name);
}

/** An own folder, removed after the test. */
export function ownFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nu-sidecar-nu-')));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function realNu(packageName: string): Promise<RealNu> {
  const nu = await createFindNu()({ searchPath: '', packages: [packageName] });
  const folder = ownFolder();
  const inspector = createInspector({ libraries: [nulib], scratch: folder });
  const call = createNuCaller({
    findNu: async () => nu,
    inspector,
    libraries: [nulib],
    supervise,
    directory: join(folder, 'calls'),
    stateId: `test-${process.pid}`,
    graceMs: 200,
    killDeadlineMs: 10_000,
    outputLimitBytes: 4 * 1024 * 1024,
  });
  return { nu, inspector, call, folder, ask: { nu, cwd: folder, env: { PATH: '/usr/bin:/bin' } } };
}
