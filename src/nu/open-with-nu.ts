import { Failure } from '../kernel/failure.js';
import { stringifyJson } from '../kernel/value/json.js';
import { parseNuon } from '../kernel/value/nuon.js';
import type { Value } from '../kernel/value/value.js';
import { captureNu } from './capture-nu.js';
import { explainLog } from './explain-log.js';
import type { NuBinary } from './find-nu.js';

/** Reads a file of a format through Nushell's own parser, with every type kept. */
export type OpenWithNu = (path: string, format: string, signal: AbortSignal) => Promise<Value>;

/**
 * What parses each format. SQLite is recognised by its header, so only `open` reads it; what it gives is a
 * handle, from which the rows of each table are taken.
 */
const parsers: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['json', 'xml', 'xlsx', 'ods', 'ssv', 'md', 'kdl', 'url', 'msgpack', 'msgpackz'].map((format) => [
      format,
      `open --raw $job.path | from ${format}`,
    ]),
  ),
  sqlite: `let database = (open $job.path)
$database | columns | reduce --fold {} {|table, all|
  let rows = ($database | get ([{value: $table}] | into cell-path) | each {|row| $row })
  $all | merge {($table): $rows}
}`,
};

/** The formats that {@link OpenWithNu} knows. Nushell 0.108 does not have all of them. */
const nuFormats: readonly string[] = Object.keys(parsers);

/**
 * Creates the reader. The path reaches nu as data. It throws Failure `unsupported_format` for a format that is
 * not in the list or that the found nu does not have, `invalid_document` with Nushell's message when the file
 * does not parse.
 */
export function createOpenWithNu(options: { readonly findNu: () => Promise<NuBinary> }): OpenWithNu {
  return async (path, format, signal) => {
    const parser = Object.hasOwn(parsers, format) ? parsers[format] : undefined;
    if (parser === undefined) throw unsupported(format, `Nushell is not asked for ${format} files.`);
    const nu = await options.findNu();
    const { exitCode, stdout, stderr } = await captureNu({
      path: nu.path,
      args: [
        '--no-config-file',
        '--no-std-lib',
        '--stdin',
        '-c',
        `let job = ($in | from json)\n${parser} | to nuon | print -r $in`,
      ],
      cwd: '/',
      env: {},
      stdin: stringifyJson({ path }),
      signal,
    });
    if (exitCode === 0) return parseNuon(stdout);
    const explained = explainLog(stderr);
    // The text is ours and the same for every file: what does not parse is a `from` that this version lacks.
    if (explained?.retryable === false) {
      throw unsupported(
        format,
        `Nushell ${nu.version} cannot read ${format} files.`,
        'Install a newer Nushell.',
      );
    }
    throw new Failure(
      'invalid_document',
      `Expected a file of format ${format}: ${explained?.error.message ?? stderr.trim().slice(-300)}`,
      { expected: `the format ${format}`, got: path, advice: 'Correct the file, or name its format.' },
    );
  };
}

function unsupported(format: string, message: string, advice?: string): Failure {
  return new Failure('unsupported_format', message, {
    expected: `one of ${nuFormats.join(', ')}`,
    got: format,
    ...(advice === undefined ? {} : { advice }),
  });
}
