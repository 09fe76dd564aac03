import { Failure } from '../kernel/failure.js';
import { suggest } from '../kernel/suggest.js';
import type { Value } from '../kernel/value/value.js';
import { type CommandSignature, dashedName, type Parameter, usageLine } from './command-signature.js';
import { convertValue, type PathBase } from './convert-value.js';
import { parseShape } from './shape.js';

/** Stands for an argument that is known only at run time: an expression of a workflow. */
export const DYNAMIC: unique symbol = Symbol('known at run time');

export type Argument = Value | typeof DYNAMIC;

/** Which part of a call a finding is about. `arg` counts from 0. */
export type CallPlace = { readonly arg: number } | { readonly flag: string } | 'command';

/** What is wrong with a call. */
export interface CallFinding {
  readonly code:
    | 'missing-argument'
    | 'extra-argument'
    | 'argument-type'
    | 'unknown-flag'
    | 'repeated-flag'
    | 'flag-type';
  readonly message: string;
  readonly where: CallPlace;
  readonly expected: string;
  readonly got: string;
  readonly advice: string;
}

/** A call whose every value has the type that the command takes, in the order in which it is written. */
export interface BoundCall {
  readonly signature: CommandSignature;
  /** Required and optional positionals. Absent optionals at the end are left out, so that their defaults apply. */
  readonly positionals: readonly Value[];
  readonly rest: readonly Value[];
  readonly flags: readonly { readonly parameter: Parameter; readonly value: Value }[];
  /** The switches that are on. */
  readonly switches: readonly Parameter[];
}

/**
 * Checks a call against the command's signature: number and types of the arguments, names and types of the
 * flags.
 */
export function checkCall(
  signature: CommandSignature,
  args: readonly Argument[],
  flags: Readonly<Record<string, Argument>>,
): readonly CallFinding[] {
  return bind(signature, args, flags, { cwd: '/' }).findings;
}

/**
 * Converts the values of a call to the types of the command: durations, dates, sizes, paths (against
 * `base.cwd`), numbers. Null for an optional argument or flag counts as absent. Throws Failure
 * `arguments_invalid`, which names every finding.
 */
export function convertCall(
  signature: CommandSignature,
  args: readonly Value[],
  flags: Readonly<Record<string, Value>>,
  base: PathBase,
): BoundCall {
  const { findings, call } = bind(signature, args, flags, base);
  const [first] = findings;
  if (first === undefined) return call;
  throw new Failure('arguments_invalid', findings.map((finding) => finding.message).join(' '), {
    expected: first.expected,
    got: first.got,
    advice: first.advice,
    findings,
    usage: usageLine(signature),
  });
}

interface Binding {
  readonly call: BoundCall;
  readonly findings: readonly CallFinding[];
}

function bind(
  signature: CommandSignature,
  args: readonly Argument[],
  flags: Readonly<Record<string, Argument>>,
  base: PathBase,
): Binding {
  const findings: CallFinding[] = [];
  const positionals = bindPositionals(signature, args, base, findings);
  const named = bindFlags(signature, flags, base, findings);
  return { call: { signature, ...positionals, ...named }, findings };
}

function bindPositionals(
  signature: CommandSignature,
  args: readonly Argument[],
  base: PathBase,
  findings: CallFinding[],
): Pick<BoundCall, 'positionals' | 'rest'> {
  const declared = signature.parameters.filter(({ kind }) => kind === 'positional' || kind === 'optional');
  const restParameter = signature.parameters.find(({ kind }) => kind === 'rest');
  const missing = declared.slice(args.length).filter(({ required }) => required);
  if (missing.length > 0) findings.push(missingArguments(signature, missing, args.length));
  if (restParameter === undefined && args.length > declared.length) {
    findings.push(extraArguments(signature, declared.length, args.length));
  }
  const convert = (arg: Argument, index: number): Value => {
    const parameter = declared[index] ?? restParameter;
    if (parameter === undefined || arg === DYNAMIC) return null;
    // Null for an optional one is no value of its type, it says "none".
    if (arg === null && parameter.kind === 'optional') return null;
    return convertArgument(parameter, arg, { arg: index }, base, findings);
  };
  const values = args.map(convert);
  const positionals = values.slice(0, declared.length);
  while (positionals.at(-1) === null && declared[positionals.length - 1]?.kind === 'optional')
    positionals.pop();
  const rest = values.slice(declared.length);
  // A rest list is only reached past every positional, so those stay, null as they are.
  return { positionals: rest.length > 0 ? values.slice(0, declared.length) : positionals, rest };
}

