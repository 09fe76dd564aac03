import type { Action, TaskDefinition } from '../../../state/definition.js';
import type { Value } from '../../kernel/value/value.js';
import { type CompiledValue, type CompileSite, compileValue } from './expression.js';

/** The expression sites of a task, compiled once for all its items and attempts. */
export interface CompiledTask {
  readonly when: CompiledValue | null;
  readonly forEach: CompiledValue | null;
  readonly action: CompiledValue;
  readonly input: CompiledValue;
  readonly cwd: CompiledValue;
  readonly env: CompiledValue;
  /** No expression in what an attempt needs: then nothing has to be recorded. */
  readonly constant: boolean;
  /** Tasks that action, input, cwd or env read. */
  readonly tasks: ReadonlySet<string>;
}

export function compileTask(definition: TaskDefinition, compile: CompileSite): CompiledTask {
  const action = compileValue(sitesOf(definition.action), compile);
  const input = compileValue(definition.input ?? null, compile);
  const cwd = compileValue(definition.cwd ?? null, compile);
  const env = compileValue(definition.env, compile);
  const parts = [action, input, cwd, env];
  return {
    when: definition.when === undefined ? null : compileValue(definition.when, compile),
    forEach: definition.forEach === undefined ? null : compileValue(definition.forEach, compile),
    action,
    input,
    cwd,
    env,
    constant: parts.every((part) => part.constant),
    tasks: new Set(parts.flatMap((part) => [...part.tasks])),
  };
}

/** The parts of an action that are expression sites. Code is never one: its values arrive as `$in`. */
function sitesOf(action: Action): Value {
  switch (action.kind) {
    case 'nu':
      return { args: action.args, flags: action.flags };
    case 'script':
      return { path: action.path, args: action.args, flags: action.flags };
    case 'code':
      return {};
    case 'exec':
      return { argv: action.argv };
    case 'template':
      return { path: action.path, context: action.context, target: action.target };
    case 'call':
      return { params: action.params };
  }
}
