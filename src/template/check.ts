import { suggest } from '../kernel/suggest.js';
import { bindCall, bindFilter, bindTest } from './compile-call.js';
import { loopFields, loopFunctions } from './loop.js';
import { type Problem, SyntaxFault } from './problem.js';
import type { Expression, Statement } from './syntax.js';
import { partsOf, type Sight, walkTemplate } from './walk.js';

/** Finds what can be known without running: unknown filters, tests, functions, arguments and fields of `loop`. */
export function checkTemplate(body: readonly Statement[]): readonly Problem[] {
  const problems: Problem[] = [];
  walkTemplate(body, (expression, sight) => problems.push(...checkExpression(expression, sight)));
  return problems;
}

/** The same for one expression. */
export function checkExpression(node: Expression, sight: Sight): readonly Problem[] {
  const below = called(node).flatMap((part) => checkExpression(part, sight));
  try {
    checkNode(node, sight);
    return below;
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    return [...below, error.problem];
  }
}

/** The parts that are values: what a call calls is none. */
function called(node: Expression): readonly Expression[] {
  return node.kind === 'call' ? node.arguments.map((argument) => argument.value) : partsOf(node);
}

function checkNode(node: Expression, sight: Sight): void {
  if (node.kind === 'filter') bindFilter(node);
  if (node.kind === 'test') bindTest(node);
  if (node.kind === 'call') bindCall(node);
  if (node.kind === 'attribute' && sight.inLoop) checkLoopField(node);
}

function checkLoopField(node: Extract<Expression, { kind: 'attribute' }>): void {
  if (node.target.kind !== 'name' || node.target.name !== 'loop' || Object.hasOwn(loopFields, node.key))
    return;
  const near = suggest(node.key, [...Object.keys(loopFields), ...Object.keys(loopFunctions)]);
  throw new SyntaxFault('unknown-field', `\`loop\` has no field \`${node.key}\`.`, node.keySpan, {
    expected: Object.keys(loopFields).join(', '),
    got: node.key,
    ...(near === undefined ? {} : { advice: `Did you mean \`loop.${near}\`?` }),
  });
}
