import { protocolVersion } from '../../protocol/scalars.js';
import type { sidecarMethods } from '../../protocol/sidecar.js';
import type { BuildInfo } from '../build-info.js';
import { type Clock, rfc3339 } from '../kernel/clock.js';
import { Failure } from '../kernel/failure.js';
import type { HandlersOf } from '../kernel/handlers.js';
import type { NuBinary } from '../nu/find-nu.js';
import { isEnded } from '../workflow/core/state.js';
import type { Engine } from '../workflow/engine/engine.js';
import { runState } from '../workflow/engine/run-view.js';

export interface SidecarParts {
  readonly build: BuildInfo;
  readonly clock: Clock;
  readonly pid: number;
  readonly startedAt: number;
  readonly stateDirectory: string;
  readonly project: string | null;
  readonly epoch: number;
  readonly engine: Engine;
  readonly findNu: () => Promise<NuBinary>;
  readonly connections: () => number;
  readonly storage: () => { readonly ok: boolean; readonly message?: string; readonly seq: number };
  readonly requestStop: (how: { readonly drainTimeoutMs?: number; readonly force?: boolean }) => void;
}

export function sidecarHandlers(parts: SidecarParts) {
  return {
    'sidecar/status': async () => {
      const nu = await parts.findNu().catch((error: unknown) => {
        if (error instanceof Failure) return null;
        throw error;
      });
      const storage = parts.storage();
      return {
        ...parts.build,
        protocolVersion,
        pid: parts.pid,
        startedAt: rfc3339(parts.startedAt),
        uptimeMs: Math.max(0, parts.clock.now() - parts.startedAt),
        stateDirectory: parts.stateDirectory,
        project: parts.project,
        epoch: parts.epoch,
        connections: parts.connections(),
        runs: unfinishedRuns(parts.engine),
        attemptsLive: parts.engine.state.live,
        nu: nu === null ? null : { path: nu.path, version: nu.version },
        storage,
        health: healthOf(storage, nu, parts.engine.state.quarantined),
        httpUrl: null,
      };
    },
    'sidecar/stop': (how) => {
      // After the answer is on its way: the client is told before its connection ends.
      setImmediate(parts.requestStop, how);
      return { stopping: true };
    },
  } satisfies HandlersOf<typeof sidecarMethods>;
}

function unfinishedRuns({ state }: Engine): Record<string, number> {
  const counts: Record<string, number> = { queued: 0, running: 0, stopping: 0 };
  for (const run of state.runs.values()) {
    if (isEnded(run.phase)) continue;
    const name = runState(run);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function healthOf(
  storage: { readonly ok: boolean; readonly message?: string },
  nu: NuBinary | null,
  quarantined: number,
): 'ok' | 'degraded' | 'failed' {
  if (!storage.ok) return 'failed';
  return nu === null || storage.message !== undefined || quarantined > 0 ? 'degraded' : 'ok';
}
