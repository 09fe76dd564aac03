import type { BenchRow } from '../bench-row.js';
import { echoRow } from '../echo-figures.js';

/** The same over a unix socket. */
export const row: BenchRow = echoRow('unix-socket round trip, 200 B', 'socket');
