import { readFileSync } from 'node:fs';

/** What one line of /proc/<pid>/stat says (proc(5)). */
export interface ProcStat {
  readonly pid: number;
  readonly command: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgid: number;
  readonly session: number;
  /** Clock ticks from boot to the start of the process: with the pid, its identity within this boot. */
  readonly startTicks: string;
}

/** Parses /proc/<pid>/stat. The command may hold spaces and parentheses, so fields are counted from its last `)`. */
export function parseProcStat(text: string): ProcStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const fields = text.slice(close + 2).split(' ');
  const startTicks = fields[19];
  if (startTicks === undefined) return null;
  return {
    pid: Number.parseInt(text, 10),
    command: text.slice(open + 1, close),
    state: fields[0] ?? '',
    ppid: Number(fields[1]),
    pgid: Number(fields[2]),
    session: Number(fields[3]),
    startTicks,
  };
}

/** Reads a process from /proc; null when there is none (or it ended while being read: ENOENT, ESRCH). */
export function readProcStat(pid: number | 'self'): ProcStat | null {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return null;
  }
}

/** Whether a state letter means the process runs no more: a zombie only waits to be reaped and holds nothing. */
export function isDeadState(state: string): boolean {
  return state === 'Z' || state === 'X' || state === 'x';
}
