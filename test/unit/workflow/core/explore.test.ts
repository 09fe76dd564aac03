import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasEnded, isEnded, isLive, type Unit } from '../../../../src/workflow/core/state.js';
import type { TaskDefinition, WorkflowDefinition } from '../../../../state/definition.js';
import { createWorld, digest, task, type World, workflow } from './world.js';

/**
 * Random workflows under random facts and commands. After every step the promises of engine-semantics B hold, and what a restart
 * makes of events or snapshots is the state itself; in the end every run has come to an end.
 */
const maxLive = 3;

const need = fc.record({
  kind: fc.constantFrom('hard' as const, 'soft' as const, 'optional' as const),
  ifSkipped: fc.constantFrom('skip' as const, 'run' as const),
  back: fc.integer({ min: 1, max: 3 }),
});

const taskShape = fc.record({
  needs: fc.array(need, { maxLength: 2 }),
  when: fc.constantFrom(undefined, 'true', 'false', 'broken'),
  forEach: fc.constantFrom(undefined, undefined, [], [1], [1, 2, 3]),
  maxParallel: fc.constantFrom(null, 1, 2),
  attempts: fc.integer({ min: 1, max: 3 }),
  idempotent: fc.boolean(),
  allowFailure: fc.boolean(),
  onFailure: fc.constantFrom(undefined, 'continue' as const, 'fail' as const),
});

const definition: fc.Arbitrary<WorkflowDefinition> = fc
  .record({
    tasks: fc.array(taskShape, { minLength: 1, maxLength: 5 }),
    maxParallel: fc.constantFrom(null, 1, 2),
    onFailure: fc.constantFrom('fail' as const, 'continue' as const),
    runningSiblings: fc.constantFrom('finish' as const, 'stop' as const),
  })
  .map(({ tasks, ...over }) =>
    workflow(
      tasks.map((shape, index): TaskDefinition => {
        const needs = shape.needs
          .filter(({ back }) => index - back >= 0)
          .map(({ back, kind, ifSkipped }) => ({ task: `t${index - back}`, kind, ifSkipped }));
        return task(`t${index}`, {
          needs: needs.filter((n, at) => needs.findIndex((other) => other.task === n.task) === at),
          ...(shape.when === undefined ? {} : { when: shape.when }),
          ...(shape.forEach === undefined ? {} : { forEach: shape.forEach }),
          ...(shape.onFailure === undefined ? {} : { onFailure: shape.onFailure }),
          maxParallel: shape.maxParallel,
          idempotent: shape.idempotent,
          allowFailure: shape.allowFailure,
          retry: { attempts: shape.attempts, backoff: 'fixed', initialMs: 5, maxMs: 5, jitter: false },
        });
      }),
      over,
    ),
  );

const step = fc.record({
  what: fc.constantFrom(
    'succeed',
    'fail',
    'fail-for-good',
    'gone',
    'recovered',
    'unkillable',
    'time-out',
    'due',
    'cancel',
    'run-timeout',
    'drain',
    'again',
  ),
  pick: fc.nat(),
});

function units(world: World): Unit[] {
  return [...world.state.runs.values()].flatMap((run) =>
    [...run.tasks.values()].flatMap((t) => t.items ?? [t.unit]),
  );
}

function take(world: World, { what, pick }: { what: string; pick: number }): void {
  const live = world.live();
  const attemptId = live[pick % Math.max(live.length, 1)] ?? 'nobody';
  const error = { name: 'nu_error', message: 'broke' };
  switch (what) {
    case 'succeed':
      world.do({ type: 'finished', attemptId, outcome: { outcome: 'succeeded', output: pick } });
      return;
    case 'fail':
    case 'fail-for-good':
      world.do({
        type: 'finished',
        attemptId,
        outcome: { outcome: 'error', error, retryable: what === 'fail' },
      });
      return;
    case 'gone':
    case 'recovered':
      world.do({
        type: 'finished',
        attemptId,
        outcome: { outcome: 'gone' },
        recovered: what === 'recovered',
      });
      return;
    case 'unkillable':
      // Only what was told to end can turn out to be unkillable.
      if (world.stopped.has(attemptId) && world.state.quarantined === 0) {
        world.do({ type: 'finished', attemptId, outcome: { outcome: 'unkillable', pids: [pick] } });
      }
      return;
    case 'time-out':
      world.do({ type: 'timed-out', attemptId });
      return;
    case 'due': {
      const waiting = units(world).filter((unit) => unit.state === 'waiting');
      const unit = waiting[pick % Math.max(waiting.length, 1)];
      if (unit !== undefined) {
        world.do({
          type: 'retry-due',
          runId: unit.task.run.id,
          taskId: unit.task.definition.id,
          item: unit.item,
        });
      }
      return;
    }
    case 'cancel':
    case 'run-timeout': {
      const runId = pick % 2 === 0 ? 'r' : 'r2';
      if (pick % 5 > 0) return;
      world.do(what === 'cancel' ? { type: 'cancel', runId, actor: 'test' } : { type: 'run-timeout', runId });
      return;
    }
    case 'drain':
      if (pick % 7 === 0) world.do({ type: 'drain' });
      return;
    case 'again':
      // A result that comes a second time.
      world.do({
        type: 'finished',
        attemptId: 'r/t0/1.1@1',
        outcome: { outcome: 'error', error, retryable: true },
      });
      return;
    default:
      throw new Error(what);
  }
}

