import type { Run, Task } from '../client/requests.js';
import { elapsedBetween } from './elapsed-text.js';
import type { Palette } from './palette.js';
import { isActive, stateColor, stateSymbol } from './task-state.js';
import { fitWidth, harmless, padWidth } from './terminal-text.js';

export interface FrameOptions {
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly colors: Palette;
  /** What is being waited for beyond the run itself, such as a cancel. */
  readonly notice: string | null;
}

/**
 * The live display of a run: one line per task (sign, id, elapsed time, counts of a for_each, why it waits) and a footer. A run
 * with more tasks than the terminal has rows shows those at work, then as many of the others as fit; no line is wider than the
 * terminal, because a wrapped line would make the redraw jump.
 */
export function progressFrame(run: Run, options: FrameOptions): string {
  const { columns, rows, colors } = options;
  // One row each for the footer, the notice, and the cursor below.
  const room = Math.max(0, rows - (options.notice === null ? 2 : 3));
  const shown = chooseTasks(run.tasks, room);
  const idWidth = Math.min(
    Math.max(4, ...shown.map((task) => task.id.length)),
    Math.max(8, Math.floor(columns / 2) - 8),
  );
  const lines = shown.map((task) => taskLine(task, idWidth, options));
  const hidden = run.tasks.length - shown.length;
  if (hidden > 0) lines.push(colors.dim(fitWidth(`  … and ${hidden} more`, columns - 1)));
  lines.push(fitWidth(footer(run, options.now), columns - 1));
  if (options.notice !== null) lines.push(colors.yellow(fitWidth(options.notice, columns - 1)));
  return lines.join('\n');
}

function chooseTasks(tasks: readonly Task[], room: number): readonly Task[] {
  if (tasks.length <= room) return tasks;
  const chosen = new Set<Task>();
  // One line is the "and more".
  const limit = Math.max(0, room - 1);
  const byInterest = [
    (task: Task) => isActive(task.state),
    (task: Task) => task.state === 'failed' || task.state === 'lost',
    (task: Task) => task.state === 'ready' || task.state === 'pending',
    () => true,
  ];
  for (const wanted of byInterest) {
    for (const task of tasks) {
      if (chosen.size >= limit) return tasks.filter((candidate) => chosen.has(candidate));
      if (wanted(task)) chosen.add(task);
    }
  }
  return tasks.filter((candidate) => chosen.has(candidate));
}

function taskLine(task: Task, idWidth: number, { columns, colors, now }: FrameOptions): string {
  const color = stateColor(task.state, colors);
  const elapsed = elapsedBetween(task.startedAt, task.endedAt, now).padStart(7);
  const rest = fitWidth(remarks(task), Math.max(0, columns - idWidth - 24));
  return `${color(stateSymbol(task.state))} ${padWidth(task.id, idWidth)} ${color(padWidth(task.state, 9))} ${colors.dim(elapsed)}  ${rest}`.trimEnd();
}

/** What is worth knowing of a task beside its state: counts of its items, the attempt, the reason or the error. */
export function remarks(task: Task): string {
  const parts: string[] = [];
  if (task.counts !== undefined) parts.push(itemCounts(task.counts));
  if (task.attempts > 1 && task.counts === undefined) parts.push(`attempt ${task.attempts}`);
  if (task.error !== undefined) parts.push(task.error.message);
  else if (task.reason !== undefined) parts.push(task.reason);
  return harmless(parts.join(' · ')).replace(/\s+/g, ' ');
}

function itemCounts(counts: NonNullable<Task['counts']>): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const others = Object.entries(counts).filter(([state, count]) => state !== 'succeeded' && count > 0);
  return [`${counts.succeeded ?? 0}/${all}`, ...others.map(([state, count]) => `${count} ${state}`)].join(
    ' ',
  );
}

/** "3/5 tasks done, 1 running, 1 failed · 12.3s" */
export function footer(run: Run, now: number): string {
  const count = (state: Task['state']) =>
    run.tasks.reduce((sum, task) => sum + (task.state === state ? 1 : 0), 0);
  const done = count('succeeded') + count('skipped');
  const others = (['running', 'waiting', 'stopping', 'failed', 'cancelled', 'lost'] as const)
    .map((state) => [state, count(state)] as const)
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `, ${number} ${state}`);
  const elapsed = elapsedBetween(run.startedAt ?? run.createdAt, run.endedAt, now);
  return `${stateSymbol(run.state)} ${run.workflow} ${run.state}: ${done}/${run.tasks.length} tasks done${others.join('')} · ${elapsed}`;
}

/**
 * The plain lines for what changed from one view of a run to the next, one per task that changed its state (or its counts):
 * "server running 1/3". `before` is null at the start: then tasks that have begun are told.
 */
export function changeLines(before: Run | null, after: Run, now: number): readonly string[] {
  const known = new Map((before?.tasks ?? []).map((task) => [task.id, taskNews(task)]));
  const lines: string[] = [];
  for (const task of after.tasks) {
    const news = taskNews(task);
    if (news === (known.get(task.id) ?? 'pending') || (before === null && task.state === 'ready')) continue;
    const elapsed = task.endedAt === undefined ? '' : elapsedBetween(task.startedAt, task.endedAt, now);
    const duration = elapsed === '' ? '' : ` (${elapsed})`;
    const rest = remarks(task);
    lines.push(
      `${stateSymbol(task.state)} ${task.id} ${task.state}${duration}${rest === '' ? '' : `: ${rest}`}`,
    );
  }
  if (before !== null && before.state !== after.state)
    lines.push(`${stateSymbol(after.state)} run ${after.state}`);
  return lines;
}

/** What must differ for a new line. Of a for_each only finished items count: each line of a large one says something new. */
function taskNews(task: Task): string {
  const counts = task.counts;
  const settled =
    counts === undefined ? '' : ` ${counts.succeeded ?? 0}/${counts.failed ?? 0}/${counts.skipped ?? 0}`;
  return `${task.state}${settled}`;
}
