import type { Config } from '../config/config.js';
import { findProject } from '../config/find-project.js';
import { loadConfig } from '../config/load-config.js';
import { type StateDirectories, stateDirectory } from '../config/state-directory.js';
import type { CliHost } from './host.js';
import type { ServeOptions } from './serve-options.js';
import { shellWord } from './shell-word.js';

/** The options every command takes. */
export interface GlobalOptions {
  readonly project?: string;
  readonly stateDir?: string;
}

/** Which daemon a command is about, and with which settings. */
export interface Target {
  readonly project: string | null;
  readonly directories: StateDirectories;
  readonly config: Config;
  /** The options another command needs to be about the same daemon when it is called from the same folder; often none. */
  readonly flags: readonly string[];
}

/** Finds the project and the state directory, and loads the settings; `file` is the file the command names. Throws Failure `config_invalid`. */
export async function locate(
  host: CliHost,
  options: GlobalOptions,
  named: { readonly file?: string; readonly flags?: ServeOptions } = {},
): Promise<Target> {
  const { project, directories } = await findPlace(host, options, named.file);
  const config = await loadSettings(host, project, named.flags);
  return { project, directories, config, flags: await neededFlags(host, options, project) };
}

/** The project and the state directory alone, which are there whatever the settings say. */
export async function findPlace(
  host: CliHost,
  options: GlobalOptions,
  file?: string,
): Promise<Pick<Target, 'project' | 'directories'>> {
  const { env, cwd, home, uid } = host;
  const project = await findProject({ flag: options.project, env, file, cwd });
  return { project, directories: stateDirectory({ project, flag: options.stateDir, env, home, cwd, uid }) };
}

export function loadSettings(
  host: CliHost,
  project: string | null,
  flags: ServeOptions = {},
): Promise<Config> {
  return loadConfig({ projectDirectory: project, env: host.env, flags });
}

async function neededFlags(
  host: CliHost,
  options: GlobalOptions,
  project: string | null,
): Promise<readonly string[]> {
  const state = options.stateDir === undefined ? [] : ['--state-dir', shellWord(options.stateDir)];
  const withoutFlag = await findProject({ env: host.env, cwd: host.cwd });
  return project === null || withoutFlag === project ? state : ['--project', shellWord(project), ...state];
}
