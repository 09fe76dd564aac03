import { readFile } from 'node:fs/promises';

export interface ProcessFigures {
  readonly rssMb: number;
  /** How often its main thread went to sleep and was woken, since its start. */
  readonly wakes: number;
}

/** What Linux tells of a process. Rejects with ENOENT where there is no /proc: its rows are for Linux. */
export async function processFigures(pid: number): Promise<ProcessFigures> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const thread = await readFile(`/proc/${pid}/task/${pid}/status`, 'utf8');
  return {
    rssMb: field(status, 'VmRSS') / 1024,
    wakes: field(thread, 'voluntary_ctxt_switches'),
  };
}

function field(status: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status);
  if (found === null) throw new Error(`The status of the process has no ${name}.`);
  return Number(found[1]);
}
