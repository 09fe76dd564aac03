import type { z } from 'zod';
import type { sidecarFileSchema } from './sidecar-file-schema.js';

/** How much the daemon logs: the levels of pino that are of use here. */
export type LogLevel = z.output<typeof sidecarFileSchema>['daemon']['log_level'];

/**
 * The settings a daemon runs with: sidecar.toml, environment and flags merged and validated. Paths are absolute, durations
 * milliseconds, sizes bytes.
 */
export interface Config {
  /** The name of the project, for people. */
  readonly name: string | null;
  /** The project's folder; null without a project. */
  readonly project: string | null;
  /** The sidecar.toml that was read; null when there is none. */
  readonly file: string | null;
  readonly nu: {
    /** The nu to use; null: search PATH, then the npm package. */
    readonly path: string | null;
    /** Environment variables of the submitter that attempts see beside the fixed ones; a name may end in `*`. */
    readonly envAllow: readonly string[];
    /** Folders for `nu -I`, beside the sidecar's own nulib. */
    readonly includeDirs: readonly string[];
  };
  readonly files: {
    /** Folders files may be read from: the project first, when there is one. */
    readonly roots: readonly string[];
    readonly limits: { readonly bytes: number; readonly depth: number; readonly aliases: number };
  };
  readonly template: {
    /** Folders templates may be read and included from: the project first, when there is one. */
    readonly roots: readonly string[];
    readonly budgets: {
      readonly steps: number;
      readonly outputBytes: number;
      readonly stringBytes: number;
      readonly depth: number;
      readonly deadlineMs: number;
    };
  };
  readonly workflow: {
    /** Folders searched for workflows that are named without a path. */
    readonly folders: readonly string[];
    /** Live tasks of one run where the workflow file has no max_parallel; null: only the daemon's limit. */
    readonly maxParallel: number | null;
    /** Live processes of all runs together. */
    readonly maxAttemptsLive: number;
  };
  readonly daemon: {
    /** Without connections and unfinished runs for so long, the daemon ends; null: never. */
    readonly idleTimeoutMs: number | null;
    readonly drainTimeoutMs: number;
    readonly logLevel: LogLevel;
  };
  readonly limits: {
    readonly messageBytes: number;
    readonly inFlight: number;
    readonly connections: number;
    /** Standard output and error of one attempt together. */
    readonly outputBytes: number;
  };
}
