import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from '../kernel/error-code.js';
import { orEmpty } from './or-empty.js';
import { isDeadState, readProcStat } from './proc-stat.js';

/**
 * Who a process is beyond its pid, which the kernel gives to others later: one start of one boot in one pid namespace of one
 * host. Plain JSON, so that a lock file can hold it.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: clock ticks since boot. macOS: the start time as `ps` prints it. Null where neither could be read. */
  readonly startTicks: string | null;
  readonly bootId: string;
  /** The pid namespace, such as `pid:[4026531836]`; empty on macOS, which has none. */
  readonly pidNs: string;
  readonly host: string;
}

/** The identity of this very process. */
export function selfIdentity(): ProcessIdentity {
  return { pid: process.pid, startTicks: startTicksOf(process.pid), ...placeOfThisProcess() };
}

/**
 * Whether the process of an identity is certainly dead. Another boot ended everything of its own; another pid namespace or
 * host of this boot cannot be judged from here and is `unknown`; else pid and start decide, and a zombie counts as dead.
 */
export function isCertainlyDead(identity: ProcessIdentity): 'dead' | 'alive' | 'unknown' {
  const here = placeOfThisProcess();
  if (identity.bootId === '' || here.bootId === '') return 'unknown';
  if (identity.bootId !== here.bootId) return 'dead';
  if (identity.pidNs !== here.pidNs || identity.host !== here.host) return 'unknown';
  const found = look(identity.pid);
  if (found === 'gone') return 'dead';
  if (found === 'unreadable' || identity.startTicks === null) return 'unknown';
  return found.start === identity.startTicks ? 'alive' : 'dead';
}

/** The start of a live process, as {@link ProcessIdentity.startTicks}; null when there is none, or only its zombie. */
export function startTicksOf(pid: number): string | null {
  const found = look(pid);
  return typeof found === 'string' ? null : found.start;
}

/** `unreadable`: the pid is taken, yet its start may not be read (a hidden /proc). */
function look(pid: number): { readonly start: string } | 'gone' | 'unreadable' {
  if (process.platform === 'linux') {
    const stat = readProcStat(pid);
    if (stat === null) return pidExists(pid) ? 'unreadable' : 'gone';
    return isDeadState(stat.state) ? 'gone' : { start: stat.startTicks };
  }
  const line = commandOutput('ps', ['-o', 'state=,lstart=', '-p', String(pid)]);
  if (line === '') return pidExists(pid) ? 'unreadable' : 'gone';
  const [state = '', ...start] = line.split(/\s+/);
  return isDeadState(state.slice(0, 1)) ? 'gone' : { start: start.join(' ') };
}

function placeOfThisProcess(): { readonly bootId: string; readonly pidNs: string; readonly host: string } {
  if (process.platform === 'linux') {
    return {
      bootId: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
      pidNs: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
      host: hostname(),
    };
  }
  return { bootId: commandOutput('sysctl', ['-n', 'kern.bootsessionuuid']), pidNs: '', host: hostname() };
}

/** Whether there is a process of this pid, or with a negative one a process group; zombies count. Signal 0 asks without a scan. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

function commandOutput(program: string, args: readonly string[]): string {
  return orEmpty(() =>
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
  );
}
