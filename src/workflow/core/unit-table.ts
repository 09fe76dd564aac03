import type { StopCause, UnitState } from './state.js';

/**
 * The transitions of a unit, as data: engine-semantics B1 for the inputs that exist here.
 *
 * D needs satisfied · X a need can no longer be satisfied · W `when` false · S slot granted · OK · ER error, retryable and
 * attempts left · EF error, final · TO attempt timeout · G told to end and confirmed gone, no result · UK not gone at the kill
 * deadline · RC recovery: processes confirmed gone, no result · TM retry timer due · ST the run starts stopping · DR drain
 */
export const unitInputs = [
  'D',
  'X',
  'W',
  'S',
  'OK',
  'ER',
  'EF',
  'TO',
  'G',
  'UK',
  'RC',
  'TM',
  'ST',
  'DR',
] as const;
export type UnitInput = (typeof unitInputs)[number];

export type UnitKey = Exclude<UnitState, 'stopping'> | `stopping(${StopCause})`;

/**
 * What a unit does. `end`-moves name the state entered; `retry-or-fail` is a retry while attempts are left and the run is
 * running, else failed; `recover` applies `on_crash`; `interrupt` does not count the attempt and applies `on_crash`;
 * `stop` tells the attempt to end; `ignore` is for a fact that comes too late, `stay` for what changes nothing.
 */
export type UnitMove =
  | 'ready'
  | 'skip'
  | 'start'
  | 'succeed'
  | 'retry'
  | 'retry-or-fail'
  | 'fail'
  | 'cancel'
  | 'lose'
  | 'recover'
  | 'interrupt'
  | 'stop'
  | 'stay'
  | 'ignore';

type Row = Readonly<Record<UnitInput, UnitMove>>;

const ignoreAll: Row = {
  D: 'ignore',
  X: 'ignore',
  W: 'ignore',
  S: 'ignore',
  OK: 'ignore',
  ER: 'ignore',
  EF: 'ignore',
  TO: 'ignore',
  G: 'ignore',
  UK: 'ignore',
  RC: 'ignore',
  TM: 'ignore',
  ST: 'ignore',
  DR: 'ignore',
};

const ended: Row = { ...ignoreAll, ST: 'stay', DR: 'stay' };

export const unitTable: Readonly<Record<UnitKey, Row>> = {
  pending: { ...ignoreAll, D: 'ready', X: 'skip', W: 'skip', ST: 'cancel', DR: 'stay' },
  ready: { ...ignoreAll, S: 'start', EF: 'fail', ST: 'cancel', DR: 'stay' },
  running: {
    ...ignoreAll,
    OK: 'succeed',
    ER: 'retry',
    EF: 'fail',
    TO: 'stop',
    G: 'retry-or-fail',
    UK: 'lose',
    RC: 'recover',
    ST: 'stop',
    DR: 'stop',
  },
  'stopping(timeout)': {
    ...ignoreAll,
    OK: 'succeed',
    ER: 'retry-or-fail',
    EF: 'retry-or-fail',
    G: 'retry-or-fail',
    UK: 'lose',
    RC: 'retry-or-fail',
    ST: 'stay',
    DR: 'stay',
  },
  'stopping(stop)': {
    ...ignoreAll,
    OK: 'succeed',
    ER: 'cancel',
    EF: 'cancel',
    G: 'cancel',
    UK: 'lose',
    RC: 'cancel',
    ST: 'stay',
    DR: 'stay',
  },
  'stopping(drain)': {
    ...ignoreAll,
    OK: 'succeed',
    ER: 'interrupt',
    EF: 'interrupt',
    G: 'interrupt',
    UK: 'lose',
    RC: 'interrupt',
    ST: 'stop',
    DR: 'stay',
  },
  waiting: { ...ignoreAll, RC: 'stay', TM: 'ready', ST: 'cancel', DR: 'stay' },
  succeeded: ended,
  failed: ended,
  skipped: ended,
  cancelled: ended,
  lost: ended,
};

/** The row of a unit. */
export function unitKey(unit: { readonly state: UnitState; readonly stopping: StopCause | null }): UnitKey {
  if (unit.state !== 'stopping') return unit.state;
  return `stopping(${unit.stopping ?? 'stop'})`;
}
