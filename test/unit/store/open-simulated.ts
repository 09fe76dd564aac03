import type { Clock } from '../../../src/kernel/clock.js';
import type { Log } from '../../../src/kernel/log.js';
import type { ProcessIdentity } from '../../../src/process/identity.js';
import { openStore } from '../../../src/store/open-store.js';
import type { Store, StoreOptions } from '../../../src/store/store.js';
import type { SimulatedDisk } from './simulated-disk.js';

export const identity: ProcessIdentity = {
  pid: 4711,
  startTicks: '1',
  bootId: 'boot',
  pidNs: 'ns',
  host: 'host',
};

/** A clock that a test moves by hand; each look at the wall moves it by one millisecond. */
export function handClock(): Clock & { advance(milliseconds: number): void } {
  let now = Date.UTC(2026, 9, 1);
  let elapsed = 0;
  return {
    now: () => {
      now += 1;
      return now;
    },
    monotonic: () => elapsed,
    advance(milliseconds) {
      now += milliseconds;
      elapsed += milliseconds;
    },
  };
}

export interface MemoryLog extends Log {
  readonly messages: string[];
}

export function memoryLog(): MemoryLog {
  const messages: string[] = [];
  const note = (_fields: object, message: string): void => {
    messages.push(message);
  };
  const log: MemoryLog = { messages, debug: note, info: note, warn: note, error: note, child: () => log };
  return log;
}

export const directory = '/home/state';

/** Opens a store on a simulated disk, as a daemon whose predecessor is dead. */
export function openSimulated(files: SimulatedDisk, options: Partial<StoreOptions> = {}): Promise<Store> {
  return openStore({
    directory,
    identity,
    clock: handClock(),
    log: memoryLog(),
    files,
    liveness: () => 'dead',
    holdSocket: () => Promise.resolve({ close: () => Promise.resolve() }),
    ...options,
    limits: { reserveBytes: 4_096, ...options.limits },
  });
}

/** The types of the events that a store replays, line by line. */
export function replayed(store: Store): string[][] {
  const lines: string[][] = [];
  store.replay((line) => lines.push(line.events.map((event) => event.type)));
  return lines;
}

/** A small reproducible random generator (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
