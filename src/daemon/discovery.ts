import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const discoverySchema = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string(),
  protocolVersion: z.number().int(),
  buildId: z.string(),
  epoch: z.number().int(),
  rpcSocket: z.string(),
  httpSocket: z.string().nullable(),
  httpUrl: z.string().nullable(),
});

/** Where the daemon of a state directory is reached, as `discovery.json` says it. It may be stale: only a connection proves it. */
export type Discovery = Readonly<z.infer<typeof discoverySchema>>;

export function discoveryPath(stateDirectory: string): string {
  return join(stateDirectory, 'discovery.json');
}

/** Reads the discovery file; null when there is none or it is not one (it is written whole, so such a file is not ours). */
export async function readDiscovery(stateDirectory: string): Promise<Discovery | null> {
  try {
    const parsed = discoverySchema.safeParse(
      JSON.parse(await readFile(discoveryPath(stateDirectory), 'utf8')),
    );
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Writes the discovery file whole (temporary file, then rename), 0600. It is a hint, so it is not synced. */
export async function writeDiscovery(stateDirectory: string, discovery: Discovery): Promise<void> {
  const temporary = join(stateDirectory, `.discovery-${randomUUID()}`);
  try {
    await writeFile(temporary, `${JSON.stringify(discovery, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(temporary, discoveryPath(stateDirectory));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes the discovery file if it is still that of the given epoch: a successor's stays. */
export async function removeDiscovery(stateDirectory: string, epoch: number): Promise<void> {
  const current = await readDiscovery(stateDirectory);
  if (current?.epoch === epoch) await rm(discoveryPath(stateDirectory), { force: true });
}
