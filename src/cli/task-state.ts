import type { Run, Task } from '../client/requests.js';
import type { Palette } from './palette.js';

type State = Task['state'] | Run['state'];

interface Look {
  readonly symbol: string;
  readonly color: keyof Pick<Palette, 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'magenta'>;
}

const looks: Readonly<Record<State, Look>> = {
  pending: { symbol: '·', color: 'dim' },
  queued: { symbol: '·', color: 'dim' },
  ready: { symbol: '○', color: 'dim' },
  running: { symbol: '●', color: 'cyan' },
  stopping: { symbol: '◌', color: 'yellow' },
  cancelling: { symbol: '◌', color: 'yellow' },
  waiting: { symbol: '↻', color: 'yellow' },
  paused: { symbol: '‖', color: 'yellow' },
  'rolling-back': { symbol: '↶', color: 'yellow' },
  succeeded: { symbol: '✓', color: 'green' },
  failed: { symbol: '✗', color: 'red' },
  'rolled-back': { symbol: '↶', color: 'red' },
  'rollback-failed': { symbol: '✗', color: 'red' },
  skipped: { symbol: '–', color: 'dim' },
  cancelled: { symbol: '■', color: 'magenta' },
  lost: { symbol: '?', color: 'red' },
};

/** A sign of one column that shows a state even without colours. */
export function stateSymbol(state: State): string {
  return looks[state].symbol;
}

/** Colours a text by the state it speaks of. */
export function stateColor(state: State, colors: Palette): (text: string) => string {
  return colors[looks[state].color];
}

const atWork: ReadonlySet<State> = new Set(['running', 'stopping', 'waiting']);

/** Whether a task is being worked on: what a narrow display shows first. */
export function isActive(state: Task['state']): boolean {
  return atWork.has(state);
}
