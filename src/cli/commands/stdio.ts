import type { Command } from 'commander';
import { ensureDaemon } from '../../daemon/ensure-daemon.js';
import { type ExitCode, exitCode } from '../../daemon/exit-code.js';
import { proxyStdio } from '../../daemon/proxy.js';
import { attachmentOf, ensureOptions } from '../connect-daemon.js';
import { watchHangup } from '../hangup.js';
import type { CliHost } from '../host.js';
import { type GlobalOptions, locate, type Target } from '../locate.js';
import { type Output, perform } from '../perform.js';
import { addServeOptions, type ServeOptions } from '../serve-options.js';
import { startExitCode } from './serve.js';

interface StdioOptions extends GlobalOptions, ServeOptions {
  readonly standalone?: boolean;
}

export function addStdioCommand(program: Command, host: CliHost): void {
  addServeOptions(program.command('stdio'))
    .summary('speak JSON-RPC on stdin and stdout')
    .description(
      'Speaks JSON-RPC 2.0 on stdin and stdout, as one JSON message a line or in Content-Length frames: the first byte tells. It is a proxy to the sidecar, which it starts when there is none; at the end of stdin the requests in flight are answered first. The settings below count with --standalone.',
    )
    .option('--standalone', 'host the sidecar in this process; refused when one owns the state directory')
    .addHelpText(
      'after',
      `
Exit codes: 0 at the end of JSON lines, or after shutdown and exit; 1 without shutdown or when the stream is
malformed; 3 when there is no sidecar and none can be started, ${exitCode.locked} or ${exitCode.storageFailed} as of serve.

Example:
  echo '{"jsonrpc":"2.0","id":1,"method":"sidecar/status"}' | nu-sidecar stdio`,
    )
    .action((_: unknown, command: Command) =>
      perform(
        host,
        command,
        async (output) => {
          const options = command.optsWithGlobals<StdioOptions>();
          const target = await locate(host, options, { flags: options });
          const hangup = watchHangup(host);
          try {
            return await (options.standalone === true
              ? standalone(host, target, options, hangup.signal)
              : proxy(host, target, hangup.signal, output));
          } finally {
            hangup.stop();
          }
        },
        { codeOf: startExitCode, outlivesReader: true },
      ),
    );
}

async function proxy(host: CliHost, target: Target, hangup: AbortSignal, output: Output): Promise<ExitCode> {
  const { rpcSocket } = await ensureDaemon(ensureOptions(host, target));
  const { stdin: input, stdout } = host;
  const end = await proxyStdio({
    rpcSocket,
    attachment: attachmentOf(host, target),
    input,
    output: stdout,
    hangup,
  });
  if (end.message !== null) output.err(`error: ${end.message}\n`);
  return end.exitCode;
}

async function standalone(
  host: CliHost,
  target: Target,
  options: ServeOptions,
  hangup: AbortSignal,
): Promise<ExitCode> {
  const { hostStandalone } = await import('../host-daemon.js');
  const code = await hostStandalone(host, target, options, { input: host.stdin, hangup });
  return code === 0
    ? exitCode.ok
    : code === exitCode.storageFailed
      ? exitCode.storageFailed
      : exitCode.failed;
}
