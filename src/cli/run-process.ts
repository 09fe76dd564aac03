import { homedir } from 'node:os';
import type { CreateSidecar } from '../daemon/sidecar-port.js';
import type { CliHost } from './host.js';
import { runCli } from './program.js';

export interface ProcessOptions {
  /** The script of this program: what a detached daemon is started with. */
  readonly script: string;
  readonly createSidecar: CreateSidecar;
}

/** Runs the command line with a process as its host, and ends the process with its exit code once its output is written. */
export async function runProcess(node: NodeJS.Process, options: ProcessOptions): Promise<void> {
  if (node.platform === 'win32') {
    node.stderr.write(
      'error: nu-sidecar does not run on Windows yet: it needs Linux or macOS (WSL counts as Linux).\n',
    );
    node.exit(3);
  }
  // A reader that has gone is no fault; what follows from it is each command's to say (see perform).
  node.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  // What cannot be told, as by a daemon whose log is on a full disk, must not end who wanted to tell it.
  node.stderr.on('error', () => undefined);
  const code = await runCli(hostOf(node, options));
  // Not exit at once: a pipe still has to take what was written.
  node.stdout.write('', () => node.stderr.write('', () => node.exit(code)));
}

function hostOf(node: NodeJS.Process, options: ProcessOptions): CliHost {
  return {
    args: node.argv.slice(2),
    env: node.env,
    cwd: node.cwd(),
    home: homedir(),
    uid: node.getuid?.() ?? 0,
    pid: node.pid,
    parentPid: () => node.ppid,
    platform: node.platform,
    nodeVersion: node.versions.node,
    stdin: node.stdin,
    stdout: node.stdout,
    stderr: node.stderr,
    signals: node,
    program: [node.execPath, options.script],
    createSidecar: options.createSidecar,
  };
}
