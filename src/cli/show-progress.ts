import { createLogUpdate } from 'log-update';
import type { Run } from '../client/requests.js';
import type { Terminal } from './host.js';
import type { Palette } from './palette.js';
import { changeLines, progressFrame } from './progress-text.js';

/** Shows a run while it goes on. */
export interface ProgressView {
  update(run: Run): void;
  /** Says something that is not in the run: a cancel was asked for, the daemon is gone. */
  notice(text: string): void;
  /** Takes the live display away (the report follows), or leaves it as it is. */
  close(): void;
}

const redrawMs = 100;

/** The view for a stream: a live display on a terminal that knows its size, else one line for each change of a state. */
export function showProgress(stream: Terminal, colors: Palette, now: () => number): ProgressView {
  const { isTTY, columns = 0, rows = 0 } = stream;
  return isTTY === true && columns > 0 && rows > 0 ? liveView(stream, colors, now) : plainView(stream, now);
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

/** Redraws when something changed and for the elapsed times, ten times a second at most; the timer lives only as long as the view. */
function liveView(stream: Terminal, colors: Palette, now: () => number): ProgressView {
  // The cursor stays: hidden, it would stay so after a kill.
  const draw = createLogUpdate(stream, { showCursor: true });
  let run: Run | null = null;
  let notice: string | null = null;
  const redraw = () => {
    if (run === null) return;
    draw(
      progressFrame(run, {
        now: now(),
        columns: stream.columns ?? 80,
        rows: stream.rows ?? 24,
        colors,
        notice,
      }),
    );
  };
  const timer = setInterval(redraw, redrawMs);
  return {
    update: (next) => {
      const first = run === null;
      run = next;
      if (first) redraw();
    },
    notice: (text) => {
      notice = text;
      redraw();
    },
    close: () => {
      clearInterval(timer);
      draw.clear();
      draw.done();
    },
  };
}
