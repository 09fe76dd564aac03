import { parseJson } from '../kernel/value/json.js';
import { parseNuon } from '../kernel/value/nuon.js';
import { isRecord, ownKey, type Value, type ValueRecord } from '../kernel/value/value.js';
import type { CommandSignature, Parameter, ParameterKind } from './command-signature.js';
import { quotePath } from './quote-path.js';

/** What nu says about a module or script. */
export interface Introspection {
  readonly commands: readonly CommandSignature[];
  /** Every file that was read to know this, absolute. */
  readonly files: readonly string[];
}

/**
 * Prints the commands that `which` selects. It is defined before the module is used, so that a module which
 * exports a `where` or a `print` of its own cannot get in between. A default is printed as NUON, which keeps its
 * type.
 */
const describe = (which: string): string => `
def __sidecar_describe [] {
  let commands = (scope commands | where type == "custom")
  let chosen = (${which})
  {
    files: (view files | get filename)
    commands: ($chosen | each {|command|
      let signatures = ($command.signatures | values)
      {
        name: $command.name
        description: ([$command.description $command.extra_description] | str join (char nl) | str trim)
        input_output: ($signatures | each {|signature|
          {
            input: ($signature | where parameter_type == "input" | get 0.syntax_shape)
            output: ($signature | where parameter_type == "output" | get 0.syntax_shape)
          }
        })
        parameters: ($signatures | first | where parameter_type not-in [input output] | each {|parameter|
          {
            name: $parameter.parameter_name
            kind: $parameter.parameter_type
            type: $parameter.syntax_shape
            optional: $parameter.is_optional
            short: $parameter.short_flag
            description: $parameter.description
            default: (try {
              if $parameter.parameter_default == null { null } else { $parameter.parameter_default | to nuon }
            } catch { null })
          }
        })
      }
    })
  } | to json -r | print -r $in
}
`;

/**
 * A program that prints what a module exports and runs nothing of it: the wrapper keeps its `export-env` from
 * running.
 */
export function moduleProgram(path: string): string {
  const exported = 'scope modules | where name == "__sidecar_module" | get 0.commands.decl_id';
  return `${describe(`let ids = (${exported}); $commands | where decl_id in $ids`)}
module __sidecar_module { export use ${quotePath(path)} * }
use __sidecar_module *
__sidecar_describe
`;
}

/**
 * A program that prints the `main` commands of a script and runs nothing of it: the whole text is parsed before
 * the first statement runs, and that one ends in `exit`.
 */
export function scriptProgram(path: string): string {
  return `${describe('$commands | where name == "main" or name starts-with "main "')}
__sidecar_describe
exit
source ${quotePath(path)}
`;
}

/** Reads what a program above printed. */
export function parseIntrospection(text: string): Introspection {
  const answer = record(parseJson(text));
  return {
    commands: list(ownKey(answer, 'commands')).map((command) => signatureOf(record(command))),
    files: list(ownKey(answer, 'files')).filter(
      (file): file is string => typeof file === 'string' && file.startsWith('/'),
    ),
  };
}

function signatureOf(command: ValueRecord): CommandSignature {
  const parameters = list(ownKey(command, 'parameters')).map((parameter) => parameterOf(record(parameter)));
  const order: readonly ParameterKind[] = ['positional', 'optional', 'rest', 'flag', 'switch'];
  return {
    name: text(ownKey(command, 'name')),
    description: text(ownKey(command, 'description')),
    parameters: parameters.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
    inputOutput: list(ownKey(command, 'input_output')).map((pair) => ({
      input: text(ownKey(record(pair), 'input')),
      output: text(ownKey(record(pair), 'output')),
    })),
  };
}

function parameterOf(raw: ValueRecord): Parameter {
  const kind = kindOf(text(ownKey(raw, 'kind')), ownKey(raw, 'optional') === true);
  const long = text(ownKey(raw, 'name'));
  const short = text(ownKey(raw, 'short'));
  const description = text(ownKey(raw, 'description'));
  const declared = ownKey(raw, 'default');
  return {
    // Nushell has no name for a flag that is only a letter, nor for a rest parameter that is called "rest".
    name: long !== '' ? long : short !== '' ? short : 'rest',
    kind,
    type: kind === 'switch' ? 'bool' : text(ownKey(raw, 'type')) || 'any',
    ...(short === '' ? {} : { short }),
    ...(description === '' ? {} : { description }),
    ...(typeof declared === 'string' ? { default: parseNuon(declared) } : {}),
    required: kind === 'positional',
  };
}

function kindOf(nuKind: string, optional: boolean): ParameterKind {
  if (nuKind === 'named') return 'flag';
  if (nuKind === 'switch' || nuKind === 'rest') return nuKind;
  return optional ? 'optional' : 'positional';
}

const record = (value: Value | undefined): ValueRecord => (isRecord(value) ? value : {});
const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);
const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
