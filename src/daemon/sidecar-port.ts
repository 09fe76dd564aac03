import type { Catalogue } from '../../protocol/catalogue.js';
import type { BuildInfo } from '../build-info.js';
import type { Config } from '../config/config.js';
import type { Clock } from '../kernel/clock.js';
import type { Dispatch } from '../kernel/dispatch.js';
import type { Log } from '../kernel/log.js';
import type { FilePort } from '../store/file-port.js';

/** What the daemon hands to the composition root. */
export interface SidecarOptions {
  readonly stateDirectory: string;
  readonly project: string | null;
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly build: BuildInfo;
  /** The PATH on which nu is looked for. */
  readonly searchPath: string;
  /** Takes the state directory from an owner of which one cannot tell from here whether it is still running. */
  readonly takeOver: boolean;
  /** Called by `sidecar/stop`, after its answer was handed over. */
  readonly onStopRequested: (how: StopRequest) => void;
  /** The file operations of the state directory: the system's unless a test counts them or makes them fail. */
  readonly files?: FilePort;
  /** Connections open now, for `sidecar/status`. */
  readonly connections: () => number;
}

/** How a daemon is asked to end. */
export interface StopRequest {
  /** Milliseconds that live attempts may still take; the configured drain timeout when absent. */
  readonly drainTimeoutMs?: number;
  /** Live attempts are stopped at once. */
  readonly force?: boolean;
}

/** What the composition root gives back: everything but sockets and signals. */
export interface Sidecar {
  /** The only path of a request. */
  readonly dispatch: Dispatch;
  /** The methods it answers. */
  readonly catalogue: Catalogue;
  readonly epoch: number;
  /** RFC 3339. */
  readonly startedAt: string;
  activity(): { readonly unfinishedRuns: number; readonly liveAttempts: number };
  /** Registers a listener that is called whenever {@link activity} may have changed. */
  onActivity(listener: () => void): void;
  /** Starts no new attempt and resolves when none is live, at the latest after timeoutMs. */
  drain(timeoutMs: number): Promise<void>;
  /** Closes the journal and releases the lock. */
  close(): Promise<void>;
  /** Resolves with the reason when the storage is beyond rescue: the daemon then ends with exit code 75. */
  readonly failed: Promise<Error>;
}

/** Takes the lock (Failure `state_locked` naming the owner), replays the journal and recovers. */
export type CreateSidecar = (options: SidecarOptions) => Promise<Sidecar>;
