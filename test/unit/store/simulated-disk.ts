import { basename, dirname } from 'node:path';
import type { FilePort } from '../../../src/store/file-port.js';

/**
 * A disk in memory that keeps apart what a process sees and what a power cut would leave: file contents are durable after
 * sync or datasync, names after syncFolder. It counts its operations and can be told to fail or to crash at any of them.
 */
export class SimulatedDisk implements FilePort {
  readonly #root: Folder;
  readonly #open = new Map<number, File>();
  #nextFd = 100;
  /** Operations so far, by name. */
  readonly counts = new Map<string, number>();
  operations = 0;
  /** Asked before every operation. An error is thrown; a number cuts a write short at that many bytes. */
  fault: (operation: Operation) => Error | number | undefined = () => undefined;
  freeBytes = 1e12;
  fileSystem = 0xef53;

  constructor(root: Folder = new Folder()) {
    this.#root = root;
  }

  async open(path: string, mode: 'read' | 'update' | 'create'): Promise<number> {
    await this.#step('open', path);
    const folder = this.#folder(dirname(path));
    let file = folder.entries.get(basename(path));
    if (mode === 'create') {
      if (file !== undefined) throw systemError('EEXIST', path);
      file = new File();
      folder.set(basename(path), file);
    }
    if (!(file instanceof File)) throw systemError('ENOENT', path);
    this.#nextFd += 1;
    this.#open.set(this.#nextFd, file);
    return this.#nextFd;
  }

  async close(fd: number): Promise<void> {
    await this.#step('close', fd);
    this.#open.delete(fd);
  }

  async size(fd: number): Promise<number> {
    return this.#file(fd).bytes.length;
  }

  async read(fd: number, length: number, position: number): Promise<Uint8Array> {
    return Uint8Array.from(this.#file(fd).bytes.subarray(position, position + length));
  }

  async write(fd: number, bytes: Uint8Array, position: number): Promise<number> {
    const limit = await this.#step('write', fd);
    const taken = bytes.subarray(0, limit);
    this.#file(fd).write(taken, position);
    return taken.length;
  }

  async truncate(fd: number, length: number): Promise<void> {
    await this.#step('truncate', fd);
    this.#file(fd).truncate(length);
  }

  async datasync(fd: number): Promise<void> {
    await this.#step('datasync', fd);
    this.#file(fd).sync();
  }

  async sync(fd: number): Promise<void> {
    await this.#step('sync', fd);
    this.#file(fd).sync();
  }

  async syncFolder(path: string): Promise<void> {
    await this.#step('syncFolder', path);
    this.#folder(path).sync();
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#step('rename', to);
    const source = this.#folder(dirname(from));
    const file = source.entries.get(basename(from));
    if (file === undefined) throw systemError('ENOENT', from);
    this.#folder(dirname(to)).set(basename(to), file);
    source.delete(basename(from));
  }

  async link(from: string, to: string): Promise<void> {
    await this.#step('link', to);
    const file = this.#folder(dirname(from)).entries.get(basename(from));
    if (file === undefined) throw systemError('ENOENT', from);
    const target = this.#folder(dirname(to));
    if (target.entries.has(basename(to))) throw systemError('EEXIST', to);
    target.set(basename(to), file);
  }

  async unlink(path: string): Promise<void> {
    await this.#step('unlink', path);
    const folder = this.#folder(dirname(path));
    if (!folder.entries.has(basename(path))) throw systemError('ENOENT', path);
    folder.delete(basename(path));
  }

  async makeFolder(path: string): Promise<string | undefined> {
    if (this.#find(path) instanceof Folder) return undefined;
    const above = path === '/' ? undefined : await this.makeFolder(dirname(path));
    await this.#step('makeFolder', path);
    this.#folder(dirname(path)).set(basename(path), new Folder());
    return above ?? path;
  }

  async readFile(path: string): Promise<Uint8Array | null> {
    await this.#step('readFile', path);
    return this.peek(path);
  }

  async list(path: string): Promise<readonly string[]> {
    await this.#step('list', path);
    const found = this.#find(path);
    return found instanceof Folder ? [...found.entries.keys()] : [];
  }

  async restrict(): Promise<number | null> {
    return null;
  }

  exists(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  space(): { readonly freeBytes: number; readonly fileSystem: number } {
    return { freeBytes: this.freeBytes, fileSystem: this.fileSystem };
  }

  /** The bytes of a file as the process sees them, without counting as an operation. */
  peek(path: string): Uint8Array | null {
    const found = this.#find(path);
    return found instanceof File ? Uint8Array.from(found.bytes) : null;
  }

  /** Puts a file there, durable: for tests that damage or prepare a state. */
  poke(path: string, bytes: Uint8Array | string): void {
    const file = new File();
    file.write(Buffer.from(bytes), 0);
    file.sync();
    const folder = this.#folder(dirname(path));
    folder.set(basename(path), file);
    folder.sync();
  }

  /**
   * The disk that the next process finds after a kill -9: everything written is there, in the page cache, and still not
   * durable where nobody synced it.
   */
  afterKill(): SimulatedDisk {
    return new SimulatedDisk(this.#root);
  }

  /** The disk after a power cut: only what was synced is certain; `keep` decides for each block and name that was not. */
  afterPowerCut(keep: () => boolean = () => false): SimulatedDisk {
    return new SimulatedDisk(this.#root.afterPowerCut(keep));
  }

  async #step(name: string, target: string | number): Promise<number | undefined> {
    this.operations += 1;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    const fault = this.fault({ name, target, number: this.operations });
    if (fault instanceof Error) throw fault;
    // As on a real disk, the answer comes in a later turn of the loop.
    await Promise.resolve();
    return fault;
  }

  #file(fd: number): File {
    const file = this.#open.get(fd);
    if (file === undefined) throw systemError('EBADF', String(fd));
    return file;
  }

  #folder(path: string): Folder {
    const found = this.#find(path);
    if (!(found instanceof Folder)) throw systemError('ENOENT', path);
    return found;
  }

  #find(path: string): File | Folder | undefined {
    let found: File | Folder | undefined = this.#root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      found = found instanceof Folder ? found.entries.get(name) : undefined;
    }
    return found;
  }
}

