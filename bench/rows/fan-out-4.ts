import { fanOutRow } from '../fan-out-row.js';

export const row = fanOutRow({ slots: 4, tasksPerSecond: 3_000, syncsPerTask: 0.35 });
