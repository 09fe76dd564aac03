import { statSync, truncateSync } from 'node:fs';
import { fireAfter } from './fire-after.js';

/** The limits of a running program: milliseconds from its spawn, and bytes that its output files may reach together. */
export interface ProcessLimits {
  readonly timeoutMs: number | null;
  readonly outputLimitBytes: number;
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

/** The program writes the files itself, so nothing here sees the bytes pass: their size is looked at. */
const OUTPUT_POLL_MS = 100;

/** Watches a running program: `timedOut` is called once, `outputLimit` as long as the output is over it. The answer ends the watch. */
export function watchLimits(
  limits: ProcessLimits,
  on: { readonly timedOut: () => unknown; readonly outputLimit: () => unknown },
): () => void {
  const cancelTimeout = limits.timeoutMs === null ? () => {} : fireAfter(limits.timeoutMs, on.timedOut);
  const poll = setInterval(() => {
    const bytes = outputFiles(limits).reduce((sum, file) => sum + sizeOf(file), 0);
    if (bytes > limits.outputLimitBytes) on.outputLimit();
  }, OUTPUT_POLL_MS);
  return () => {
    cancelTimeout();
    clearInterval(poll);
  };
}

/** Cuts each output file to the limit. Only once every writer is gone: it gives back what came until the stop took effect. */
export function cutOutput(limits: ProcessLimits): void {
  for (const file of outputFiles(limits)) {
    if (sizeOf(file) > limits.outputLimitBytes) truncateSync(file, limits.outputLimitBytes);
  }
}

function outputFiles(limits: ProcessLimits): readonly string[] {
  return limits.stdoutFile === limits.stderrFile
    ? [limits.stdoutFile]
    : [limits.stdoutFile, limits.stderrFile];
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
