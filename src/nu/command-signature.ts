import type { Value } from '../kernel/value/value.js';

export type ParameterKind = 'positional' | 'optional' | 'rest' | 'flag' | 'switch';

/** One parameter of a command. */
export interface Parameter {
  /** Without dashes. A flag with only a letter bears that. */
  readonly name: string;
  readonly kind: ParameterKind;
  /** The type as Nushell writes it, such as "list<int>"; "bool" for a switch. */
  readonly type: string;
  /** The letter of a flag or switch. */
  readonly short?: string;
  readonly description?: string;
  readonly default?: Value;
  readonly required: boolean;
}

/** A command that a module exports, or that a script defines as `main`. */
export interface CommandSignature {
  /** As `use MODULE *` exports it: "server create". */
  readonly name: string;
  readonly description: string;
  /** Positionals in their order, then the rest parameter, then flags and switches. */
  readonly parameters: readonly Parameter[];
  /** The pairs of types that the command declares for its input and output. */
  readonly inputOutput: readonly { readonly input: string; readonly output: string }[];
}

/**
 * The command as one would read it in its help: `server create <name: string> [zone: string] ...rest --ttl
 * <duration>`.
 */
export function usageLine(signature: CommandSignature): string {
  return [signature.name, ...signature.parameters.map(usageOf)].join(' ');
}

/** A flag or switch as one writes it: `--force`, or `-f` when the letter is all it has. */
export function dashedName(parameter: Parameter): string {
  return `${parameter.name === parameter.short ? '-' : '--'}${parameter.name}`;
}

function usageOf(parameter: Parameter): string {
  const dashed = dashedName(parameter);
  switch (parameter.kind) {
    case 'positional':
      return `<${parameter.name}: ${parameter.type}>`;
    case 'optional':
      return `[${parameter.name}: ${parameter.type}]`;
    case 'rest':
      return `...${parameter.name}: ${parameter.type}`;
    case 'flag':
      return `[${dashed}: ${parameter.type}]`;
    case 'switch':
      return `[${dashed}]`;
  }
}
