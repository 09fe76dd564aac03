import type { Readable } from 'node:stream';
import { readBuildInfo } from '../build-info.js';
import { type Daemon, serve } from '../daemon/serve.js';
import { serveStandalone } from '../daemon/standalone.js';
import { systemClock } from '../kernel/clock.js';
import { createLog } from '../kernel/log.js';
import type { CliHost } from './host.js';
import type { Target } from './locate.js';
import type { ServeOptions } from './serve-options.js';

/** Runs a daemon in this process, until it is told to end or nobody needs it. */
export function hostDaemon(host: CliHost, target: Target, options: ServeOptions): Promise<Daemon> {
  return serve({ ...daemonOptions(host, target, options), endsWhenIdle: true });
}

/** Runs everything in this process for the client on stdin and stdout. Resolves with its exit code. */
export function hostStandalone(
  host: CliHost,
  target: Target,
  options: ServeOptions,
  stream: { readonly input: Readable; readonly hangup: AbortSignal },
): Promise<number> {
  return serveStandalone({ ...daemonOptions(host, target, options), ...stream, output: host.stdout });
}

/** What a daemon in this process needs; it takes no environment but what is passed here. */
function daemonOptions(host: CliHost, target: Target, { takeOver = false }: ServeOptions) {
  return {
    directories: target.directories,
    project: target.project,
    config: target.config,
    log: createLog({ level: target.config.daemon.logLevel, to: 'stderr' }),
    clock: systemClock,
    build: readBuildInfo(),
    pid: host.pid,
    uid: host.uid,
    searchPath: host.env['PATH'] ?? '',
    signals: host.signals,
    createSidecar: host.createSidecar,
    takeOver,
  };
}
