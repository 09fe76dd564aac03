import { randomUUID } from 'node:crypto';
import type { Catalogue } from '../../protocol/catalogue.js';
import { protocolVersion } from '../../protocol/scalars.js';
import { initialize, setTrace, shutdown } from '../../protocol/session.js';
import { checkParams } from '../kernel/check-params.js';
import type { SessionInfo } from '../kernel/context.js';
import type { Dispatch } from '../kernel/dispatch.js';
import type { ParamsOf, ResultOf } from '../kernel/handlers.js';
import type { Log } from '../kernel/log.js';
import type { Cancellable, OpenSession, SessionLink, SessionPort } from '../kernel/session-port.js';
import type { Value } from '../kernel/value/value.js';
import { clientLog, type Trace, traceOf } from './client-log.js';
import { type Phase, refusal, takesNotification } from './lifecycle.js';
import { sessionFolder } from './session-folder.js';
import { SessionRequest } from './session-request.js';

export interface SessionOptions {
  readonly dispatch: Dispatch;
  readonly catalogue: Catalogue;
  readonly server: { readonly name: string; readonly version: string; readonly buildId: string };
  readonly log: Log;
  /** Calls back when a process has died; returns how to stop watching. */
  readonly watchProcess: (pid: number, onDeath: () => void) => () => void;
}

/** Opens sessions over any connection. */
export function createSessions(options: SessionOptions): OpenSession {
  return (link) => new Session(link, options);
}

/** The life of one client, from its first message to the end of its connection. */
class Session implements SessionPort, SessionInfo {
  readonly id = randomUUID();
  readonly env: SessionInfo['env'];
  readonly #link: SessionLink;
  readonly #options: SessionOptions;
  readonly #log: Log;
  readonly #onClose = new Set<() => void>();
  readonly #ownMethods = new Map<string, (params: Value | undefined) => Promise<Value>>([
    [initialize.name, async (params) => this.#initialize(params)],
    [shutdown.name, async (params) => this.#shutDown(params)],
  ]);
  #phase: Phase = 'new';
  #client: SessionInfo['client'] = null;
  #cwd: string | null;
  #trace: Trace = 'off';
  #stopWatching: (() => void) | null = null;
  #closed = false;

  constructor(link: SessionLink, options: SessionOptions) {
    this.#link = link;
    this.#options = options;
    this.env = link.attachment?.env ?? null;
    this.#cwd = link.attachment?.cwd ?? null;
    this.#log = clientLog(
      options.log.child({ session: this.id }),
      () => this.#trace,
      (type, message) => {
        // JSON lines without initialize expect answers only.
        if (this.#phase === 'open') this.notify('window/logMessage', { type, message });
      },
    );
    this.#watch(link.attachment?.processId ?? null);
  }

  get client(): SessionInfo['client'] {
    return this.#client;
  }

  get cwd(): string | null {
    return this.#cwd;
  }

  get shutDown(): boolean {
    return this.#phase === 'shut-down';
  }

  request(method: string, params: Value | undefined, call: Cancellable): Promise<Value> {
    const failure = refusal(this.#phase, this.#link.framing, method);
    if (failure !== null) return Promise.reject(failure);
    const own = this.#ownMethods.get(method);
    if (own !== undefined) return own(params);
    return this.#options.dispatch(method, params, new SessionRequest(this, this.#log, method, call));
  }

  notification(method: string, params: Value | undefined): void {
    if (!takesNotification(this.#phase, this.#link.framing, method)) return;
    if (method === 'exit') this.#link.end();
    if (method === setTrace.name) {
      const parsed = setTrace.params.safeParse(params);
      if (parsed.success) this.#trace = traceOf(parsed.data.value);
    }
  }

  notify(method: string, params: Value): void {
    this.#link.notify(method, params);
  }

  onClose(callback: () => void): () => void {
    if (this.#closed) {
      callback();
      return () => undefined;
    }
    this.#onClose.add(callback);
    return () => this.#onClose.delete(callback);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching?.();
    for (const callback of this.#onClose) callback();
    this.#onClose.clear();
  }

  #initialize(params: Value | undefined): ResultOf<typeof initialize> {
    // The schema that was checked is the one the type is made from.
    const checked = checkParams(initialize, params) as ParamsOf<typeof initialize>;
    const { clientInfo } = checked;
    this.#client = clientInfo ? { name: clientInfo.name, version: clientInfo.version ?? null } : null;
    this.#cwd = sessionFolder(checked) ?? this.#cwd;
    this.#trace = traceOf(checked.trace);
    this.#watch(checked.processId ?? null);
    this.#phase = 'open';
    const ours = this.#options.catalogue.methods;
    return {
      protocolVersion,
      serverInfo: this.#options.server,
      capabilities: {
        methods: ours.filter((each) => each.kind === 'request').map((each) => each.name),
        notifications: ours
          .filter((each) => each.kind === 'notification' && each.direction === 'sidecar')
          .map((each) => each.name),
      },
    };
  }

  #shutDown(params: Value | undefined): null {
    checkParams(shutdown, params);
    this.#phase = 'shut-down';
    return null;
  }

  /** The connection may outlive the client in the hands of another process: then its death ends the session. */
  #watch(pid: number | null): void {
    if (pid === null) return;
    this.#stopWatching?.();
    this.#stopWatching = this.#options.watchProcess(pid, () => this.#link.end());
  }
}
