import { procTable } from './proc-table.js';
import type { ProcessTable } from './process-table.js';
import { psTable } from './ps-table.js';

/** The process table of this platform: /proc on Linux, `ps` and `lsof` elsewhere. */
export function systemProcessTable(): ProcessTable {
  return process.platform === 'linux' ? procTable() : psTable();
}
