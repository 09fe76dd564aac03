import { errorMessage } from '../kernel/error-message.js';
import { Failure } from '../kernel/failure.js';
import { checkDaemon, checkLeftovers, checkLock, checkLog, checkSocket } from './doctor-daemon.js';
import type { Finding, Patient } from './doctor-finding.js';
import { checkNode, checkNu, checkSettings, checkStateDirectory } from './doctor-setup.js';

const checks: readonly (readonly [name: string, check: (patient: Patient) => Promise<Finding>])[] = [
  ['node', checkNode],
  ['settings', checkSettings],
  ['nushell', checkNu],
  ['state directory', checkStateDirectory],
  ['lock', checkLock],
  ['socket', checkSocket],
  ['sidecar', checkDaemon],
  ['tasks', checkLeftovers],
  ['log', checkLog],
];

/** One line of the diagnosis. */
export interface CheckResult extends Finding {
  readonly name: string;
}

/** Looks at everything a working sidecar needs, in an order in which each check rests on those before; changes and starts nothing. */
export async function examine(patient: Patient): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const [name, check] of checks) results.push({ name, ...(await check(patient).catch(fromError)) });
  return results;
}

function fromError(error: unknown): Finding {
  if (!(error instanceof Failure)) {
    return { status: 'problem', message: errorMessage(error) };
  }
  const { advice } = error.data;
  return { status: 'problem', message: error.message, ...(advice === undefined ? {} : { cure: advice }) };
}