function check(world: World): void {
  const { state } = world;
  const all = units(world);
  assert.equal(state.live, all.filter((unit) => isLive(unit.state)).length);
  assert.ok(state.live + state.quarantined <= maxLive + state.quarantined, 'slots of the daemon');
  for (const run of state.runs.values()) {
    assert.ok(run.live <= (run.definition.maxParallel ?? maxLive), 'slots of the run');
    if (isEnded(run.phase)) {
      assert.equal(run.live, 0);
      for (const t of run.tasks.values())
        assert.ok(hasEnded(t.unit.state), `${t.definition.id} ${t.unit.state}`);
    }
    for (const t of run.tasks.values()) {
      const live = (t.items ?? [t.unit]).filter((unit) => isLive(unit.state)).length;
      assert.ok(live <= (t.definition.maxParallel ?? maxLive), 'slots of the task');
      if (t.unit.attempts === 0 && t.items === null) continue;
      for (const n of t.definition.needs) {
        const upstream = run.tasks.get(n.task)?.unit.state ?? 'succeeded';
        assert.ok(hasEnded(upstream), `${t.definition.id} started before ${n.task} had ended`);
        if (n.kind !== 'soft' && n.ifSkipped === 'skip') assert.equal(upstream, 'succeeded');
      }
    }
  }
}

/** What the history must look like, whatever happened. */
function checkHistory(world: World): void {
  const succeeded = new Set<string>();
  const live = new Map<string, string>();
  const ends = new Map<string, number>();
  for (const event of world.lines.flatMap((line) => line.events)) {
    if (event.type === 'run.ended') ends.set(event.runId, (ends.get(event.runId) ?? 0) + 1);
    if (event.type === 'attempt.started') {
      const unit = event.attemptId.slice(0, event.attemptId.lastIndexOf('/'));
      assert.ok(!succeeded.has(unit), `${unit} ran again after its success`);
      assert.ok(!live.has(unit), `${unit} has two attempts at once`);
      live.set(unit, event.attemptId);
    }
    if (event.type === 'attempt.finished') {
      const unit = event.attemptId.slice(0, event.attemptId.lastIndexOf('/'));
      live.delete(unit);
      if (event.next === 'succeeded') succeeded.add(unit);
    }
  }
  for (const id of world.state.runs.keys()) assert.equal(ends.get(id), 1, `ends of ${id}`);
}

test('whatever happens, the promises hold and every run ends', () => {
  fc.assert(
    fc.property(
      definition,
      definition,
      fc.array(step, { maxLength: 40 }),
      fc.nat({ max: 40 }),
      (one, two, steps, at) => {
        const world = createWorld(maxLive);
        world.submit('r', one);
        world.submit('r2', two);
        check(world);
        steps.forEach((next, index) => {
          world.time += 1;
          take(world, next);
          check(world);
          if (index !== at) return;
          assert.deepEqual(digest(world.restarted(false)), digest(world.state), 'replayed');
          const restored = world.restarted(true);
          assert.deepEqual(digest(restored), digest(world.state), 'restored');
          // Life goes on with what a restart restored.
          restored.quarantined = world.state.quarantined;
          world.state = restored;
          world.do({ type: 'wake' });
        });
        // Left alone, with everything that is live succeeding and every timer firing, all runs end.
        for (let round = 0; round < 200 && world.state.unfinished > 0; round += 1) {
          take(world, { what: 'due', pick: round });
          take(world, { what: 'succeed', pick: round });
          check(world);
        }
        assert.equal(world.state.unfinished, 0, JSON.stringify(digest(world.state)));
        checkHistory(world);
      },
    ),
    { numRuns: 1500 },
  );
});
