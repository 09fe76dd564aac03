import type { Unit } from './state.js';

/** Attempts that a unit may have after a crash of the daemon even without `retry`, when running it again is harmless. */
const crashAttempts = 3;

/** Whether a failed attempt may be followed by another. Attempts that a drain interrupted are not counted. */
export function attemptsLeft(unit: Unit): boolean {
  return unit.attempts - unit.interrupted < unit.task.definition.retry.attempts;
}

/**
 * Whether a unit whose attempt was cut off (a crash of the daemon, a drain) may run again: `on_crash`, which is retry for an
 * idempotent task or one with retries left, else fail. What may be repeated gets three attempts at least; a task that brings
 * the daemon down each time still ends.
 */
export function mayRestart(unit: Unit): boolean {
  const { definition } = unit.task;
  const policy = definition.onCrash ?? (definition.idempotent || attemptsLeft(unit) ? 'retry' : 'fail');
  if (policy === 'fail') return false;
  const repeatable = definition.idempotent || definition.onCrash === 'retry';
  const limit = repeatable ? Math.max(definition.retry.attempts, crashAttempts) : definition.retry.attempts;
  return unit.attempts - unit.interrupted < limit;
}
