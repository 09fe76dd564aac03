import type { RunPhase } from './state.js';

/**
 * The transitions of a run, as data: engine-semantics B3 for the commands that exist here. `refuse` answers the command
 * with `run_ended`; `answer` tells the reason that came first and changes no more than `force` asks for.
 */
export const runInputs = ['admit', 'all-ended', 'task-failed', 'cancel', 'timeout', 'restart'] as const;
export type RunInput = (typeof runInputs)[number];

export type RunMove =
  | 'start'
  | 'succeed-or-fail'
  | 'end-by-reason'
  | 'stop-by-policy'
  | 'stop(cancelled)'
  | 'stop(timeout)'
  | 'answer'
  | 'settle'
  | 'record'
  | 'refuse'
  | 'ignore';

type Row = Readonly<Record<RunInput, RunMove>>;

const ended: Row = {
  admit: 'ignore',
  'all-ended': 'ignore',
  'task-failed': 'ignore',
  cancel: 'refuse',
  timeout: 'ignore',
  restart: 'ignore',
};

export const runTable: Readonly<Record<RunPhase, Row>> = {
  queued: {
    admit: 'start',
    'all-ended': 'ignore',
    'task-failed': 'ignore',
    cancel: 'stop(cancelled)',
    // The clock of the run starts when it is first admitted.
    timeout: 'ignore',
    restart: 'ignore',
  },
  running: {
    admit: 'ignore',
    'all-ended': 'succeed-or-fail',
    'task-failed': 'stop-by-policy',
    cancel: 'stop(cancelled)',
    timeout: 'stop(timeout)',
    restart: 'settle',
  },
  stopping: {
    admit: 'ignore',
    'all-ended': 'end-by-reason',
    'task-failed': 'record',
    cancel: 'answer',
    timeout: 'ignore',
    restart: 'settle',
  },
  succeeded: ended,
  failed: ended,
  cancelled: ended,
};
