import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LockDocument, lockSchema } from '../../state/schema.js';
import { isCertainlyDead } from '../process/identity.js';

/** Who holds the newest lock of a state directory, for people: the lock itself is `store/`'s. */
export interface LockHolder {
  readonly lock: LockDocument;
  readonly verdict: 'released' | 'dead' | 'alive' | 'unknown';
}

/** Reads the newest lock; null when nobody ever took it, or when it cannot be read. */
export async function readLockHolder(stateDirectory: string): Promise<LockHolder | null> {
  const names = await readdir(stateDirectory).catch(() => []);
  const newest = Math.max(0, ...names.map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0)));
  if (newest === 0) return null;
  const path = join(stateDirectory, `lock.${newest}`);
  const text = await readFile(path, 'utf8').catch(() => '');
  const parsed = lockSchema.safeParse(parseOrNull(text));
  if (!parsed.success) return null;
  const verdict = existsSync(`${path}.released`) ? 'released' : isCertainlyDead(parsed.data);
  return { lock: parsed.data, verdict };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
