import { createInflateRaw } from 'node:zlib';
import { Failure } from '../kernel/failure.js';
import { onAbort, throwIfCancelled } from '../kernel/signal.js';

/** What an archive may hold before a parser inflates it. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Inflated bytes of all entries together. */
  readonly bytes: number;
  /** Inflated bytes per stored byte. */
  readonly ratio: number;
}

interface Entry {
  readonly method: number;
  readonly stored: number;
  readonly inflated: number;
  readonly localHeader: number;
}

// Signatures and field offsets: APPNOTE.TXT 6.3 §4.3.7, §4.3.12, §4.3.16.
const endSignature = Buffer.from('PK\x05\x06', 'latin1');
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
/** Below this size a high ratio is harmless: an empty sheet of repeated cells. */
const smallBytes = 1 << 20;

/**
 * Refuses a zip archive (xlsx, ods) that would blow up: too many entries, too many bytes or too high a ratio by its
 * directory, or an entry that inflates to more than the directory says. Throws `limit_exceeded`, and `invalid_document`
 * when it is no zip archive.
 */
export async function checkArchive(
  bytes: Buffer,
  path: string,
  limits: ArchiveLimits,
  signal: AbortSignal,
): Promise<void> {
  const entries = directory(bytes, path, limits);
  const stored = entries.reduce((sum, entry) => sum + entry.stored, 0);
  const inflated = entries.reduce((sum, entry) => sum + entry.inflated, 0);
  if (inflated > limits.bytes)
    throw bomb(path, `at most ${limits.bytes} bytes when inflated`, `${inflated} bytes`);
  if (inflated > smallBytes && inflated > Math.max(1, stored) * limits.ratio) {
    throw bomb(
      path,
      `at most ${limits.ratio} inflated bytes per stored byte`,
      `${inflated} bytes from ${stored}`,
    );
  }
  for (const entry of entries) {
    throwIfCancelled(signal);
    if (entry.method !== 0 && entry.method !== 8)
      throw damaged(path, 'an entry that is neither stored nor deflated');
    if (entry.method === 8) await checkEntry(bytes, path, entry, signal);
  }
}

function directory(bytes: Buffer, path: string, limits: ArchiveLimits): readonly Entry[] {
  const end = bytes.lastIndexOf(endSignature);
  // Nothing before or after the directory: two readers must not find two different ones.
  if (
    end === -1 ||
    end + endBytes > bytes.length ||
    end + endBytes + bytes.readUInt16LE(end + 20) !== bytes.length ||
    bytes.readUInt32LE(end + 16) + bytes.readUInt32LE(end + 12) !== end
  ) {
    throw damaged(path, 'no directory at its end');
  }
  const count = bytes.readUInt16LE(end + 10);
  const start = bytes.readUInt32LE(end + 16);
  // 0xffff and 0xffffffff announce zip64, which no spreadsheet within the size limit needs.
  if (count > limits.entries || count === 0xffff)
    throw bomb(path, `at most ${limits.entries} entries`, `${count} entries`);
  const entries: Entry[] = [];
  let at = start;
  while (entries.length < count) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== entrySignature) throw damaged(path, 'a broken directory');
    entries.push({
      method: bytes.readUInt16LE(at + 10),
      stored: bytes.readUInt32LE(at + 20),
      inflated: bytes.readUInt32LE(at + 24),
      localHeader: bytes.readUInt32LE(at + 42),
    });
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** Inflates an entry, keeping nothing, until it proves the directory right or wrong. */
async function checkEntry(bytes: Buffer, path: string, entry: Entry, signal: AbortSignal): Promise<void> {
  const header = entry.localHeader;
  if (header + 30 > bytes.length || bytes.readUInt32LE(header) !== localSignature)
    throw damaged(path, 'a broken entry');
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  const inflate = createInflateRaw();
  const stop = onAbort(signal, () => inflate.destroy());
  let total = 0;
  try {
    inflate.end(bytes.subarray(start, start + entry.stored));
    for await (const chunk of inflate) {
      total += Buffer.isBuffer(chunk) ? chunk.length : 0;
      if (total > entry.inflated) throw bomb(path, `the ${entry.inflated} bytes its directory names`, 'more');
    }
  } catch (error) {
    throwIfCancelled(signal);
    throw error instanceof Failure ? error : damaged(path, 'an entry that does not inflate');
  } finally {
    stop();
    inflate.destroy();
  }
}

function bomb(path: string, expected: string, got: string): Failure {
  return new Failure('limit_exceeded', `Expected ${expected} in the archive ${path}, got ${got}.`, {
    expected,
    got,
    advice: 'Save the file again with the program it comes from.',
  });
}

function damaged(path: string, got: string): Failure {
  return new Failure('invalid_document', `Expected a zip archive in ${path}, got ${got}.`, {
    expected: 'a zip archive',
    got,
  });
}
