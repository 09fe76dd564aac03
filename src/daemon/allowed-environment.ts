import { resolve } from 'node:path';
import { composeEnvironment } from '../nu/attempt-environment.js';

/**
 * Settings of the sidecar itself that a daemon takes over from who started it. Not those that name a state directory or a task:
 * a daemon started from inside a task must not look like that task.
 */
const settings = ['SIDECAR_NU', 'SIDECAR_LOG_LEVEL', 'SIDECAR_IDLE_TIMEOUT', 'SIDECAR_DRAIN_TIMEOUT'];

type Environment = Readonly<Record<string, string | undefined>>;

/** Picks what a session may pass on to its tasks: the fixed list and the names in allow (`[nu] env_allow`). */
export function sessionEnvironment(env: Environment, allow: readonly string[]): Record<string, string> {
  return composeEnvironment(env, { allow });
}

/**
 * Picks the clean environment of a detached daemon: no NODE_OPTIONS, no editor's or task's variables. A relative SIDECAR_NU
 * counts from the caller's folder, and the daemon stands in `/`.
 */
export function daemonEnvironment(env: Environment, cwd: string): Record<string, string> {
  const picked = composeEnvironment(env, { allow: ['LOGNAME', ...settings] });
  const nu = picked['SIDECAR_NU'];
  return {
    ...picked,
    ...(nu === undefined || nu === '' ? {} : { SIDECAR_NU: resolve(cwd, nu) }),
    // libuv has four threads by default: as many slow file loads would hold up every fdatasync.
    UV_THREADPOOL_SIZE: '16',
  };
}