export interface Operation {
  readonly name: string;
  /** A path, or the number of an open file. */
  readonly target: string | number;
  /** From 1. */
  readonly number: number;
}

export function systemError(code: string, target: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${target}`), { code });
}

/** Bytes that reach the disk together or not at all. */
const blockBytes = 64;

class File {
  bytes: Uint8Array = new Uint8Array();
  #synced: Uint8Array = new Uint8Array();

  write(bytes: Uint8Array, position: number): void {
    const grown = new Uint8Array(Math.max(this.bytes.length, position + bytes.length));
    grown.set(this.bytes);
    grown.set(bytes, position);
    this.bytes = grown;
  }

  truncate(length: number): void {
    this.bytes = this.bytes.slice(0, length);
  }

  sync(): void {
    this.#synced = this.bytes.slice();
  }

  afterPowerCut(keep: () => boolean): File {
    const file = new File();
    file.bytes = this.#survivingBytes(keep);
    file.sync();
    return file;
  }

  #survivingBytes(keep: () => boolean): Uint8Array {
    // The length is metadata: it may have reached the disk without the blocks, which then read as zeros.
    const left = new Uint8Array(keep() ? this.bytes.length : this.#synced.length);
    left.set(this.#synced.subarray(0, left.length));
    for (let start = 0; start < left.length; start += blockBytes) {
      if (keep()) left.set(this.bytes.subarray(start, Math.min(start + blockBytes, left.length)), start);
    }
    return left;
  }
}

class Folder {
  entries = new Map<string, File | Folder>();
  #synced = new Map<string, File | Folder>();
  #unsynced: ((entries: Map<string, File | Folder>) => void)[] = [];

  set(name: string, entry: File | Folder): void {
    this.#apply((entries) => entries.set(name, entry));
  }

  delete(name: string): void {
    this.#apply((entries) => entries.delete(name));
  }

  sync(): void {
    this.#synced = new Map(this.entries);
    this.#unsynced = [];
  }

  afterPowerCut(keep: () => boolean): Folder {
    const entries = new Map(this.#synced);
    for (const change of this.#unsynced) {
      // File systems keep the order of the changes to one folder.
      if (!keep()) break;
      change(entries);
    }
    const folder = new Folder();
    for (const [name, entry] of entries) folder.entries.set(name, entry.afterPowerCut(keep));
    folder.sync();
    return folder;
  }

  #apply(change: (entries: Map<string, File | Folder>) => void): void {
    change(this.entries);
    this.#unsynced.push(change);
  }
}
