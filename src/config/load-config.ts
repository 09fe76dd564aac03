import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '../../protocol/diagnostic.js';
import { parseDocument } from '../document/document.js';
import { checkDocument, type Explain } from '../document/schema-findings.js';
import { errorCode } from '../kernel/error-code.js';
import { errorMessage } from '../kernel/error-message.js';
import { Failure } from '../kernel/failure.js';
import { parseDurationText } from '../kernel/value/duration-text.js';
import { parseSizeText } from '../kernel/value/size-text.js';
import type { Config } from './config.js';
import { PROJECT_FILE } from './find-project.js';
import { type ConfigFlags, overrideSettings } from './override-settings.js';
import { type SidecarFile, sidecarFileSchema } from './sidecar-file-schema.js';

export interface ConfigRequest {
  /** The project's folder, absolute; null without a project. */
  readonly projectDirectory: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: ConfigFlags;
}

/** Sections that the format knows and this version does not build: refused, so that nobody believes they work. */
const LATER_SECTIONS: Readonly<Record<string, string>> = {
  http: 'listening on TCP',
  plugins: 'plugins',
  pools: 'pools',
  schedules: 'schedules',
};

/**
 * Reads the settings: defaults, then sidecar.toml, then the environment, then flags. A project without sidecar.toml has the
 * defaults. Throws Failure `config_invalid` with a diagnostic for every finding (file, line, column, key, suggestion), or
 * `unreadable` when the file is there but cannot be read.
 */
export async function loadConfig(request: ConfigRequest): Promise<Config> {
  const file = request.projectDirectory === null ? null : join(request.projectDirectory, PROJECT_FILE);
  const text = file === null ? null : await readSettings(file);
  const written = file === null || text === null ? sidecarFileSchema.parse({}) : parseSettings(text, file);
  const settings = overrideSettings(written, request.env, request.flags);
  return composeConfig(settings, request.projectDirectory, text === null ? null : file);
}

async function readSettings(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw new Failure('unreadable', `Cannot read ${file}: ${errorMessage(error)}`, {
      expected: 'a file that may be read',
      advice: 'Check its owner and its permissions.',
    });
  }
}

/** Parses the text of a sidecar.toml. Throws Failure `config_invalid`. */
export function parseSettings(text: string, file: string): SidecarFile {
  const checked = checkDocument(parseToml(text, file), sidecarFileSchema, laterSection);
  if (checked.value !== null) return checked.value;
  throw invalid(file, checked.findings);
}

function parseToml(text: string, file: string) {
  try {
    return parseDocument(text, 'toml', file);
  } catch (error) {
    if (error instanceof Failure) throw invalid(file, error.data.diagnostics ?? [], error);
    throw error;
  }
}

function invalid(file: string, diagnostics: readonly Diagnostic[], cause?: Error): Failure {
  const [first] = diagnostics;
  const place = first?.line === undefined ? file : `${file}:${first.line}:${first.column ?? 1}`;
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : '';
  const what = first?.message ?? cause?.message ?? 'not valid';
  return new Failure('config_invalid', `${place}: ${what}${more}`, {
    diagnostics,
    ...(first?.expected === undefined ? {} : { expected: first.expected }),
    ...(first?.got === undefined ? {} : { got: first.got }),
    ...(first?.advice === undefined ? {} : { advice: first.advice }),
  });
}

const laterSection: Explain = (path, problem) => {
  const [key] = path;
  if (
    problem !== 'unknown-key' ||
    path.length !== 1 ||
    typeof key !== 'string' ||
    !Object.hasOwn(LATER_SECTIONS, key)
  ) {
    return undefined;
  }
  return {
    code: 'later-version',
    message: `"${key}" (${LATER_SECTIONS[key]}) is part of the format but not of this version`,
    expected: `no ${key} key`,
    got: key,
    advice: 'Remove it, or use a later version.',
  };
};

function composeConfig(settings: SidecarFile, project: string | null, file: string | null): Config {
  // Without a project every path in the settings came from the environment or a flag, and is absolute already.
  const absolute = (path: string): string => (project === null ? resolve(path) : resolve(project, path));
  const roots = (extra: readonly string[]): readonly string[] => [
    ...(project === null ? [] : [project]),
    ...extra.map(absolute),
  ];
  const { nu, files, template, workflow, daemon, limits } = settings;
  return {
    name: settings.name ?? null,
    project,
    file,
    nu: {
      path: nu.path === undefined ? null : absolute(nu.path),
      envAllow: nu.env_allow,
      includeDirs: nu.include_dirs.map(absolute),
    },
    files: {
      roots: roots(files.roots),
      limits: { bytes: bytes(files.max_bytes), depth: files.max_depth, aliases: files.max_aliases },
    },
    template: {
      roots: roots(template.roots),
      budgets: {
        steps: template.max_steps,
        outputBytes: bytes(template.max_output),
        stringBytes: bytes(template.max_string),
        depth: template.max_depth,
        deadlineMs: milliseconds(template.deadline),
      },
    },
    workflow: {
      folders: project === null ? [] : workflow.folders.map(absolute),
      maxParallel: workflow.max_parallel ?? null,
      maxAttemptsLive: workflow.max_attempts_live ?? Math.max(4, 2 * availableParallelism()),
    },
    daemon: {
      idleTimeoutMs: daemon.idle_timeout === 'never' ? null : milliseconds(daemon.idle_timeout),
      drainTimeoutMs: milliseconds(daemon.drain_timeout),
      logLevel: daemon.log_level,
    },
    limits: {
      messageBytes: bytes(limits.message_bytes),
      inFlight: limits.in_flight,
      connections: limits.connections,
      outputBytes: bytes(limits.output_bytes),
    },
  };
}

/** The schema let only durations through; a number too large for one is as good as no limit. */
const milliseconds = (text: string): number => parseDurationText(text) ?? Number.MAX_SAFE_INTEGER;

const bytes = (size: number | string): number =>
  typeof size === 'number' ? size : (parseSizeText(size) ?? Number.MAX_SAFE_INTEGER);
