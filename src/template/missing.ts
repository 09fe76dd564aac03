import { suggest } from '../kernel/suggest.js';
import { isRecord, type Value } from '../kernel/value/value.js';
import { describeTarget } from './access.js';
import type { Machine } from './machine.js';
import { EvaluationFault } from './problem.js';
import type { Evaluate, Scope } from './scope.js';
import type { Expression } from './syntax.js';

const general = 'Give it a value, or use `is defined` or default(…).';

/** Explains why an expression has no value, with what was near. It may evaluate the target again, which changes nothing. */
export type Explain = (machine: Machine) => EvaluationFault;

/** The explanation for a node; `target` evaluates the node that a field, an index or a filter is taken of. */
export function explainMissing(
  node: Expression,
  { text, scope }: { readonly text: string; readonly scope: Scope },
  target: Evaluate,
): Explain {
  const written = text.slice(node.start, node.end);
  return (machine) => {
    if (node.kind === 'name') return missingName(node.name, machine, scope, node);
    const from = target(machine);
    if (from === undefined || (node.kind !== 'attribute' && node.kind !== 'index')) {
      return new EvaluationFault(
        `\`${written}\` has no value.`,
        { expected: 'a value', advice: general },
        'template_failed',
        node,
      );
    }
    return missingMember(written, node.kind === 'attribute' ? node.key : undefined, from, node);
  };
}

function missingName(name: string, machine: Machine, scope: Scope, node: Expression): EvaluationFault {
  const known = [...new Set([...scope.names(), ...Object.keys(machine.context)])];
  const near = suggest(name, known);
  return new EvaluationFault(
    `\`${name}\` is not defined.`,
    {
      expected:
        known.length === 0
          ? 'a name from the context, which is empty'
          : `one of ${known.slice(0, 12).join(', ')}`,
      got: name,
      advice: near === undefined ? general : `Did you mean \`${near}\`?`,
    },
    'template_failed',
    node,
  );
}

function missingMember(
  written: string,
  key: string | undefined,
  from: Value,
  node: Expression,
): EvaluationFault {
  const near = key !== undefined && isRecord(from) ? suggest(key, Object.keys(from)) : undefined;
  return new EvaluationFault(
    `\`${written}\` is not defined: ${describeTarget(from)}.`,
    {
      ...(key === undefined ? {} : { got: key }),
      advice: near === undefined ? general : `Did you mean \`${near}\`?`,
    },
    'template_failed',
    node,
  );
}