function bindFlags(
  signature: CommandSignature,
  flags: Readonly<Record<string, Argument>>,
  base: PathBase,
  findings: CallFinding[],
): Pick<BoundCall, 'flags' | 'switches'> {
  const declared = signature.parameters.filter(({ kind }) => kind === 'flag' || kind === 'switch');
  const seen = new Set<Parameter>();
  const given: { parameter: Parameter; value: Value }[] = [];
  const switches: Parameter[] = [];
  for (const [name, value] of Object.entries(flags)) {
    const parameter = findFlag(declared, name);
    if (parameter === undefined) {
      findings.push(unknownFlag(signature, declared, name));
      continue;
    }
    if (seen.has(parameter)) findings.push(repeatedFlag(parameter, name));
    seen.add(parameter);
    if (value === DYNAMIC || value === null) continue;
    const converted = convertArgument(parameter, value, { flag: name }, base, findings);
    if (parameter.kind === 'flag') given.push({ parameter, value: converted });
    else if (converted === true) switches.push(parameter);
  }
  return { flags: given, switches };
}

/** By long name, by letter, with or without its dashes. */
function findFlag(declared: readonly Parameter[], name: string): Parameter | undefined {
  const bare = name.replace(/^--?/, '');
  return (
    declared.find((parameter) => parameter.name === bare) ??
    declared.find((parameter) => parameter.short === bare)
  );
}

function convertArgument(
  parameter: Parameter,
  value: Value,
  where: CallPlace,
  base: PathBase,
  findings: CallFinding[],
): Value {
  const result = convertValue(value, parseShape(parameter.type), base);
  if (result.ok) return result.value;
  const isFlag = parameter.kind === 'flag' || parameter.kind === 'switch';
  findings.push({
    code: isFlag ? 'flag-type' : 'argument-type',
    message: `${isFlag ? dashedName(parameter) : parameter.name} takes ${result.expected}, got ${result.got}.`,
    where,
    expected: result.expected,
    got: result.got,
    advice: result.advice,
  });
  return null;
}

function missingArguments(
  signature: CommandSignature,
  missing: readonly Parameter[],
  got: number,
): CallFinding {
  const names = missing.map(({ name }) => name).join(', ');
  return {
    code: 'missing-argument',
    message: `${signature.name} needs ${missing.length === 1 ? 'the argument' : 'the arguments'} ${names}.`,
    where: 'command',
    expected: usageLine(signature),
    got: count(got),
    advice: `Add ${names}.`,
  };
}

function extraArguments(signature: CommandSignature, most: number, got: number): CallFinding {
  return {
    code: 'extra-argument',
    message: `${signature.name} takes ${most === 0 ? 'no arguments' : `at most ${count(most)}`}, got ${got}.`,
    where: { arg: most },
    expected: usageLine(signature),
    got: count(got),
    advice: 'Remove the arguments past the last one.',
  };
}

function unknownFlag(signature: CommandSignature, declared: readonly Parameter[], name: string): CallFinding {
  const names = declared.map(({ name }) => name);
  const near = suggest(name.replace(/^--?/, ''), names);
  const known = names.length === 0 ? 'no flags' : declared.map(dashedName).join(', ');
  return {
    code: 'unknown-flag',
    message: `${signature.name} has no flag --${name.replace(/^--?/, '')}.`,
    where: { flag: name },
    expected: known,
    got: name,
    advice: near === undefined ? `It knows ${known}.` : `Did you mean --${near}?`,
  };
}

function repeatedFlag(parameter: Parameter, name: string): CallFinding {
  return {
    code: 'repeated-flag',
    message: `${dashedName(parameter)} is given twice.`,
    where: { flag: name },
    expected: `${dashedName(parameter)} once`,
    got: 'its long and its short form',
    advice: 'Keep one of them.',
  };
}

const count = (n: number): string => (n === 1 ? '1 argument' : `${n} arguments`);
