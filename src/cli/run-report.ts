import type { Run, Task } from '../client/requests.js';
import type { Value } from '../kernel/value/value.js';
import { elapsedBetween } from './elapsed-text.js';
import { errorFacts } from './error-facts.js';
import type { NextCommands } from './next-commands.js';
import type { Palette } from './palette.js';
import { remarks } from './progress-text.js';
import { shortValue } from './short-value.js';
import { stateColor, stateSymbol } from './task-state.js';
import { harmless } from './terminal-text.js';
import { textTable } from './text-table.js';

/** How a run that has ended (or is looked at) is told: the table of its tasks, the errors with their help, what to do next. */
export function runReport(
  run: Run,
  options: {
    readonly columns: number;
    readonly colors: Palette;
    readonly now: number;
    readonly next: NextCommands;
  },
): string {
  const { colors, now } = options;
  const color = stateColor(run.state, colors);
  const elapsed = elapsedBetween(run.startedAt ?? run.createdAt, run.endedAt, now);
  const failures = run.tasks
    .filter((task) => task.error !== undefined)
    .map((task) => failureLines(task, colors));
  const runError =
    run.error === undefined || failures.length > 0
      ? ''
      : `${colors.red('error:')} ${harmless(run.error.message)}\n`;
  return [
    taskTable(run, options.columns, colors, now),
    ...failures,
    runError,
    `${color(`${stateSymbol(run.state)} ${run.workflow} ${run.state}`)} in ${elapsed} ${colors.dim(`(run ${run.id})`)}\n`,
    nextLines(run, options.next, colors),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function taskTable(run: Run, columns: number, colors: Palette, now: number): string {
  const idWidth = Math.max(4, ...run.tasks.map((task) => task.id.length));
  const outputWidth = Math.max(20, columns - idWidth - 38);
  const rows = run.tasks.map((task) => {
    const color = stateColor(task.state, colors);
    return [
      task.id,
      color(`${stateSymbol(task.state)} ${task.state}`),
      String(task.attempts),
      elapsedBetween(task.startedAt, task.endedAt, now),
      taskOutput(task, outputWidth),
    ];
  });
  return textTable(['task', 'state', 'attempts', 'duration', 'output'], rows, colors, [2, 3]);
}

function taskOutput(task: Task, columns: number): string {
  if (task.state !== 'succeeded') return shortValue(remarks(task), columns);
  const output: Value | undefined = task.outputs ?? task.output;
  return shortValue(output, columns);
}

/** The error of a task with what helps to correct it: Nushell's label and help, the place, the last lines of its log. */
function failureLines(task: Task, colors: Palette): string {
  const { error } = task;
  if (error === undefined) return '';
  const lines = [`${colors.red(`${stateSymbol(task.state)} ${task.id}:`)} ${harmless(error.message)}`];
  for (const [name, text] of errorFacts(error.data))
    lines.push(`  ${colors.cyan(`${name}:`)} ${harmless(text)}`);
  return `${lines.join('\n')}\n`;
}

function nextLines(run: Run, next: NextCommands, colors: Palette): string {
  const failed = run.tasks.find((task) => task.state === 'failed' || task.state === 'lost');
  const told = failed ?? run.tasks.find((task) => task.attempts > 0);
  const commands = [...(told === undefined ? [] : [next.logs(run.id, told.id)]), next.show(run.id)];
  return `${colors.dim('next:')}\n${commands.map((command) => `  ${command}\n`).join('')}`;
}
