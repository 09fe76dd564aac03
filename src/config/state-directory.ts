import { createHash } from 'node:crypto';
import { isAbsolute, join, resolve } from 'node:path';

/** Bytes a socket's path may have: Linux holds 108 and macOS 104, and Node truncates a longer one without a word. */
const SOCKET_PATH_LIMIT = 100;

/** What decides where a daemon keeps its state and listens. */
export interface StatePlace {
  /** The project's folder, absolute; null without a project. */
  readonly project: string | null;
  /** `--state-dir D`; wins over SIDECAR_STATE_DIR. */
  readonly flag?: string | undefined;
  /** SIDECAR_STATE_DIR, XDG_STATE_HOME, XDG_RUNTIME_DIR and HOME are read from it; an empty variable counts as unset. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The home folder where HOME is unset. */
  readonly home: string;
  /** The working directory, absolute: a relative state directory counts from it. */
  readonly cwd: string;
  readonly uid: number;
}

export interface StateDirectories {
  /** Absolute. */
  readonly stateDirectory: string;
  /** The folder of the sockets, to be made 0700; it may be the state directory itself. */
  readonly socketDirectory: string;
  readonly rpcSocket: string;
}

/**
 * Says where the state and the sockets of a project are; touches no file. State: `--state-dir`, else SIDECAR_STATE_DIR, else
 * `.sidecar/` in the project, else `$XDG_STATE_HOME/nu-sidecar`. Sockets: `$XDG_RUNTIME_DIR/nu-sidecar/<hash>/`, else the state
 * directory, else (over 100 bytes) `/tmp/nu-sidecar-<uid>/<hash>/`.
 */
export function stateDirectory(place: StatePlace): StateDirectories {
  const state = stateFolder(place);
  const socketDirectory = socketFolder(place, state);
  return { stateDirectory: state, socketDirectory, rpcSocket: join(socketDirectory, 'rpc.sock') };
}

function stateFolder(place: StatePlace): string {
  const named = variable(place.flag) ?? variable(place.env['SIDECAR_STATE_DIR']);
  if (named !== undefined) return resolve(place.cwd, named);
  if (place.project !== null) return join(place.project, '.sidecar');
  const home = variable(place.env['HOME']) ?? place.home;
  return join(absolute(place.env['XDG_STATE_HOME']) ?? join(home, '.local', 'state'), 'nu-sidecar');
}

function socketFolder(place: StatePlace, state: string): string {
  const hash = createHash('sha256').update(state).digest('hex').slice(0, 16);
  const runtime = absolute(place.env['XDG_RUNTIME_DIR']);
  const wanted = runtime === undefined ? state : join(runtime, 'nu-sidecar', hash);
  return fits(wanted) ? wanted : join('/tmp', `nu-sidecar-${place.uid}`, hash);
}

/** Every socket of a daemon lies in one folder, so the longest name decides for all. */
const fits = (folder: string): boolean => Buffer.byteLength(join(folder, 'http.sock')) <= SOCKET_PATH_LIMIT;

const variable = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** The XDG base directory specification: a relative path is invalid and is to be ignored. */
function absolute(text: string | undefined): string | undefined {
  return text !== undefined && isAbsolute(text) ? text : undefined;
}
