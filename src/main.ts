import { fileURLToPath } from 'node:url';
import { runProcess } from './cli/run-process.js';

await runProcess(process, {
  script: fileURLToPath(import.meta.url),
  // Loaded only by the commands that host a daemon: the others start in half the time without it.
  createSidecar: async (options) => (await import('./sidecar.js')).createSidecar(options),
});
