import { join } from 'node:path';
import type { FinishedRun } from '../../state/schema.js';
import { Failure } from '../kernel/failure.js';
import { isCertainlyDead } from '../process/identity.js';
import { holdAbstractSocket } from './abstract-socket.js';
import { DiskSpace } from './disk-space.js';
import { Documents } from './documents.js';
import { removeIfThere } from './durable-file.js';
import { type EpochLock, takeEpochLock } from './epoch-lock.js';
import { type FilePort, systemFiles } from './file-port.js';
import { FileStore, rejectAsFailure, type StoreParts } from './file-store.js';
import { Folders } from './folders.js';
import { JournalWriter } from './journal-writer.js';
import { KvState } from './kv.js';
import { PositionTable } from './position-table.js';
import { recoverJournal } from './recover-journal.js';
import { RunIndex } from './run-index.js';
import { type Scan, scanJournal } from './scan-journal.js';
import { prepareStateDirectory } from './state-directory.js';
import { defaultLimits, type Store, type StoreOptions } from './store.js';

/** A batch is one buffer: so many characters keep it far below what a write takes at once. */
const batchCharacters = 8 * 1_048_576;

/**
 * Takes a state directory, makes its past durable and opens its journal. Throws Failure `state_locked` (with the owner's pid)
 * when another daemon has it, `state_damaged` when it holds what no crash leaves behind, `storage_failed` when it cannot be
 * read or written. After a throw it is as free as before.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const {
    directory,
    identity,
    clock,
    files = systemFiles,
    liveness = isCertainlyDead,
    takeOver = false,
  } = options;
  try {
    const stateId = await prepareStateDirectory(files, directory);
    const lock = await takeEpochLock({ files, directory, identity, liveness, takeOver, now: clock.now() });
    try {
      return await openLocked(options, files, stateId, lock);
    } catch (error) {
      await lock.release().catch(() => undefined);
      throw error;
    }
  } catch (error) {
    return rejectAsFailure(error);
  }
}

async function openLocked(
  options: StoreOptions,
  files: FilePort,
  stateId: string,
  lock: EpochLock,
): Promise<Store> {
  const { directory, holdSocket = holdAbstractSocket } = options;
  const socket = await holdSocket(stateId);
  if (socket === null) {
    throw new Failure(
      'state_locked',
      `A process of this host still holds the socket of the state directory ${directory}.`,
      {
        expected: 'the lock and the abstract socket of the state directory to be free',
        got: 'a free lock, but a held socket',
        advice:
          'Stop the daemon that runs on this state directory or on a copy of it; a lock file must never be removed.',
      },
    );
  }
  try {
    return new FileStore({ ...(await readState(options, files, stateId, lock)), socket });
  } catch (error) {
    await socket.close();
    throw error;
  }
}

async function readState(
  { directory, clock, log, limits: given }: StoreOptions,
  files: FilePort,
  stateId: string,
  lock: EpochLock,
): Promise<Omit<StoreParts, 'socket'>> {
  const limits = { ...defaultLimits, ...given };
  const folder = join(directory, 'journal');
  const unique = uniqueNames(lock.epoch);
  const folders = new Folders(files, directory);
  await folders.ensure(folder);
  await removeTemporaries(files, directory, folder);
  const space = new DiskSpace(files, folder, limits, clock, log);
  await space.open();

  const documents = new Documents(files, directory, unique);
  await documents.read();
  const checkpoint = documents.checkpoint.data;
  const positions = new PositionTable();
  const scan = await scanJournal({
    files,
    folder,
    stateId,
    from: checkpoint.from,
    covered: checkpoint.seq,
    known: [checkpoint.head, documents.head.data].filter((line) => line.seq > 0),
    positions,
  });
  const { epoch } = lock;
  const recovered = await space.withReserve(() =>
    recoverJournal({ files, folder, stateId, epoch, clock, scan, positions }),
  );
  const findings = recovered.setAsideTo === null ? [] : [tornFinding(scan, recovered.setAsideTo)];
  for (const finding of findings) log.warn({}, finding);

  const kv = new KvState(documents.kv.data.entries);
  kv.replay(scan.lines, documents.kv.data.seq);
  const journal = new JournalWriter({
    files,
    folder,
    epoch,
    stateId,
    tip: recovered.tip,
    segment: recovered.segment,
    positions,
    space,
    limits: { ...limits, batchCharacters },
    clock,
    log,
    fenced: lock.fenced,
    observer: kv,
  });
  const index = new RunIndex(files, join(directory, 'index'), folders);
  if (!index.exists()) await rebuildIndex(files, directory, documents, index, unique);
  const { lines } = scan;
  return {
    ...{ files, directory, stateId, lock, clock, log, space, folders, documents, positions },
    ...{ journal, kv, index, unique, lines, findings },
  };
}

function tornFinding({ torn }: Scan, setAsideTo: string): string {
  const length = torn?.bytes.byteLength ?? 0;
  return `The journal ended in an unfinished batch, which nobody was told of: its ${length} bytes are in ${setAsideTo}.`;
}

/** Names for temporary files: no two of them are equal, also not across daemons. */
function uniqueNames(epoch: number): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${epoch}-${count}`;
  };
}

/** Temporary files of ours in the state directory; others write there too. */
const temporary = /^(db\.json|kv\.json|state-id|\.gitignore)\..*\.tmp$/;

/** What a daemon left that was killed while it wrote a file. Only the holder of the lock comes here. */
async function removeTemporaries(files: FilePort, directory: string, journalFolder: string): Promise<void> {
  const left = [
    ...(await files.list(directory))
      .filter((name) => temporary.test(name))
      .map((name) => join(directory, name)),
    ...(await files.list(journalFolder))
      .filter((name) => name.endsWith('.tmp'))
      .map((name) => join(journalFolder, name)),
  ];
  for (const path of left) await removeIfThere(files, path);
}

/** The index is derived: when its folder is gone it is made again from the documents of the runs. */
async function rebuildIndex(
  files: FilePort,
  directory: string,
  documents: Documents,
  index: RunIndex,
  unique: () => string,
): Promise<void> {
  const runs = await files.list(join(directory, 'runs'));
  const finished: FinishedRun[] = [];
  for (const id of runs) {
    const row = (await documents.readRun(id))?.finished;
    if (row !== undefined && row !== null) finished.push(row);
  }
  await index.rebuild(finished, unique);
}
