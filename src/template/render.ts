import type { Clock } from '../kernel/clock.js';
import { Failure } from '../kernel/failure.js';
import type { ValueRecord } from '../kernel/value/value.js';
import { Budget, type TemplateBudgets } from './budget.js';
import { notFound } from './check-includes.js';
import { createToolbox } from './compile-call.js';
import { findTemplate, type ReadTemplate } from './include.js';
import { Machine, type PendingInclude, type Program } from './machine.js';
import { EvaluationFault, evaluationFailure, placed } from './problem.js';
import type { TemplateSource } from './source.js';

export interface RenderOptions {
  readonly budgets: TemplateBudgets;
  readonly clock: Clock;
  readonly compile: (source: TemplateSource) => Program;
  readonly readTemplate: ReadTemplate;
  readonly roots: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** Renders a template in slices; a small one is done before this returns. Each included file is read once a render. */
export async function renderTemplate(
  source: TemplateSource,
  context: ValueRecord,
  options: RenderOptions,
): Promise<string> {
  const program = options.compile(source);
  const budget = new Budget(options.budgets, options.clock);
  const machine = new Machine(
    budget,
    createToolbox(budget, () => options.clock.now()),
    context,
  );
  const included = new Map<string, TemplateSource | undefined>();
  machine.enter(source, program, context);
  try {
    for (;;) {
      const stop = machine.advance();
      if (stop === 'done') return budget.finish(machine.out);
      budget.suspend();
      if (stop === 'slice') await new Promise<void>((resume) => setImmediate(resume));
      else await include(machine, included, options);
      if (options.signal?.aborted === true)
        throw new Failure('request_cancelled', 'The render was cancelled.');
      budget.resume();
    }
  } catch (error) {
    throw renderFailure(error, machine, source);
  }
}

/** Loads the template of the pending include and enters it. */
async function include(
  machine: Machine,
  included: Map<string, TemplateSource | undefined>,
  options: RenderOptions,
): Promise<void> {
  const { pending, source } = machine;
  machine.pending = undefined;
  if (pending === undefined || source === undefined) return;
  try {
    const found = await load(pending, source, included, options);
    if (found !== undefined) machine.enter(found, options.compile(found), pending.context);
  } catch (error) {
    throw placed(error, pending.place);
  }
}

async function load(
  pending: PendingInclude,
  from: TemplateSource,
  included: Map<string, TemplateSource | undefined>,
  { roots, readTemplate }: RenderOptions,
): Promise<TemplateSource | undefined> {
  const key = JSON.stringify([from.path ?? null, ...pending.names]);
  const known = included.get(key);
  if (known !== undefined || (included.has(key) && pending.ignoreMissing)) return known;
  const found = await findTemplate(pending.names, from, roots, readTemplate);
  included.set(key, found.source);
  if (found.source !== undefined || pending.ignoreMissing) return found.source;
  const { message, ...detail } = notFound(pending.names, found);
  throw new EvaluationFault(message, detail);
}

/** Faults get their place in the template that failed; a stack that ran out counts as too deep. */
function renderFailure(error: unknown, machine: Machine, source: TemplateSource): unknown {
  const at = machine.source ?? source;
  if (error instanceof EvaluationFault) return evaluationFailure(at, error, machine.span);
  if (error instanceof RangeError)
    return evaluationFailure(at, machine.budget.depthFault('The template'), machine.span);
  return error;
}
