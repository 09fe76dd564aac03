import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isDeadState } from './proc-stat.js';
import { ATTEMPT_VARIABLE, type ProcessRow, type ProcessTable } from './process-table.js';

const run = promisify(execFile);

/**
 * The process table where there is no /proc (macOS): `ps` with environments, and `lsof` for the holders of a FIFO. The
 * environment of binaries under system integrity protection is hidden from `ps`; those are found by the FIFO alone.
 */
export function psTable(): ProcessTable {
  return {
    async scan() {
      const { stdout } = await run('ps', ['-axEww', '-o', 'pid=,pgid=,state=,lstart=,command='], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      return parsePs(stdout).filter((row) => row.pid !== process.pid);
    },

    async fifoHolders(path) {
      // lsof exits with 1 when nobody holds the file
      const stdout = await run('lsof', ['-t', path], { encoding: 'utf8' }).then(
        (result) => result.stdout,
        () => '',
      );
      return new Set(stdout.split('\n').filter(Boolean).map(Number));
    },

    commandLine: (row) => row.command.slice(0, 200),
  };
}

const PS_LINE = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

/** Reads the lines of `ps -o pid=,pgid=,state=,lstart=,command=`; with -E the environment follows the command's words. */
export function parsePs(text: string): readonly ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, pgid, state = '', start = '', command = ''] = PS_LINE.exec(line) ?? [];
    if (pid === undefined || isDeadState(state.slice(0, 1))) return [];
    const tag = new RegExp(`(?:^|\\s)${ATTEMPT_VARIABLE}=(\\S*)`).exec(command);
    return [
      {
        pid: Number(pid),
        pgid: Number(pgid),
        startTicks: start.replace(/\s+/g, ' '),
        stopped: state.startsWith('T'),
        // without the environment: it holds secrets
        command: command.split(/\s(?=[A-Za-z_]\w*=)/)[0] ?? '',
        tag: tag?.[1] ?? null,
      },
    ];
  });
}
