import { suggest } from '../kernel/suggest.js';
import { SyntaxFault } from './problem.js';
import type { Argument, Span } from './syntax.js';

/**
 * What a filter, a test or a function takes. A parameter is written `name`, `name?` when it may be left out, and
 * `name|other` when it has a second name (Jinja2's and Tera's words for the same thing).
 */
export interface Signature {
  readonly parameters: readonly string[];
  /** Further arguments without a name are allowed and follow the parameters. */
  readonly rest?: boolean;
}

/** Arguments in the order of the parameters, undefined where one was left out, then the rest. */
export type BoundArguments = readonly (Argument | undefined)[];

/** Puts arguments in the order of the parameters. Throws a SyntaxFault that names what is wrong. */
export function bindArguments(
  what: string,
  signature: Signature,
  args: readonly Argument[],
  call: Span,
): BoundArguments {
  const { parameters } = signature;
  const bound: (Argument | undefined)[] = parameters.map(() => undefined);
  const rest: Argument[] = [];
  let position = 0;
  for (const argument of args) {
    if (argument.name === undefined) {
      if (position < parameters.length) bound[position] = argument;
      else if (signature.rest === true) rest.push(argument);
      else throw tooMany(what, signature, argument);
      position++;
      continue;
    }
    const { name } = argument;
    const index = parameters.findIndex((parameter) => namesOf(parameter).includes(name));
    if (index === -1) throw unknownArgument(what, signature, argument, name);
    if (bound[index] !== undefined) {
      throw new SyntaxFault('duplicate-argument', `${what} gets the argument \`${name}\` twice.`, argument, {
        got: name,
      });
    }
    bound[index] = argument;
  }
  const missing = parameters.find(
    (parameter, index) => !parameter.endsWith('?') && bound[index] === undefined,
  );
  if (missing !== undefined) {
    const [name = missing] = namesOf(missing);
    throw new SyntaxFault('missing-argument', `${what} needs the argument \`${name}\`.`, call, {
      expected: describe(signature),
    });
  }
  return [...bound, ...rest];
}

/** Whether every argument is a keyword of this signature, and there is at least one. */
export function fitsKeywords(signature: Signature, args: readonly Argument[]): boolean {
  const names = signature.parameters.flatMap(namesOf);
  return (
    args.length > 0 && args.every((argument) => argument.name !== undefined && names.includes(argument.name))
  );
}

function namesOf(parameter: string): readonly string[] {
  return parameter.replace('?', '').split('|');
}

function describe(signature: Signature): string {
  if (signature.parameters.length === 0) return 'no arguments';
  return signature.parameters.map((parameter) => parameter.replace('|', ' or ')).join(', ');
}

function tooMany(what: string, signature: Signature, argument: Argument): SyntaxFault {
  const count = signature.parameters.length;
  return new SyntaxFault(
    'too-many-arguments',
    `${what} takes ${count === 0 ? 'no arguments' : `at most ${count}`}.`,
    argument,
    {
      expected: describe(signature),
    },
  );
}

function unknownArgument(what: string, signature: Signature, argument: Argument, name: string): SyntaxFault {
  const near = suggest(name, signature.parameters.flatMap(namesOf));
  return new SyntaxFault('unknown-argument', `${what} has no argument \`${name}\`.`, argument, {
    expected: describe(signature),
    got: name,
    ...(near === undefined ? {} : { advice: `Did you mean \`${near}\`?` }),
  });
}
