import type { Config } from '../config/config.js';
import type { StateDirectories } from '../config/state-directory.js';
import type { BuildName } from './build-rule.js';

/** What a check found, in plain words. */
export interface Finding {
  /** `note`: nothing is wrong, but it is worth knowing. */
  readonly status: 'ok' | 'note' | 'problem';
  readonly message: string;
  /** What to do about a problem. */
  readonly cure?: string;
}

/** What is examined. */
export interface Patient {
  readonly directories: StateDirectories;
  readonly project: string | null;
  /** Loads the settings; rejects with what is wrong with them. */
  readonly loadSettings: () => Promise<Config>;
  readonly nodeVersion: string;
  readonly searchPath: string;
  readonly uid: number;
  readonly build: BuildName;
}
