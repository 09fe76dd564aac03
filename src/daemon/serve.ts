import { dirname } from 'node:path';
import { protocolVersion } from '../../protocol/scalars.js';
import type { BuildInfo } from '../build-info.js';
import type { Config } from '../config/config.js';
import type { StateDirectories } from '../config/state-directory.js';
import type { Clock } from '../kernel/clock.js';
import type { Log } from '../kernel/log.js';
import type { OpenSession } from '../kernel/session-port.js';
import { createSessions } from '../session/session.js';
import { listenOnSocket } from '../transport/socket-server.js';
import { watchProcess } from '../transport/watch-process.js';
import { type Discovery, removeDiscovery, writeDiscovery } from './discovery.js';
import { type ExitCode, exitCode } from './exit-code.js';
import { watchIdle } from './idle-exit.js';
import { makePrivateFolder } from './private-folder.js';
import type { CreateSidecar, Sidecar, StopRequest } from './sidecar-port.js';

/** Where signals come from: `process`, or an emitter in tests. */
export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
}

export interface ServeOptions {
  readonly directories: StateDirectories;
  readonly project: string | null;
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly build: BuildInfo;
  readonly pid: number;
  readonly uid: number;
  readonly searchPath: string;
  readonly signals: SignalSource;
  readonly createSidecar: CreateSidecar;
  /** Takes the state from an owner that cannot be judged from here. */
  readonly takeOver: boolean;
  /** Whether the daemon ends when nobody needs it; a standalone process ends with its caller instead. */
  readonly endsWhenIdle: boolean;
}

/** Why a daemon ended, and with which exit code. */
export interface DaemonEnd {
  readonly exitCode: ExitCode;
  readonly reason: string;
}

/** A daemon that listens and is discovered. */
export interface Daemon {
  readonly discovery: Discovery;
  /** Opens a session on any connection, as those of the socket are opened. */
  readonly openSession: OpenSession;
  /** Resolves when the state is closed and the lock released. */
  readonly ended: Promise<DaemonEnd>;
  /** Drains and ends; a second call with force shortens the drain. The first reason wins. */
  stop(how: StopRequest, reason: string): void;
}

/**
 * Runs a daemon in this process: takes the lock, recovers, listens, and is discovered only then. It ends by `sidecar/stop`, by
 * SIGTERM, SIGINT or SIGHUP (drain; a second signal stops live attempts at once), by idleness, or because its storage failed.
 * Throws Failure `state_locked` naming the owner's pid, and whatever the composition root throws.
 */
