import { createLogUpdate } from 'log-update';
import type { Run } from '../client/requests.js';
import type { Terminal } from './host.js';
import type { Palette } from './palette.js';
import { progressFrame } from './progress-text.js';
import type { ProgressView } from './show-progress.js';

const redrawMs = 100;

/** Redraws when something changed and for the elapsed times, ten times a second at most; the timer lives only as long as the view. */
export function liveView(stream: Terminal, colors: Palette, now: () => number): ProgressView {
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
