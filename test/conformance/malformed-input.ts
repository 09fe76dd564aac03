import { message, raw, type SessionScript, text } from './session-script.js';
import type { Transport } from './transport.js';

/** Why a row says nothing about a transport. */
export interface NotApplicable {
  readonly because: string;
}

/** One row of the table of malformed input: what each transport does with it. */
export interface Row {
  readonly input: string;
  readonly cells: Readonly<Record<Transport, readonly SessionScript[] | NotApplicable>>;
}

const parseError = -32700;
const invalidRequest = -32600;
const methodNotFound = -32601;
const invalidParams = -32602;
const notInitialized = -32002;
const requestCancelled = -32800;
const busy = 1001;

/** The same on every byte-stream transport. */
function everywhere(scripts: readonly SessionScript[]): Row['cells'] {
  return {
    'stdio-headers': scripts,
    'stdio-lines': scripts,
    'socket-headers': scripts,
    'socket-lines': scripts,
  };
}

/** Only where messages have headers. */
function headersOnly(scripts: readonly SessionScript[]): Row['cells'] {
  const lines: NotApplicable = { because: 'a line has no header' };
  return { 'stdio-headers': scripts, 'stdio-lines': lines, 'socket-headers': scripts, 'socket-lines': lines };
}

function byFraming(headers: readonly SessionScript[], lines: readonly SessionScript[]): Row['cells'] {
  return { 'stdio-headers': headers, 'stdio-lines': lines, 'socket-headers': headers, 'socket-lines': lines };
}

/** Several bad messages on one connection, each answered with the same code and id null. */
function refusals(title: string, code: number, ...texts: readonly string[]): SessionScript {
  return { title, send: texts.map(text), expect: texts.map(() => ({ id: null, code })) };
}

function fatal(title: string, bytes: string): SessionScript {
  return { title, send: [raw(bytes)], expect: [{ id: null, code: invalidRequest }], fatal: true };
}

const badUtf8 = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'sample/echo', params: { value: 1 } });
const smallLimits = { messageBytes: 2000 };
const overLimit = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'sample/echo',
  params: { value: 'x'.repeat(3000) },
});

