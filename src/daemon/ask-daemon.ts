import { within } from '../kernel/signal.js';
import { isRecord, type Value, type ValueRecord } from '../kernel/value/value.js';
import { connect } from '../transport/connect.js';

const limitMs = 10_000;

/**
 * Asks the daemon behind a socket one question whose answer is a record, on a connection of its own. Rejects with the Failure of
 * the answer, Failure `timeout` after 10 s, or the system's error when nobody listens.
 */
export async function askDaemon(rpcSocket: string, method: string, params: Value): Promise<ValueRecord> {
  const connection = await connect(rpcSocket);
  try {
    const answer = await within(connection.request(method, params), limitMs, `the answer to ${method}`);
    if (isRecord(answer)) return answer;
    throw new Error(`${method} answers with a record.`);
  } finally {
    connection.close();
  }
}
