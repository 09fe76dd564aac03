import { join } from 'node:path';
import type { Clock } from '../kernel/clock.js';
import { removeIfThere, writeNewFile } from './durable-file.js';
import type { FilePort } from './file-port.js';
import type { JournalTip, OpenSegment } from './journal-writer.js';
import type { PositionTable } from './position-table.js';
import type { Scan, TornTail } from './scan-journal.js';
import { createSegment, segmentPath } from './segment.js';

export interface RecoverRequest {
  readonly files: FilePort;
  readonly folder: string;
  readonly stateId: string;
  readonly epoch: number;
  readonly clock: Clock;
  readonly scan: Scan;
  readonly positions: PositionTable;
}

export interface Recovered {
  readonly tip: JournalTip;
  readonly segment: OpenSegment;
  /** Where the bytes of a torn tail are kept; null when there was none. */
  readonly setAsideTo: string | null;
}

/**
 * Makes what the scan found the durable past, before anybody acts on it (engine-semantics A2-7): a torn tail is set aside and
 * cut off; then a new segment begins, which holds again, and synced, the last batch of the old one, because that batch may
 * be in the page cache only, and a failed sync of its writer would let ours succeed falsely.
 */
export async function recoverJournal(request: RecoverRequest): Promise<Recovered> {
  const { files, folder, stateId, epoch, clock, scan, positions } = request;
  const { tip, inDoubt } = scan;
  const setAsideTo = scan.torn === null ? null : await setAside(files, folder, scan.torn);
  const number = scan.lastSegment + 1;
  const before =
    inDoubt === null ? tip : { seq: inDoubt.firstSeq - 1, hash: inDoubt.prev, batch: tip.batch - 1 };
  const again = inDoubt?.bytes ?? new Uint8Array();
  const { fd, size } = await createSegment(
    files,
    segmentPath(folder, number),
    {
      segment: number,
      firstSeq: before.seq + 1,
      prev: before.hash,
      createdAt: clock.now(),
      stateId,
      epoch,
      ...(inDoubt === null
        ? {}
        : { supersedes: { segment: inDoubt.segment, fromSeq: inDoubt.firstSeq, toSeq: tip.seq } }),
    },
    again,
  );
  positions.startSegment({ ...before, segment: number, offset: size - again.byteLength });
  return { tip, segment: { number, fd, size }, setAsideTo };
}

/** Keeps the bytes of a torn tail in a file beside the journal, then cuts them off; each step is on disk before the next. */
async function setAside(files: FilePort, folder: string, torn: TornTail): Promise<string> {
  const plain = join(folder, `torn-${torn.seq}`);
  // The same line may be torn again in a later segment; what the earlier crash left is kept.
  const copy = files.exists(plain) ? `${plain}.${torn.segment}` : plain;
  await removeIfThere(files, copy);
  await files.close(await writeNewFile(files, copy, [torn.bytes]));
  await files.syncFolder(folder);
  const fd = await files.open(segmentPath(folder, torn.segment), 'update');
  try {
    await files.truncate(fd, torn.offset);
    await files.sync(fd);
  } finally {
    await files.close(fd);
  }
  return copy;
}
