import type { Client } from '../client/open-client.js';
import { connectDaemon } from './connect-daemon.js';
import type { CliHost } from './host.js';
import { type GlobalOptions, locate, type Target } from './locate.js';

/** Runs a function with a client to the daemon of a command, and closes the client whatever happens. */
export async function withClient<Result>(
  host: CliHost,
  options: GlobalOptions,
  named: { readonly file?: string },
  use: (client: Client, target: Target) => Promise<Result>,
): Promise<Result> {
  const target = await locate(host, options, named);
  const client = connectDaemon(host, target);
  try {
    return await use(client, target);
  } finally {
    await client.close();
  }
}
