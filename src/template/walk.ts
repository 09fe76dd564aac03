import type { Expression, Statement } from './syntax.js';

/** The expressions directly below one. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'list':
      return node.items;
    case 'record':
      return node.entries.flat();
    case 'attribute':
      return [node.target];
    case 'index':
      return [node.target, node.key];
    case 'slice':
      return [node.target, node.from, node.to, node.by].filter((part) => part !== undefined);
    case 'unary':
      return [node.operand];
    case 'binary':
    case 'logic':
      return [node.left, node.right];
    case 'chain':
      return node.operands;
    case 'conditional':
      return [node.condition, node.chosen, node.otherwise].filter((part) => part !== undefined);
    case 'filter':
    case 'test':
    case 'call':
      return [node.target, ...node.arguments.map((argument) => argument.value)];
  }
}

/** What a place in a template can see beside the context. */
export interface Sight {
  readonly assigned: ReadonlySet<string>;
  readonly inLoop: boolean;
}

/** Calls `visit` for each expression of a template as a whole, in the order of the text, with the names assigned so far. */
export function walkTemplate(
  body: readonly Statement[],
  visit: (expression: Expression, sight: Sight) => void,
): void {
  walkBody(body, new Set(assignsGlobally(body)), false, visit);
}

function walkBody(
  body: readonly Statement[],
  assigned: Set<string>,
  inLoop: boolean,
  visit: (expression: Expression, sight: Sight) => void,
): void {
  const see = (expression: Expression): void => visit(expression, { assigned, inLoop });
  const inside = (statements: readonly Statement[]): void => walkBody(statements, assigned, inLoop, visit);
  for (const statement of body) {
    switch (statement.kind) {
      case 'output':
        see(statement.expression);
        break;
      case 'if':
        for (const branch of statement.branches) {
          see(branch.condition);
          inside(branch.body);
        }
        inside(statement.otherwise);
        break;
      case 'for': {
        see(statement.iterable);
        const inner = new Set([...assigned, ...statement.targets]);
        if (statement.condition !== undefined) visit(statement.condition, { assigned: inner, inLoop });
        walkBody(statement.body, inner, true, visit);
        inside(statement.otherwise);
        break;
      }
      case 'set':
        see(statement.value);
        for (const name of statement.targets) assigned.add(name);
        break;
      case 'capture':
        inside(statement.body);
        assigned.add(statement.target);
        break;
      case 'include':
        see(statement.names);
        break;
      default:
    }
  }
}

/** The names that `set_global` assigns anywhere: they are known from the start of the template. */
export function assignsGlobally(body: readonly Statement[]): readonly string[] {
  return everyStatement(body).flatMap((statement) =>
    statement.kind === 'set' && statement.global ? statement.targets : [],
  );
}

/** The includes of a template, nested ones too. */
export function includesOf(body: readonly Statement[]): readonly Extract<Statement, { kind: 'include' }>[] {
  return everyStatement(body).filter((statement) => statement.kind === 'include');
}

/** The statements and those inside them, in the order of the text. */
function everyStatement(body: readonly Statement[]): readonly Statement[] {
  return body.flatMap((statement) => [statement, ...bodiesOf(statement).flatMap(everyStatement)]);
}

function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  if (statement.kind === 'if')
    return [...statement.branches.map((branch) => branch.body), statement.otherwise];
  if (statement.kind === 'for') return [statement.body, statement.otherwise];
  return statement.kind === 'capture' ? [statement.body] : [];
}
