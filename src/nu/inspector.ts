import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnostic } from '../../protocol/diagnostic.js';
import { excerpt } from '../kernel/excerpt.js';
import { Failure } from '../kernel/failure.js';
import { abortable } from '../kernel/signal.js';
import { captureNu } from './capture-nu.js';
import type { CommandSignature } from './command-signature.js';
import type { NuBinary } from './find-nu.js';
import { includePath } from './include-path.js';
import { type Introspection, moduleProgram, parseIntrospection, scriptProgram } from './introspection.js';
import { moduleFile } from './module-file.js';
import { parseRenderedErrors, type RenderedError, userPlace } from './rendered-error.js';

export interface InspectRequest {
  readonly nu: NuBinary;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Answers what Nushell code offers, without running any of it. */
export interface Inspector {
  /**
   * The commands that `use MODULE *` exports. `module` is the absolute path of a file or of a folder with a
   * mod.nu. Throws Failure `unreadable` when there is none, `nu_failed` with file, line and column when it does
   * not parse.
   */
  listCommands(request: InspectRequest & { readonly module: string }): Promise<readonly CommandSignature[]>;
  /** The `main` commands of a script, none when it has only statements. Throws as `listCommands`. */
  listScriptMains(request: InspectRequest & { readonly path: string }): Promise<readonly CommandSignature[]>;
  /**
   * Checks that a snippet parses. Throws Failure `nu_failed`, whose diagnostic names the line and column in the
   * snippet.
   */
  checkCode(request: InspectRequest & { readonly source: string }): Promise<void>;
}

export interface InspectorOptions {
  /** Folders that `use NAME` looks in: the sidecar's own nulib first. */
  readonly libraries: readonly string[];
  /** An existing folder for temporary files. */
  readonly scratch: string;
}

interface CacheEntry {
  readonly answer: Introspection;
  /** Path, inode, size and modification time of every file that was read. */
  readonly stamp: string;
}

/**
 * The cache forgets everything beyond so many modules, scripts and snippets: asking again costs about 50 ms
 * each.
 */
const cacheLimit = 1000;

/**
 * Creates an inspector. Its answers are kept per nu, path, HOME and working directory, and hold as long
 * as no file that was read (the module and all that it uses) changed its inode, size or modification time. A new
 * file that would now be found first is not noticed. Equal questions at the same time start one nu.
 */
export function createInspector(options: InspectorOptions): Inspector {
  const cache = new Map<string, CacheEntry>();
  const asking = new Map<string, Promise<Introspection>>();

  async function remembered(
    request: InspectRequest,
    what: string,
    question: () => Promise<Introspection>,
  ): Promise<Introspection> {
    const key = JSON.stringify([what, request.nu.path, request.nu.version, request.cwd, request.env['HOME']]);
    const known = cache.get(key);
    if (known !== undefined && known.stamp === (await stampOf(known.answer.files))) return known.answer;
    const shared = asking.get(key);
    if (shared !== undefined) {
      // The one who asked may be cancelled; who waits for the same answer is not.
      const answer = shared.catch((error) => {
        if (error instanceof Failure && error.error === 'request_cancelled') return question();
        throw error;
      });
      return abortable(answer, request.signal);
    }
    const answering = question();
    asking.set(key, answering);
    try {
      const answer = await answering;
      if (cache.size >= cacheLimit) cache.clear();
      cache.set(key, { answer, stamp: await stampOf(answer.files) });
      return answer;
    } finally {
      asking.delete(key);
    }
  }

  return {
    async listCommands(request) {
      const file = await moduleFile(request.module);
      const program = moduleProgram(request.module);
      return (
        await remembered(request, `module ${request.module} ${file}`, () => ask(request, program, options))
      ).commands;
    },
    async listScriptMains(request) {
      const file = await moduleFile(request.path);
      const program = scriptProgram(request.path);
      return (
        await remembered(request, `script ${request.path} ${file}`, () => ask(request, program, options))
      ).commands;
    },
    async checkCode(request) {
      const digest = createHash('sha256').update(request.source).digest('hex');
      await remembered(request, `code ${digest}`, () => askAboutCode(request, options));
    },
  };
}

async function askAboutCode(
  request: InspectRequest & { readonly source: string },
  options: InspectorOptions,
): Promise<Introspection> {
  const folder = await mkdtemp(join(options.scratch, 'code-'));
  try {
    const file = join(folder, 'code.nu');
    await writeFile(file, request.source, { mode: 0o600 });
    const answer = await ask(request, scriptProgram(file), options, { file, text: request.source });
    return { commands: [], files: answer.files.filter((used) => used !== file) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = files.map(async (file) => {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true });
    return `${file} ${ino} ${size} ${mtimeNs}`;
  });
  return (await Promise.all(stamps.map((stamp) => stamp.catch(() => 'gone')))).join('\n');
}

/** A text that a client gave, not a file of his: its findings name no file. */
interface Snippet {
  readonly file: string;
  readonly text: string;
}

async function ask(
  request: InspectRequest,
  program: string,
  options: InspectorOptions,
  snippet?: Snippet,
): Promise<Introspection> {
  const { exitCode, stdout, stderr } = await captureNu({
    path: request.nu.path,
    args: ['--no-config-file', '-I', includePath(options.libraries), '-c', program],
    cwd: request.cwd,
    env: request.env,
    signal: request.signal,
  });
  if (exitCode === 0 && stdout !== '') return parseIntrospection(stdout);
  const errors = parseRenderedErrors(stderr);
  const diagnostics = await Promise.all(errors.map((error) => diagnosticOf(error, snippet)));
  const [first] = errors;
  const said = first === undefined ? stderr.trim().slice(-500) || `exit code ${exitCode}` : sentence(first);
  throw new Failure('nu_failed', `Nushell cannot parse this: ${said}`, {
    diagnostics,
    ...(first?.help === undefined ? {} : { advice: first.help }),
  });
}

function sentence(error: RenderedError): string {
  const message =
    error.label === undefined ? error.message : `${error.message.replace(/\.$/, '')}: ${error.label}`;
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

async function diagnosticOf(error: RenderedError, snippet: Snippet | undefined): Promise<Diagnostic> {
  const place = userPlace(error.place);
  const inSnippet = snippet !== undefined && place?.file === snippet.file;
  const text =
    place && (inSnippet ? snippet.text : await readFile(place.file, 'utf8').catch(() => undefined));
  return {
    severity: 'error',
    code: error.code === '' ? 'nu-error' : error.code.replaceAll('::', '-').replaceAll('_', '-'),
    message: sentence(error),
    ...(place === undefined || inSnippet ? {} : { path: place.file }),
    ...(place && { line: place.line, column: place.column, length: place.length }),
    ...(place && text !== undefined && { excerpt: excerpt(text, place.line, place.column, place.length) }),
    ...(error.help === undefined ? {} : { advice: error.help }),
  };
}
