import { statSync, truncateSync } from 'node:fs';

/** The limits of a running program: milliseconds from its spawn, and bytes that its output files may reach together. */
export interface ProcessLimits {
  readonly timeoutMs: number | null;
  readonly outputLimitBytes: number;
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

/** The program writes the files itself, so nothing here sees the bytes pass: their size is looked at. */
const OUTPUT_POLL_MS = 100;

/** The longest delay that a Node timer takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

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

/** Calls `fire` once after so many milliseconds, in steps that Node's timers take; the answer cancels it. */
export function fireAfter(ms: number, fire: () => unknown): () => void {
  let timer: NodeJS.Timeout;
  const arm = (left: number) => {
    const step = Math.min(left, LONGEST_TIMER_MS);
    timer = setTimeout(() => (left > step ? arm(left - step) : fire()), step);
  };
  arm(ms);
  return () => clearTimeout(timer);
}