/** Table 1 of the wire's rules: one entry a row, in its order. */
export const malformedInput: readonly Row[] = [
  {
    input: 'not JSON, bad UTF-8, a byte order mark and junk',
    cells: byFraming(
      [
        refusals(
          'not JSON',
          parseError,
          '{',
          '{"a":}',
          '{"jsonrpc": "2.0",}',
          'nonsense',
          '{} {}',
          '\uFEFFjunk',
        ),
        {
          title: 'bad UTF-8',
          send: [raw('Content-Length: 6\r\n\r\n'), raw(badUtf8), raw('Content-Length: 0\r\n\r\n')],
          expect: [
            { id: null, code: parseError },
            { id: null, code: parseError },
          ],
        },
      ],
      [
        refusals(
          'not JSON',
          parseError,
          '{',
          '{"a":}',
          '{"jsonrpc": "2.0",}',
          'nonsense',
          '{} {}',
          '\uFEFFjunk',
        ),
        refusals('a byte order mark first', parseError, '\uFEFFjunk'),
        { title: 'bad UTF-8', send: [raw(badUtf8), raw('\n')], expect: [{ id: null, code: parseError }] },
      ],
    ),
  },
  {
    input: 'a scalar, null, an empty list',
    cells: everywhere([
      refusals('no message object', invalidRequest, '1', '"text"', 'true', 'null', '[]', '1.5'),
    ]),
  },
  {
    input: 'a batch',
    cells: everywhere([
      refusals('a batch is one fault', invalidRequest, `[${ping},${ping}]`, '[1,2,3]', `[[${ping}]]`),
    ]),
  },
  {
    input: 'a batch of notifications only',
    cells: everywhere([
      refusals('is a batch too', invalidRequest, '[{"jsonrpc":"2.0","method":"sample/echo","params":{}}]'),
    ]),
  },
  {
    input: 'jsonrpc missing or not exactly "2.0"',
    cells: everywhere([
      {
        title: 'jsonrpc',
        send: [
          text('{"id":1,"method":"sample/echo"}'),
          text('{"jsonrpc":"1.0","id":2,"method":"sample/echo"}'),
          text('{"jsonrpc":2.0,"id":3,"method":"sample/echo"}'),
          text('{"jsonrpc":"2.0 ","id":4,"method":"sample/echo"}'),
          text('{"method":"sample/echo"}'),
        ],
        expect: [
          ...[1, 2, 3, 4].map((id) => ({ id, code: invalidRequest })),
          { id: null, code: invalidRequest },
        ],
      },
    ]),
  },
  {
    input: 'method not a string; id an object, a list, a boolean',
    cells: everywhere([
      refusals(
        'method or id of the wrong type',
        invalidRequest,
        '{"jsonrpc":"2.0","id":1,"method":1}',
        '{"jsonrpc":"2.0","id":1,"method":null}',
        '{"jsonrpc":"2.0","id":{},"method":"sample/echo"}',
        '{"jsonrpc":"2.0","id":[],"method":"sample/echo"}',
        '{"jsonrpc":"2.0","id":true,"method":"sample/echo"}',
      ),
    ]),
  },
  {
    input: 'id: null',
    cells: everywhere([
      {
        title: 'is answered with id null',
        send: [message({ id: null, method: 'sample/echo', params: { value: 'null' } })],
        expect: [{ id: null, result: 'null' }],
      },
    ]),
  },
  {
    input: 'params a scalar',
    cells: everywhere([
      {
        title: 'params',
        send: [1, 'text', true, 1.5].map((params, id) => message({ id, method: 'sample/echo', params })),
        expect: [0, 1, 2, 3].map((id) => ({ id, code: invalidRequest })),
      },
    ]),
  },
  {
    input: 'id already in flight on this connection',
    cells: everywhere([
      {
        title: 'the first keeps running',
        send: [
          message({ id: 7, method: 'sample/slow' }),
          message({ id: 7, method: 'sample/echo', params: { value: 1 } }),
          message({ id: '7', method: 'sample/echo', params: { value: 'another id' } }),
          message({ method: '$/cancelRequest', params: { id: 7 } }),
        ],
        expect: [
          { id: 7, code: invalidRequest },
          { id: '7', result: 'another id' },
          { id: 7, code: requestCancelled },
        ],
      },
    ]),
  },
  {
    input: 'unknown method, constructor, __proto__',
    cells: everywhere([
      {
        title: 'no such method',
        send: ['sample/none', 'constructor', '__proto__', 'toString', ''].map((method, id) =>
          message({ id, method }),
        ),
        expect: [0, 1, 2, 3, 4].map((id) => ({ id, code: methodNotFound })),
      },
    ]),
  },
  {
    input: 'params fail the schema',
    cells: everywhere([
      {
        title: 'params',
        send: [
          message({ id: 1, method: 'sample/echo', params: { value: 1, extra: true } }),
          message({ id: 2, method: 'sample/echo', params: { value: 1, count: 'three' } }),
          message({ id: 3, method: 'sample/echo', params: [1, 2] }),
          message({ id: 4, method: 'sample/slow', params: { any: 1 } }),
        ],
        expect: [1, 2, 3, 4].map((id) => ({ id, code: invalidParams })),
      },
    ]),
  },
  {
    input: 'unknown $/ request, unknown $/ notification',
    cells: everywhere([
      {
        title: 'a request is answered, a notification is ignored',
        send: [
          message({ id: 1, method: '$/unknown' }),
          message({ method: '$/unknown', params: { any: 1 } }),
          message({ method: '$/cancelRequest', params: { id: 'nobody' } }),
          message({ method: '$/cancelRequest' }),
          message({ method: 'unknown/notification' }),
        ],
        expect: [{ id: 1, code: methodNotFound }],
      },
    ]),
  },
  {
    input: 'nesting over 256',
    cells: everywhere([
      refusals(
        'is refused before it is parsed',
        invalidRequest,
        '['.repeat(100_000),
        `{"a":${'['.repeat(256)}`,
      ),
    ]),
  },
  {
    input: 'header without Content-Length, negative, not digits, two of them, LF only, no colon',
    cells: headersOnly([
      fatal('no Content-Length', 'Content-Type: text/plain\r\n\r\n{}'),
      fatal('negative', 'Content-Length: -1\r\n\r\n{}'),
      fatal('not digits', 'Content-Length: 0x10\r\n\r\n{}'),
      fatal('a fraction', 'Content-Length: 2.0\r\n\r\n{}'),
      fatal('empty', 'Content-Length:\r\n\r\n{}'),
      fatal('two of them', 'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}'),
      fatal('LF only', 'Content-Length: 2\n\n{}'),
      fatal('no colon', 'Content-Length 2\r\n\r\n{}'),
    ]),
  },
  {
    input: 'header block over 8 KiB',
    cells: headersOnly([
      fatal('one endless line', `Content-Type: ${'x'.repeat(1_000_000)}`),
      fatal('many lines', 'X-Header: y\r\n'.repeat(100_000)),
    ]),
  },
  {
    input: 'body over the limit',
    cells: byFraming(
      [
        {
          title: 'of a sane length is skipped',
          send: [text(overLimit)],
          expect: [{ id: null, code: invalidRequest }],
          limits: smallLimits,
        },
        fatal('of an insane length ends the connection', 'Content-Length: 99999999999999\r\n\r\n{}'),
      ],
      [
        {
          title: 'is skipped to the end of its line',
          send: [text(overLimit)],
          expect: [{ id: null, code: invalidRequest }],
          limits: smallLimits,
        },
      ],
    ),
  },
  {
    input: 'charset other than utf-8 or utf8',
    cells: headersOnly([
      {
        title: 'is refused, the next message is served',
        send: [
          raw('Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=latin1\r\n\r\n{}'),
          raw(
            `Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: ${ping.length}\r\n\r\n${ping}`,
          ),
        ],
        expect: [
          { id: null, code: invalidRequest },
          { id: 1, result: 1 },
        ],
      },
    ]),
  },
  {
    input: 'request before initialize',
    cells: byFraming(
      [
        {
          title: 'is refused, notifications are dropped',
          bare: true,
          send: [
            text(ping),
            message({ method: 'sample/echo', params: { value: 1 } }),
            message({ id: 2, method: 'shutdown' }),
            message({ id: 3, method: 'initialize', params: {} }),
            message({ id: 4, method: 'sample/echo', params: { value: 4 } }),
          ],
          expect: [
            { id: 1, code: notInitialized },
            { id: 2, code: notInitialized },
            { id: 3 },
            { id: 4, result: 4 },
          ],
        },
      ],
      [{ title: 'is served', send: [text(ping)], expect: [{ id: 1, result: 1 }] }],
    ),
  },
  {
    input: 'second initialize; request after shutdown',
    cells: everywhere([
      {
        title: 'are refused',
        bare: true,
        send: [
          message({ id: 1, method: 'initialize', params: {} }),
          message({ id: 2, method: 'initialize', params: {} }),
          message({ id: 3, method: 'shutdown' }),
          message({ id: 4, method: 'sample/echo', params: { value: 4 } }),
          message({ id: 5, method: 'initialize', params: {} }),
          message({ id: 6, method: 'shutdown' }),
        ],
        expect: [
          { id: 1 },
          { id: 2, code: invalidRequest },
          { id: 3, result: null },
          { id: 4, code: invalidRequest },
          { id: 5, code: invalidRequest },
          { id: 6, code: invalidRequest },
        ],
      },
    ]),
  },
  {
    input: 'client floods requests',
    cells: everywhere([
      {
        title: 'those over the limit are told busy, cancels are still read',
        limits: { inFlight: 4, stallMs: 1 },
        last: true,
        send: [
          ...[1, 2, 3, 4, 5, 6].map((id) => message({ id, method: 'sample/slow' })),
          ...[1, 2, 3, 4].map((id) => message({ method: '$/cancelRequest', params: { id } })),
        ],
        expect: [
          ...[1, 2, 3, 4].map((id) => ({ id, code: requestCancelled })),
          ...[5, 6].map((id) => ({ id, code: busy })),
        ],
      },
    ]),
  },
];
