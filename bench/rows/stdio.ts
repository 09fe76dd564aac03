import type { BenchRow } from '../bench-row.js';
import { echoRow } from '../echo-figures.js';

/** A request of 200 bytes over stdio: one at a time against a raw pipe, 64 in flight against stock vscode-jsonrpc. */
export const row: BenchRow = echoRow('stdio round trip, 200 B', 'stdio');
