import { rfc3339 } from '../../kernel/clock.js';
import { DateTime, type Value, type ValueRecord } from '../../kernel/value/value.js';
import { hasEnded, type Run, type Task, taskState, type Unit } from '../core/state.js';
import { inputScope } from '../definition/bind-inputs.js';

/** What expressions see (DESIGN §5). Only the tasks that an expression names are built: the scope costs what it reads. */
export function createScope(
  state: () => ValueRecord,
): (run: Run, unit: Unit, tasks: ReadonlySet<string>) => ValueRecord {
  const ended = new WeakMap<Task, ValueRecord>();
  const inputs = new WeakMap<Run, ValueRecord>();

  /** An ended task never changes, so thousands of items that read it share one view. */
  function viewOf(task: Task): ValueRecord {
    const known = ended.get(task);
    if (known !== undefined) return known;
    const view: ValueRecord = {
      output: task.unit.output ?? null,
      outputs: (task.items ?? []).map((item): Value => item.output ?? null),
      state: taskState(task),
    };
    if (hasEnded(task.unit.state)) ended.set(task, view);
    return view;
  }

  /** Inputs never change, and those declared as durations are durations. */
  function inputsOf(run: Run): ValueRecord {
    const known = inputs.get(run) ?? inputScope(run.definition, run.inputs);
    inputs.set(run, known);
    return known;
  }

  return (run, unit, tasks) => {
    const views: Record<string, Value> = {};
    for (const id of tasks) {
      const task = run.tasks.get(id);
      // A task that an optional need names may be missing from the file.
      views[id] = task === undefined ? null : viewOf(task);
    }
    return {
      inputs: inputsOf(run),
      tasks: views,
      run: {
        id: run.id,
        workflow: run.definition.name,
        startedAt: run.startedAt === null ? null : new DateTime(rfc3339(run.startedAt)),
      },
      env: run.env,
      // All of the user's keys at once: gathered only for the expression that reads them.
      get state() {
        return state();
      },
      ...(unit.item === null ? {} : { item: itemOf(unit), index: unit.item }),
    };
  };
}

function itemOf(unit: Unit): Value {
  return unit.item === null ? null : (unit.task.itemValues?.[unit.item] ?? null);
}
