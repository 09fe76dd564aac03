import { answers } from './answers.js';
import { type Discovery, readDiscovery } from './discovery.js';

/** The daemon of a state directory that accepts connections now, or null. */
export async function liveDaemon(stateDirectory: string): Promise<Discovery | null> {
  const discovery = await readDiscovery(stateDirectory);
  return discovery !== null && (await answers(discovery.rpcSocket)) ? discovery : null;
}
