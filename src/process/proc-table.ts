import { readdirSync, readFileSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { orEmpty } from './or-empty.js';
import { isDeadState, readProcStat } from './proc-stat.js';
import { ATTEMPT_VARIABLE, type ProcessRow, type ProcessTable } from './process-table.js';

/** Processes read in one turn of the event loop: about 40 µs each, so other requests wait for 3 ms at most. */
const PROCESSES_PER_TURN = 64;

const MARK = Buffer.from(`${ATTEMPT_VARIABLE}=`);

/** The process table of Linux: 88 processes with their environments are read in about 3 ms. */
export function procTable(): ProcessTable {
  return {
    async scan() {
      const rows: ProcessRow[] = [];
      await eachPid((pid) => {
        const stat = readProcStat(pid);
        if (stat === null || isDeadState(stat.state)) return;
        const { pgid, startTicks, command, state } = stat;
        rows.push({ pid, pgid, startTicks, stopped: state === 'T', command, tag: readTag(pid) });
      });
      return rows;
    },

    async fifoHolders(path) {
      const holders = new Set<number>();
      const fifo = statSync(path, { throwIfNoEntry: false });
      if (fifo === undefined) return holders;
      await eachPid((pid) => {
        if (holdsFile(pid, fifo)) holders.add(pid);
      });
      return holders;
    },

    commandLine(row) {
      const words = orEmpty(() => readFileSync(`/proc/${row.pid}/cmdline`, 'utf8'));
      const line = words.split('\0').join(' ').trim();
      return (line === '' ? row.command : line).slice(0, 200);
    },
  };
}

async function eachPid(visit: (pid: number) => void): Promise<void> {
  let visited = 0;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    visit(pid);
    visited += 1;
    if (visited % PROCESSES_PER_TURN === 0) await nextTurn();
  }
}

/** The environment the process was started with; another user's may not be read and counts as untagged. */
function readTag(pid: number): string | null {
  try {
    return tagIn(readFileSync(`/proc/${pid}/environ`));
  } catch {
    return null;
  }
}

/** Finds the tag in an environment block: `NAME=value` entries, each ended by a NUL. */
export function tagIn(environ: Buffer): string | null {
  let at = environ.indexOf(MARK);
  while (at > 0 && environ[at - 1] !== 0) at = environ.indexOf(MARK, at + 1);
  if (at < 0) return null;
  const end = environ.indexOf(0, at);
  return environ.toString('utf8', at + MARK.length, end < 0 ? environ.length : end);
}

function holdsFile(pid: number, file: { readonly dev: number; readonly ino: number }): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const held = statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false });
      return held !== undefined && held.ino === file.ino && held.dev === file.dev;
    });
  } catch {
    return false;
  }
}
