import { dirname } from 'node:path';
import type { FilePort } from './file-port.js';

/** Makes folders below the state directory durable: a new folder counts only once the folder above it was synced. */
export class Folders {
  readonly #files: FilePort;
  readonly #root: string;
  readonly #durable = new Set<string>();

  constructor(files: FilePort, root: string) {
    this.#files = files;
    this.#root = root;
    this.#durable.add(root);
  }

  /** Makes the folders that are missing, with one sync for each folder above them. */
  async ensure(...paths: readonly string[]): Promise<void> {
    const above = new Set<string>();
    const made: string[] = [];
    for (const path of paths) {
      if (this.#durable.has(path)) continue;
      await this.#files.makeFolder(path);
      for (let folder = path; folder.length > this.#root.length && !this.#durable.has(folder); ) {
        made.push(folder);
        folder = dirname(folder);
        above.add(folder);
      }
    }
    for (const folder of above) await this.#files.syncFolder(folder);
    for (const folder of made) this.#durable.add(folder);
  }

  /** Forgets a folder that will not be asked for again, so that a daemon of many runs does not grow. */
  forget(path: string): void {
    this.#durable.delete(path);
  }
}
