import { resolve } from 'node:path';
import type { z } from 'zod';
import { describeValue, expectedText } from '../document/schema-findings.js';
import { Failure } from '../kernel/failure.js';
import { type SidecarFile, sidecarFileSchema } from './sidecar-file-schema.js';

/** Settings a command line may give; each wins over its environment variable, and that over sidecar.toml. */
export interface ConfigFlags {
  readonly nu?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly idleTimeout?: string | undefined;
  readonly drainTimeout?: string | undefined;
}

interface Override {
  readonly section: 'nu' | 'daemon';
  readonly key: string;
  readonly variable: string;
  readonly flag: keyof ConfigFlags;
  readonly option: string;
}

/** Which settings the environment and the command line may replace. */
const OVERRIDES: readonly Override[] = [
  { section: 'nu', key: 'path', variable: 'SIDECAR_NU', flag: 'nu', option: '--nu' },
  {
    section: 'daemon',
    key: 'log_level',
    variable: 'SIDECAR_LOG_LEVEL',
    flag: 'logLevel',
    option: '--log-level',
  },
  {
    section: 'daemon',
    key: 'idle_timeout',
    variable: 'SIDECAR_IDLE_TIMEOUT',
    flag: 'idleTimeout',
    option: '--idle-timeout',
  },
  {
    section: 'daemon',
    key: 'drain_timeout',
    variable: 'SIDECAR_DRAIN_TIMEOUT',
    flag: 'drainTimeout',
    option: '--drain-timeout',
  },
];

/**
 * Puts environment and flags over the settings of the file; an empty variable counts as unset. Throws Failure
 * `config_invalid` that names the variable or the option.
 */
export function overrideSettings(
  settings: SidecarFile,
  env: Readonly<Record<string, string | undefined>>,
  flags: ConfigFlags,
): SidecarFile {
  let result = settings;
  for (const override of OVERRIDES) {
    const flag = nonEmpty(flags[override.flag]);
    const text = flag ?? nonEmpty(env[override.variable]);
    if (text === undefined) continue;
    // A path on the command line or in the environment counts from where the caller stands, not from the project.
    const value = override.key === 'path' ? resolve(text) : text;
    const section = { ...result[override.section], [override.key]: value };
    const parsed = sidecarFileSchema.safeParse({ ...result, [override.section]: section });
    if (!parsed.success)
      throw invalid(flag === undefined ? override.variable : override.option, text, parsed.error);
    result = parsed.data;
  }
  return result;
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function invalid(source: string, text: string, error: z.ZodError): Failure {
  const expected = error.issues.map(expectedText).join('; ');
  const got = describeValue(text);
  return new Failure('config_invalid', `Invalid value of ${source}: expected ${expected}, got ${got}.`, {
    expected,
    got,
    advice: `Correct ${source}, or leave it out.`,
  });
}
