import type { ValueRecord } from '../kernel/value/value.js';
import { askDaemon } from './ask-daemon.js';
import { liveDaemon } from './live-daemon.js';

/** Asks the running daemon how it is (`sidecar/status`), starting none; null when none accepts connections. */
export async function readStatus(stateDirectory: string): Promise<ValueRecord | null> {
  const found = await liveDaemon(stateDirectory);
  return found === null ? null : askDaemon(found.rpcSocket, 'sidecar/status', {});
}
