import assert from 'node:assert/strict';
import {
  CancellationTokenSource,
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { within } from '../../src/kernel/signal.js';
import { openStreams, type Transport } from './transport.js';

/** A stock vscode-jsonrpc client: handshake, requests, an error, a notification, a cancel, and the end. */
export async function stockClient(transport: Transport): Promise<void> {
  await using streams = await openStreams(transport);
  const client = createMessageConnection(
    new StreamMessageReader(streams.input),
    new StreamMessageWriter(streams.output),
  );
  const told = new Promise((resolve) => client.onNotification('sample/told', resolve));
  client.listen();
  const answer = <T>(request: Promise<T>): Promise<T> =>
    within(request, 20_000, 'the answer to a stock client');

  const opened = await answer(
    client.sendRequest<{ protocolVersion: number }>('initialize', { capabilities: {} }),
  );
  assert.equal(opened.protocolVersion, 1);
  await client.sendNotification('initialized', {});
  assert.deepEqual(await answer(client.sendRequest('sample/echo', { value: { a: [1, 'é'] } })), {
    a: [1, 'é'],
  });
  await assert.rejects(answer(client.sendRequest('sample/fail')), (error) => {
    assert.ok(error instanceof ResponseError);
    return error.code === 1010;
  });
  await answer(client.sendRequest('sample/session'));
  assert.deepEqual(await answer(told), { first: true });

  const source = new CancellationTokenSource();
  const slow = client.sendRequest('sample/slow', {}, source.token);
  source.cancel();
  await assert.rejects(answer(slow), (error) => error instanceof ResponseError && error.code === -32800);

  assert.equal(await answer(client.sendRequest('shutdown')), null);
  await client.sendNotification('exit');
  assert.equal(await streams.ended, transport.startsWith('stdio') ? 0 : null);
  client.dispose();
}
