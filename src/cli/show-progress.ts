import type { Run } from '../client/requests.js';
import type { Terminal } from './host.js';
import type { Palette } from './palette.js';
import { changeLines } from './progress-text.js';

/** Shows a run while it goes on. */
export interface ProgressView {
  update(run: Run): void;
  /** Says something that is not in the run: a cancel was asked for, the daemon is gone. */
  notice(text: string): void;
  /** Takes the live display away (the report follows), or leaves it as it is. */
  close(): void;
}

/** The view for a stream: a live display on a terminal that knows its size, else one line for each change of a state. */
export async function showProgress(
  stream: Terminal,
  colors: Palette,
  now: () => number,
): Promise<ProgressView> {
  const { isTTY, columns = 0, rows = 0 } = stream;
  if (isTTY !== true || columns === 0 || rows === 0) return plainView(stream, now);
  // Loaded for a terminal only: it costs every other command a tenth of its start.
  const { liveView } = await import('./live-view.js');
  return liveView(stream, colors, now);
}

/** Nothing is shown: with `--json`, away from a terminal. */
export const noProgress: ProgressView = { update: () => {}, notice: () => {}, close: () => {} };

function plainView(stream: Terminal, now: () => number): ProgressView {
  let before: Run | null = null;
  return {
    update: (run) => {
      const lines = changeLines(before, run, now());
      before = run;
      if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
    },
    notice: (text) => {
      stream.write(`${text}\n`);
    },
    close: () => {},
  };
}
