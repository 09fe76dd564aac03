import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { Value } from '../../kernel/value/value.js';

/** A reference of an expression, as the template engine reports it. */
export interface SiteReference {
  /** The longest static path from a free root name: `['tasks', 'network', 'output', 'id']`. */
  readonly path: readonly string[];
  /** Where it begins in the text, in characters. */
  readonly offset: number;
  readonly length: number;
}

/** A compiled string that may hold `{{ expressions }}`. */
export interface Site {
  readonly references: readonly SiteReference[];
  /** Exactly one `{{ expression }}`, whose type is kept. */
  readonly typed: boolean;
  /** No expression at all. */
  readonly constant: boolean;
}

/** An argument as far as it is known before a run. */
export type KnownArgument =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'dynamic' };

/** What is wrong with a call of a command. */
export interface CallProblem {
  readonly code: string;
  readonly message: string;
  readonly where: { readonly arg: number } | { readonly flag: string } | 'command';
  readonly expected?: string;
  readonly got?: string;
  readonly advice?: string;
}

/** A command that a module exports. */
export interface ExportedCommand {
  readonly name: string;
  check(
    args: readonly KnownArgument[],
    flags: Readonly<Record<string, KnownArgument>>,
  ): readonly CallProblem[];
}

/** What is known of a path. */
export type FileState = 'file' | 'folder' | 'missing' | 'outside-roots' | 'not-a-file';

/** How validation reaches the other parts of the sidecar. Paths are absolute. */
export interface DefinitionPorts {
  /** Throws Failure `template_invalid` with diagnostics whose line and column count from the start of the text. */
  compileSite(text: string): Site;
  /** What is at a path that the workflow names. */
  fileState(path: string): Promise<FileState>;
  /**
   * The commands of a module: a file, or a folder with a mod.nu. Throws Failure `nu_failed` or `unreadable` when the module has
   * an error, and what keeps nu from running at all (`nu_missing`), which is no fault of the workflow.
   */
  exportedCommands(module: string): Promise<readonly ExportedCommand[]>;
  /** The main commands of a script, none when it has only statements. Throws as `exportedCommands`. */
  scriptMains(path: string): Promise<readonly ExportedCommand[]>;
  /** The methods a call task may name. */
  readonly methods: ReadonlySet<string>;
  /** What is wrong with literal params of a method, in words; empty when nothing is. */
  checkParams?(
    method: string,
    params: Value,
  ): readonly { readonly message: string; readonly expected?: string; readonly got?: string }[];
  /** Parse errors of a snippet; lines and columns count from its start. */
  checkCode?(code: string): Promise<readonly Diagnostic[]>;
}
