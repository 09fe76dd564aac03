import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Float } from '../../../src/kernel/value/value.js';
import { parseMessage } from '../../../src/transport/parse-message.js';

interface Row {
  readonly text: string;
  /** The class, and for a refusal the error with its id. */
  readonly kind: string;
}

const rows: readonly Row[] = [
  { text: '{"jsonrpc":"2.0","id":1,"method":"a"}', kind: 'request' },
  { text: '{"jsonrpc":"2.0","id":null,"method":"a","params":[]}', kind: 'request' },
  { text: '{"jsonrpc":"2.0","method":"a","params":null}', kind: 'notification' },
  { text: '{"jsonrpc":"2.0","id":1,"result":null}', kind: 'response' },
  { text: '{"jsonrpc":"2.0","id":null,"error":{}}', kind: 'response' },
  { text: '\uFEFF{"jsonrpc":"2.0","id":1,"method":"a"}', kind: 'request' },
  { text: '{"jsonrpc":"2.0","id":1}', kind: 'invalid_request 1' },
  { text: '{"jsonrpc":"2.0"}', kind: 'invalid_request null' },
  { text: '{"id":"x","method":"a"}', kind: 'invalid_request "x"' },
  { text: '{"jsonrpc":"2.0","id":1,"method":"a","params":3}', kind: 'invalid_request 1' },
  { text: '{"jsonrpc":"2.0","id":1,"method":null}', kind: 'invalid_request null' },
  { text: '{"jsonrpc":"2.0","id":[],"method":"a"}', kind: 'invalid_request null' },
  { text: '[]', kind: 'invalid_request null' },
  { text: '"text"', kind: 'invalid_request null' },
  { text: `${'['.repeat(300)}${']'.repeat(300)}`, kind: 'invalid_request null' },
  { text: '{"jsonrpc":"2.0",', kind: 'parse_error null' },
  { text: '', kind: 'parse_error null' },
  { text: '\uFEFFjunk', kind: 'parse_error null' },
];

for (const { text, kind } of rows) {
  test(`${text.slice(0, 60)} is ${kind}`, () => {
    const incoming = parseMessage(Buffer.from(text));
    const got =
      incoming.kind === 'refused'
        ? `${incoming.failure.error} ${JSON.stringify(incoming.id)}`
        : incoming.kind;
    assert.equal(got, kind);
  });
}

test('bytes that are no UTF-8 are a parse error', () => {
  const incoming = parseMessage(Buffer.from([0x22, 0xc3, 0x28, 0x22]));
  assert.ok(incoming.kind === 'refused' && incoming.failure.error === 'parse_error');
});

test('an id keeps its type', () => {
  const idOf = (id: string) => {
    const incoming = parseMessage(Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":"a"}`));
    assert.ok(incoming.kind === 'request');
    return incoming.id;
  };
  assert.deepEqual(
    [idOf('1'), idOf('1.0'), idOf('"1"'), idOf('9007199254740993')],
    [1, new Float(1), '1', 9007199254740993n],
  );
});
