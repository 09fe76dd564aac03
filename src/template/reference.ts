import type { Expression, Statement } from './syntax.js';
import { partsOf, type Sight, walkTemplate } from './walk.js';

/**
 * What an expression reads from its scope: the longest path that is known without running, from a name that the text does not
 * assign itself. `tasks["load-balancer"].output[0]` is ["tasks", "load-balancer", "output", "0"]; a computed index ends the path.
 */
export interface Reference {
  readonly path: readonly string[];
  /** Offset and length in the text, UTF-16 units. */
  readonly offset: number;
  readonly length: number;
}

/** The references of a template, in the order of the text. */
export function templateReferences(body: readonly Statement[]): readonly Reference[] {
  const found: Reference[] = [];
  walkTemplate(body, (expression, sight) => found.push(...expressionReferences(expression, sight)));
  return found;
}

/** The references of one expression. */
export function expressionReferences(node: Expression, sight: Sight): readonly Reference[] {
  const path = staticPath(node);
  const [root] = path ?? [];
  if (path !== undefined && root !== undefined) {
    const own = sight.assigned.has(root) || (root === 'loop' && sight.inLoop);
    return own ? [] : [{ path, offset: node.start, length: node.end - node.start }];
  }
  const parts = node.kind === 'call' ? node.arguments.map((argument) => argument.value) : partsOf(node);
  return parts.flatMap((part) => expressionReferences(part, sight));
}

function staticPath(node: Expression): readonly string[] | undefined {
  if (node.kind === 'name') return [node.name];
  if (node.kind !== 'attribute' && node.kind !== 'index') return undefined;
  const key = node.kind === 'attribute' ? node.key : literalKey(node.key);
  const before = key === undefined ? undefined : staticPath(node.target);
  return before === undefined || key === undefined ? undefined : [...before, key];
}

function literalKey(node: Expression): string | undefined {
  if (node.kind !== 'literal') return undefined;
  return typeof node.value === 'string' || typeof node.value === 'number' ? String(node.value) : undefined;
}
