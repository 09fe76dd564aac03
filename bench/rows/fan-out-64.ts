import { fanOutRow } from '../fan-out-row.js';

export const row = fanOutRow({ slots: 64, tasksPerSecond: 5_000, syncsPerTask: 0.05 });
