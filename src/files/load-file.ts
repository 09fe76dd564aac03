import { tmpdir } from 'node:os';
import { type DocumentFormat, parseDocument } from '../document/document.js';
import type { ReadingOptions } from '../document/reading.js';
import { Failure } from '../kernel/failure.js';
import { parseJson } from '../kernel/value/json.js';
import type { Value } from '../kernel/value/value.js';
import { checkArchive } from './check-archive.js';
import { readDelimited } from './delimited.js';
import { detectedFormat, type FileFormat, fileFormats, namedFormat } from './formats.js';
import { guardedOpen } from './guarded-open.js';
import { readJsonLines } from './json-lines.js';
import { withPrivateCopy } from './private-copy.js';
import { readBytes } from './read-bytes.js';

export interface LoadRequest {
  /** Absolute. */
  readonly path: string;
  /** The name of a format or an extension; by the file's first bytes and extension when left out. */
  readonly format?: string;
  /** Takes the content as it is: a string, or binary when it is not UTF-8. */
  readonly raw?: boolean;
  readonly signal: AbortSignal;
}

export interface LoadedFile {
  readonly value: Value;
  /** The name of the format that was read; `text` or `binary` for content taken as it is. */
  readonly format: string;
}

/** Loads data files with the values that Nushell's `open` gives, inside roots and limits. */
export interface FileLoader {
  /**
   * Loads a file inside the loader's roots, or inside `roots`. Throws `outside_roots`, `unreadable`, `unsupported_format`,
   * `invalid_document`, `limit_exceeded` and `request_cancelled`.
   */
  load(request: LoadRequest, roots?: readonly string[]): Promise<LoadedFile>;
  formats(): readonly FileFormat[];
  /** Reads a file as UTF-8 text without its byte order mark, under the same guard, and tells its real path. */
  read(path: string, roots?: readonly string[]): Promise<{ readonly text: string; readonly path: string }>;
}

export interface FileLoaderOptions {
  /** Folders, absolute. */
  readonly roots: readonly string[];
  readonly limits: {
    /** Of a file. */
    readonly bytes: number;
    /** Nesting of lists and records. */
    readonly depth: number;
    /** Values that the aliases of a YAML document may add. */
    readonly aliases: number;
  };
  /** Reads a file that is private to this process with Nushell's own parser of a format. */
  readonly openWithNu: (bytesPath: string, format: string, signal: AbortSignal) => Promise<Value>;
  /** Where the private copies for Nushell are made; the system's temporary folder by default. */
  readonly scratch?: string;
}

/** A workbook may inflate to this many times the file limit, in this many entries; sheets compress 10 to 50 times. */
const archiveGrowth = 16;
const archiveEntries = 10_000;
const archiveRatio = 500;

/** Creates a loader; nothing is read before the first load. */
export function createFileLoader(options: FileLoaderOptions): FileLoader {
  const { limits } = options;

  const bytesOf = async (path: string, roots: readonly string[], signal?: AbortSignal) => {
    const file = await guardedOpen(path, roots);
    try {
      return { bytes: await readBytes(file, limits.bytes, signal), path: file.path };
    } finally {
      await file.handle.close();
    }
  };

  const withNu = async (bytes: Buffer, path: string, format: string, signal: AbortSignal): Promise<Value> => {
    if (format === 'xlsx' || format === 'ods') {
      const inflated = { entries: archiveEntries, bytes: limits.bytes * archiveGrowth, ratio: archiveRatio };
      await checkArchive(bytes, path, inflated, signal);
    }
    return withPrivateCopy(bytes, format, options.scratch ?? tmpdir(), (copy) =>
      options.openWithNu(copy, format, signal),
    );
  };

  const native = async (bytes: Buffer, path: string, format: string, signal: AbortSignal): Promise<Value> => {
    const text = requireUtf8(bytes, path);
    const reading: ReadingOptions = { depth: limits.depth, aliases: limits.aliases, localDates: 'utc' };
    switch (format) {
      case 'json':
        return readJson(text, path, reading, () => withNu(bytes, path, 'json', signal));
      case 'jsonl':
        return readJsonLines(withoutMark(text), path, limits.depth);
      case 'csv':
      case 'tsv':
        return readDelimited(withoutMark(text), { format, path });
      case 'toml':
      case 'yaml':
      case 'nuon':
        return parseDocument(text, format satisfies DocumentFormat, path, reading).value;
      default:
        return text;
    }
  };

  return {
    async load(request, roots = options.roots) {
      const { signal } = request;
      const named = request.format === undefined ? undefined : namedFormat(request.format);
      const { path } = request;
      const { bytes } = await bytesOf(path, roots, signal);
      const format = request.raw === true ? null : (named ?? detectedFormat(path, bytes));
      if (format === null || format.name === 'text') {
        const text = utf8(bytes);
        return text === null
          ? { value: new Uint8Array(bytes), format: 'binary' }
          : { value: text, format: 'text' };
      }
      const read = format.by === 'sidecar' ? native : withNu;
      return { value: await read(bytes, path, format.name, signal), format: format.name };
    },
    formats: () => fileFormats,
    async read(path, roots = options.roots) {
      const { bytes, path: real } = await bytesOf(path, roots);
      return { text: withoutMark(requireUtf8(bytes, real)), path: real };
    },
  };
}

/** The bytes as text, with a byte order mark if they have one; null when they are not UTF-8. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function requireUtf8(bytes: Uint8Array, path: string): string {
  const text = utf8(bytes);
  if (text !== null) return text;
  throw new Failure('invalid_document', `Expected UTF-8 text in ${path}, got other bytes.`, {
    expected: 'UTF-8 text',
    got: 'other bytes',
    advice: 'Save the file as UTF-8, or load it raw.',
  });
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/**
 * JSON strictly, else with comments and trailing commas, else as Nushell, whose parser also takes bare keys and words. A
 * text that none of them takes is reported with the places of the second.
 */
async function readJson(
  source: string,
  path: string,
  reading: ReadingOptions,
  withNu: () => Promise<Value>,
): Promise<Value> {
  const text = withoutMark(source);
  try {
    return parseJson(text, reading.depth);
  } catch (error) {
    if (!(error instanceof Failure) || error.error !== 'parse_error') throw error;
  }
  try {
    return parseDocument(text, 'json', path, reading).value;
  } catch (error) {
    if (!(error instanceof Failure) || error.error !== 'invalid_document') throw error;
    return withNu().catch((second: unknown) => {
      throw second instanceof Failure && second.error === 'request_cancelled' ? second : error;
    });
  }
}