export async function serve(options: ServeOptions): Promise<Daemon> {
  const { directories, config, log, clock, build } = options;
  const { stateDirectory, socketDirectory, rpcSocket } = directories;
  // The folder of the sockets itself is looked at by who listens there; the one above is shared by all state directories.
  if (socketDirectory !== stateDirectory) await makePrivateFolder(dirname(socketDirectory), options.uid);
  const stop = createStopper();
  // Until the socket listens nobody is connected; the sidecar asks only later.
  let connections = () => 0;
  const sidecar = await options.createSidecar({
    stateDirectory,
    project: options.project,
    config,
    log,
    clock,
    build,
    searchPath: options.searchPath,
    takeOver: options.takeOver,
    onStopRequested: (how) => stop.request(how, 'sidecar/stop'),
    connections: () => connections(),
  });
  const idle = watchIdle({
    idleTimeoutMs: options.endsWhenIdle ? config.daemon.idleTimeoutMs : null,
    isIdle: () => connections() === 0 && sidecar.activity().unfinishedRuns === 0,
    onIdle: () => stop.request({}, 'idle'),
  });
  const openSession = createSessions({
    dispatch: sidecar.dispatch,
    catalogue: sidecar.catalogue,
    server: { name: 'nu-sidecar', ...build },
    log,
    watchProcess,
  });
  const server = await listenOnSocket({
    path: rpcSocket,
    openSession,
    log,
    limits: peerLimits(config),
    maxConnections: config.limits.connections,
    onConnections: () => idle.touch(),
  }).catch(async (error: unknown) => {
    await sidecar.close();
    throw error;
  });
  connections = () => server.connections;
  const discovery: Discovery = {
    pid: options.pid,
    startedAt: sidecar.startedAt,
    protocolVersion,
    buildId: build.buildId,
    epoch: sidecar.epoch,
    rpcSocket,
    httpSocket: null,
    httpUrl: null,
  };
  const close = async () => {
    // First the file: whose connection breaks after it is gone knows that the daemon was stopped and did not crash.
    await removeDiscovery(stateDirectory, sidecar.epoch);
    await server.close();
    await sidecar.close();
  };
  await writeDiscovery(stateDirectory, discovery).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  sidecar.onActivity(() => idle.touch());
  idle.touch();
  const unwatch = watchSignals(options.signals, stop);
  log.info(
    { pid: discovery.pid, epoch: discovery.epoch, rpcSocket, buildId: build.buildId },
    'the daemon is ready',
  );

  const ended = runUntilEnd({
    sidecar,
    stop,
    drainTimeoutMs: config.daemon.drainTimeoutMs,
    log,
    close,
  }).finally(() => {
    idle.close();
    unwatch();
  });
  return { discovery, openSession, ended, stop: stop.request };
}

/** The settings of sidecar.toml that a connection keeps. */
export function peerLimits({ limits }: Config) {
  return { messageBytes: limits.messageBytes, inFlight: limits.inFlight };
}

async function runUntilEnd(running: {
  readonly sidecar: Sidecar;
  readonly stop: Stopper;
  readonly drainTimeoutMs: number;
  readonly log: Log;
  readonly close: () => Promise<void>;
}): Promise<DaemonEnd> {
  const { sidecar, stop, log } = running;
  const cause = await Promise.race([
    stop.requested,
    sidecar.failed.then((error) => ({ error, reason: `the storage failed: ${error.message}` })),
  ]);
  log.info({ reason: cause.reason }, 'the daemon is ending');
  if (!('error' in cause)) {
    const drainTimeoutMs = cause.how.force ? 0 : (cause.how.drainTimeoutMs ?? running.drainTimeoutMs);
    await Promise.race([sidecar.drain(drainTimeoutMs), stop.forced.then(() => sidecar.drain(0))]);
  }
  await running.close();
  log.info({ reason: cause.reason }, 'the daemon has ended');
  return { exitCode: 'error' in cause ? exitCode.storageFailed : exitCode.ok, reason: cause.reason };
}

/** Remembers the first request to stop, and whether a later one (or the first) is in a hurry. */
interface Stopper {
  request(how: StopRequest, reason: string): void;
  readonly requested: Promise<{ readonly how: StopRequest; readonly reason: string }>;
  readonly forced: Promise<void>;
}

function createStopper(): Stopper {
  let resolveRequested: (request: { how: StopRequest; reason: string }) => void = () => {};
  let resolveForced: () => void = () => {};
  const requested = new Promise<{ how: StopRequest; reason: string }>((resolve) => {
    resolveRequested = resolve;
  });
  const forced = new Promise<void>((resolve) => {
    resolveForced = resolve;
  });
  return {
    requested,
    forced,
    request: (how, reason) => {
      resolveRequested({ how, reason });
      if (how.force) resolveForced();
    },
  };
}

function watchSignals(signals: SignalSource, stop: Stopper): () => void {
  let seen = 0;
  const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  const watched = names.map((name) => {
    const listener = () => {
      seen += 1;
      stop.request(seen > 1 ? { force: true } : {}, name);
    };
    signals.on(name, listener);
    return () => signals.off(name, listener);
  });
  return () => {
    for (const unwatch of watched) unwatch();
  };
}
