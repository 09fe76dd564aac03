import type { FilePort } from './file-port.js';

/** How often the store asked for what costs a trip to the disk. */
export interface FileCounts {
  writes: number;
  /** fdatasync and fsync of files. */
  fileSyncs: number;
  folderSyncs: number;
}

/** Counts the writes and syncs that go through a port: budgets are promised in syncs, which do not vary with the machine. */
export function countingFiles(files: FilePort): { readonly files: FilePort; readonly counts: FileCounts } {
  const counts: FileCounts = { writes: 0, fileSyncs: 0, folderSyncs: 0 };
  return {
    counts,
    files: {
      ...files,
      write(fd, bytes, position) {
        counts.writes += 1;
        return files.write(fd, bytes, position);
      },
      datasync(fd) {
        counts.fileSyncs += 1;
        return files.datasync(fd);
      },
      sync(fd) {
        counts.fileSyncs += 1;
        return files.sync(fd);
      },
      syncFolder(path) {
        counts.folderSyncs += 1;
        return files.syncFolder(path);
      },
    },
  };
}
