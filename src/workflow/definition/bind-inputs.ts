import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { InputDefinition, WorkflowDefinition } from '../../../state/definition.js';
import { describeValue } from '../../document/schema-findings.js';
import { suggest } from '../../kernel/suggest.js';
import { parseNushellDuration } from '../../kernel/value/nushell-duration.js';
import { Duration, ownKey, type Value, type ValueRecord } from '../../kernel/value/value.js';
import { convertInput, convertText } from './convert-input.js';

/** The inputs of a run, or every finding about what was given. */
export type BoundInputs =
  | { readonly inputs: ValueRecord; readonly diagnostics: readonly [] }
  | { readonly inputs: null; readonly diagnostics: readonly Diagnostic[] };

/**
 * Gives a run its inputs: checks what was given against what the workflow declares, converts it, and puts defaults; a
 * declared input that is neither given nor has a default is null. `texts` are those of a command line (`--input n=3`): they are
 * converted to the declared type and win over `values`. The result is in JSON form (see {@link inputScope} for expressions).
 */
export function bindInputs(
  definition: Pick<WorkflowDefinition, 'inputs'>,
  values: ValueRecord,
  texts: Readonly<Record<string, string>> = {},
): BoundInputs {
  const given: ValueRecord = { ...values, ...texts };
  const declared = Object.entries(definition.inputs);
  const diagnostics: Diagnostic[] = Object.keys(given).flatMap((name) =>
    Object.hasOwn(definition.inputs, name) ? [] : [unknownInput(name, given[name] ?? null, definition)],
  );
  const inputs = declared.map(([name, input]): [string, Value] => {
    const value = ownKey(given, name);
    if (value === undefined) {
      if (input.required) diagnostics.push(missingInput(name, input));
      return [name, input.default ?? null];
    }
    const converted =
      typeof value === 'string' && Object.hasOwn(texts, name)
        ? convertText(value, input.type)
        : convertInput(value, input.type);
    if ('value' in converted) return [name, converted.value];
    diagnostics.push(wrongInput(name, value, converted.expected, input));
    return [name, null];
  });
  return diagnostics.length > 0
    ? { inputs: null, diagnostics }
    : { inputs: Object.fromEntries(inputs), diagnostics: [] };
}

/** The inputs as expressions see them: those declared as durations are durations, where the JSON form has their text. */
export function inputScope(definition: Pick<WorkflowDefinition, 'inputs'>, inputs: ValueRecord): ValueRecord {
  const entries = Object.entries(inputs).map(([name, value]): [string, Value] => {
    const declared = Object.hasOwn(definition.inputs, name) ? definition.inputs[name]?.type : undefined;
    const nanoseconds =
      declared === 'duration' && typeof value === 'string' ? parseNushellDuration(value) : undefined;
    return [name, nanoseconds === undefined ? value : new Duration(nanoseconds)];
  });
  return Object.fromEntries(entries);
}

function unknownInput(
  name: string,
  value: Value,
  definition: Pick<WorkflowDefinition, 'inputs'>,
): Diagnostic {
  const known = Object.keys(definition.inputs);
  const near = suggest(name, known);
  return {
    severity: 'error',
    code: 'unknown-input',
    message: `The workflow has no input "${name}"`,
    key: `inputs.${name}`,
    expected: known.length === 0 ? 'no inputs: the workflow declares none' : `one of ${known.join(', ')}`,
    got: describeValue(value),
    advice: near === undefined ? 'Leave it out.' : `Did you mean "${near}"?`,
  };
}

function missingInput(name: string, input: InputDefinition): Diagnostic {
  return {
    severity: 'error',
    code: 'missing-input',
    message: `The workflow needs the input "${name}"`,
    key: `inputs.${name}`,
    expected: describeInput(input),
    got: 'nothing',
    advice: `Give it, such as --input ${name}=VALUE on a command line.`,
  };
}

function wrongInput(name: string, value: Value, expected: string, input: InputDefinition): Diagnostic {
  return {
    severity: 'error',
    code: 'invalid-input',
    message: `Invalid value of the input "${name}"`,
    key: `inputs.${name}`,
    expected,
    got: describeValue(value),
    advice: `Give ${describeInput(input)}.`,
  };
}

const describeInput = (input: InputDefinition): string =>
  `a value of type ${input.type}${input.description === undefined ? '' : ` (${input.description})`}`;
