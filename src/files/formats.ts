import { Failure } from '../kernel/failure.js';
import { suggest } from '../kernel/suggest.js';

/** A format that files are read in. */
export interface FileFormat {
  readonly name: string;
  /** Without the dot, in small letters. */
  readonly extensions: readonly string[];
  /** Whose parser reads it. */
  readonly by: 'sidecar' | 'nushell';
  readonly description: string;
}

const format = (
  by: FileFormat['by'],
  name: string,
  extensions: readonly string[],
  description: string,
): FileFormat => ({ name, extensions, by, description });

/** Every format, the native ones first. `text` is what a file of any other extension is read as. */
export const fileFormats: readonly FileFormat[] = [
  format('sidecar', 'json', ['json', 'jsonc'], 'JSON; comments and trailing commas are allowed'),
  format('sidecar', 'jsonl', ['jsonl', 'ndjson'], 'JSON values, one a line'),
  format('sidecar', 'toml', ['toml'], 'TOML'),
  format('sidecar', 'yaml', ['yaml', 'yml'], 'YAML 1.2, one document or several'),
  format('sidecar', 'csv', ['csv'], 'Comma-separated values below a header'),
  format('sidecar', 'tsv', ['tsv'], 'Tab-separated values below a header'),
  format('sidecar', 'nuon', ['nuon'], "Nushell's own notation"),
  format('sidecar', 'text', ['txt'], 'UTF-8 text; binary when it is not UTF-8'),
  format('nushell', 'xml', ['xml'], 'XML as {tag, attributes, content}'),
  format('nushell', 'xlsx', ['xlsx'], 'Excel workbook, sheets by name'),
  format('nushell', 'ods', ['ods'], 'OpenDocument spreadsheet, sheets by name'),
  format('nushell', 'ssv', ['ssv'], 'Columns separated by two or more spaces'),
  format(
    'nushell',
    'md',
    ['md', 'markdown'],
    'Markdown as a table of elements; Nushell 0.108 cannot read it',
  ),
  format('nushell', 'kdl', ['kdl'], 'KDL as a table of nodes; Nushell 0.108 cannot read it'),
  format('nushell', 'url', ['url', 'urlencoded'], 'URL-encoded form'),
  format('nushell', 'msgpack', ['msgpack'], 'MessagePack'),
  format('nushell', 'msgpackz', ['msgpackz'], 'MessagePack, compressed by Nushell'),
  format('nushell', 'sqlite', ['db', 'sqlite', 'sqlite3'], 'SQLite database, tables by name'),
];

/** SQLite files are known by their first bytes, whatever they are called. */
const sqliteHeader = Buffer.from('SQLite format 3\0');

/** The format of a name that a client gave: a format's name or one of its extensions. Throws `unsupported_format`. */
export function namedFormat(name: string): FileFormat {
  const wanted = name.toLowerCase().replace(/^\./, '');
  const found = fileFormats.find((each) => each.name === wanted || each.extensions.includes(wanted));
  if (found !== undefined) return found;
  const names = fileFormats.map((each) => each.name);
  const near = suggest(wanted, names);
  throw new Failure(
    'unsupported_format',
    `Expected one of ${names.join(', ')} as the format, got ${JSON.stringify(name)}.`,
    {
      expected: names.join(', '),
      got: name,
      ...(near === undefined ? {} : { advice: `Did you mean ${near}?` }),
    },
  );
}

/** The format of a file by its first bytes and its extension; null when it has none that is known. */
export function detectedFormat(path: string, bytes: Uint8Array): FileFormat | null {
  const isSqlite = sqliteHeader.equals(bytes.subarray(0, sqliteHeader.length));
  const extension = isSqlite ? 'sqlite' : /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
  const found = fileFormats.find((each) => each.extensions.includes(extension ?? ''));
  // A file that is only called .db is not read as a database.
  return found?.name === 'sqlite' && !isSqlite ? null : (found ?? null);
}
