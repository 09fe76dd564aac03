import type { ProcessRow, ProcessTable } from './process-table.js';
import { systemProcessTable } from './system-process-table.js';

/** Lists the live processes that carry a tag of this state directory, servers that tasks left running included. */
export async function listAttemptProcesses(
  stateId: string,
  table: ProcessTable = systemProcessTable(),
): Promise<readonly ProcessRow[]> {
  const rows = await table.scan();
  return rows.filter((row) => row.tag?.startsWith(`${stateId}/`) === true);
}
