import type { Clock } from './clock.js';

/** The longest a timer of Node can wait: a longer one would fire at once. */
const longest = 2 ** 31 - 1;

/** Timers at wall times, as the engine asks for them: one that is due fires at once, one that is far away is set in steps. */
export function createAlarm(clock: Clock): (at: number, callback: () => void) => () => void {
  return (at, callback) => {
    let timer = setTimeout(fire, delay());
    function delay(): number {
      return Math.min(Math.max(0, at - clock.now()), longest);
    }
    function fire(): void {
      if (clock.now() >= at) callback();
      else timer = setTimeout(fire, Math.max(1, delay()));
    }
    return () => clearTimeout(timer);
  };
}
