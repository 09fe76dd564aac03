/** The variable that marks every process of an attempt: its value is the attempt's tag, `<state-id>/<attempt-id>`. */
export const ATTEMPT_VARIABLE = 'SIDECAR_ATTEMPT';

/** A live process; zombies are never listed. */
export interface ProcessRow {
  readonly pid: number;
  readonly pgid: number;
  /** With the pid the identity of the process within this boot; see `ProcessIdentity.startTicks`. */
  readonly startTicks: string;
  /** Held by SIGSTOP: it runs no instruction until SIGCONT. */
  readonly stopped: boolean;
  /** The program's short name. */
  readonly command: string;
  /** The value of `SIDECAR_ATTEMPT` in its environment; null without one, or where the environment may not be read. */
  readonly tag: string | null;
}

/** The questions that attempts ask of the operating system. Each answer is one fresh scan; this process itself is left out. */
export interface ProcessTable {
  scan(): Promise<readonly ProcessRow[]>;
  /** The pids that hold the FIFO at this path open, as far as this user may see descriptors. */
  fifoHolders(path: string): Promise<ReadonlySet<number>>;
  /** The command line for people, cut to 200 characters; the short name once the process is gone. */
  commandLine(row: ProcessRow): string;
}
