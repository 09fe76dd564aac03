import { Failure } from '../kernel/failure.js';
import type { Value } from '../kernel/value/value.js';
import type { BoundCall } from './check-call.js';
import { dashedName, type Parameter } from './command-signature.js';
import { cutJobExitCode, jobEnd } from './job.js';
import { quotePath } from './quote-path.js';
import { type ResultFormat, resultEnd } from './result.js';

/** What a program does once its job is whole. Paths are absolute. */
export type ProgramAction =
  /** Calls a command of a module. */
  | { readonly kind: 'command'; readonly module: string; readonly call: BoundCall }
  /** Runs a script's statements, then its `main` if it has one. */
  | { readonly kind: 'script'; readonly path: string; readonly call: BoundCall | undefined }
  /** Runs a snippet that is in a file of its own, so that its errors name its own lines. */
  | { readonly kind: 'code'; readonly path: string };

export interface Program {
  /** Text for `nu -c`. Its length depends on the signature of the command, never on the data. */
  readonly source: string;
  /** What the text takes from its job: `{args, rest, flags, input?}`. */
  readonly values: Value;
}

/**
 * Compiles a call to source text whose arguments are variables: data never becomes code. Into the text go only a
 * quoted path, and names which came from Nushell's own introspection and have no character with a meaning in its
 * grammar.
 *
 * Throws Failure `command_unknown` when a name could not be written so.
 */
export function compileProgram(
  action: ProgramAction,
  options: { readonly input: Value | undefined; readonly resultFormat: ResultFormat },
): Program {
  const piped = options.input === undefined ? '' : '$values.input | ';
  const call = action.kind === 'code' ? undefined : action.call;
  return {
    source: `${prelude(options.resultFormat)}
def __sidecar_call [values: record] {
${bodyOf(action, piped)}
}
let sidecar_job = ($in | __sidecar_job)
try {
  let value = (${piped.replace('$values', '$sidecar_job.values')}__sidecar_call $sidecar_job.values)
  {ok: $value} | __sidecar_finish $sidecar_job.result
} catch {|error|
  $error | __sidecar_fail $sidecar_job.result
}
`,
    values: {
      args: call?.positionals ?? [],
      rest: call?.rest ?? [],
      flags: call?.flags.map(({ value }) => value) ?? [],
      ...(options.input === undefined ? {} : { input: options.input }),
    },
  };
}

/**
 * The commands around the call. They are defined before any text of a user is parsed: a module that exports a
 * `save` or a `lines` of its own changes nothing here. `from json` without `--strict` on purpose: the strict one
 * rounds one float in four in its last digit and stops at 128 levels. `collect`, because 0.108 raises the error
 * of an encoder only once its output is piped on. The result is saved beside its place and renamed, so that a
 * file at its place is whole.
 */
function prelude(format: ResultFormat): string {
  return `def __sidecar_job [] {
  let lines = ($in | default "" | lines)
  if ($lines | length) != 2 or $lines.1 != "${jobEnd}" {
    print -e -r "The job did not arrive whole: nothing was run."
    exit ${cutJobExitCode}
  }
  let job = ($lines.0 | from json)
  if "nuon" in $job { {result: $job.result values: ($job.nuon | from nuon)} } else { $job }
}
def __sidecar_save [path: string] {
  save --raw --force $"($path).tmp"
  mv --force $"($path).tmp" $path
}
def __sidecar_finish [path: string] {
  let result = $in
  let text = (try { $result | ${format === 'json' ? 'to json -r' : 'to nuon'} | collect } catch { null })
  if $text == null {
    error make --unspanned {
      msg: "The result cannot leave Nushell: it holds a closure, or another value that is no data."
      help: "Return data only."
    }
  }
  $"($text)\\n${resultEnd(format)}\\n" | __sidecar_save $path
}
def __sidecar_fail [path: string] {
  let error = $in
  let details = ($error.details? | default ($error.json? | default "{}" | from json))
  let told = {error: {
    msg: $error.msg
    details: $details
    rendered: $error.rendered
    exit_code: $error.exit_code?
  }}
  print -e -r $error.rendered
  $"($told | to json -r)\\n${resultEnd('json')}\\n" | __sidecar_save $path
  exit 1
}`;
}

function bodyOf(action: ProgramAction, piped: string): string {
  switch (action.kind) {
    case 'command':
      return `  use ${quotePath(action.module)} *\n  ${piped}${callText(action.call)}`;
    case 'script': {
      const main = action.call === undefined ? '' : `\n  ${piped}${callText(action.call)}`;
      return `  source ${quotePath(action.path)}${main}`;
    }
    case 'code':
      return `  source ${quotePath(action.path)}`;
  }
}

/** Positionals and flags are written out: Nushell spreads a list only into a rest parameter. */
function callText(call: BoundCall): string {
  return [
    commandName(call.signature.name),
    ...call.positionals.map((_, index) => `$values.args.${index}`),
    ...(call.rest.length > 0 ? ['...$values.rest'] : []),
    ...call.flags.map(({ parameter }, index) => `${flagName(parameter)} $values.flags.${index}`),
    ...call.switches.map(flagName),
  ].join(' ');
}

const plainName = /^[\p{L}_][\p{L}\p{N}_?!.+:@/-]*(?: [\p{L}\p{N}_][\p{L}\p{N}_?!.+:@/-]*)*$/u;

function commandName(name: string): string {
  if (plainName.test(name)) return name;
  throw new Failure(
    'command_unknown',
    `The command name ${JSON.stringify(name)} cannot be written in a call.`,
    {
      expected: 'a name of words that begin with a letter and hold letters, digits and _ ? ! . + : @ / -',
      got: name,
      advice: 'Export the command under a plainer name.',
    },
  );
}

function flagName(parameter: Parameter): string {
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_?!.-]*$/u.test(parameter.name)) {
    throw new Failure(
      'arguments_invalid',
      `The flag name ${JSON.stringify(parameter.name)} cannot be written.`,
      {
        expected: 'letters, digits, _ and -',
        got: parameter.name,
        advice: 'Rename the flag in the module.',
      },
    );
  }
  return dashedName(parameter);
}
