import assert from 'node:assert/strict';
import { parseJson } from '../../src/kernel/value/json.js';
import { isRecord, ownKey, type Value } from '../../src/kernel/value/value.js';
import type { PromiseId } from './promises.js';
import { message, play, raw, text } from './session-script.js';
import { stockClient } from './stock-client.js';
import { type ExchangeOptions, exchange, framingOf, type Sent, type Transport } from './transport.js';

type Check = (transport: Transport) => Promise<void>;

const initializeText = '{"jsonrpc":"2.0","id":"opening","method":"initialize","params":{}}';

/** Sends to an opened session and gives what came back without the answer to initialize. */
async function answersTo(
  transport: Transport,
  sent: readonly Sent[],
  options?: ExchangeOptions,
): Promise<readonly Value[]> {
  const { messages } = await exchange(transport, [text(initializeText), ...sent], options);
  return messages.filter((each) => !isRecord(each) || ownKey(each, 'id') !== 'opening');
}

/** The error object of an answer. */
function errorOf(answer: Value | undefined): { readonly message: Value | undefined; readonly data: Value } {
  assert.ok(answer !== undefined && isRecord(answer));
  const error = ownKey(answer, 'error');
  assert.ok(error !== undefined && isRecord(error), `an error, not ${JSON.stringify(answer)}`);
  return { message: ownKey(error, 'message'), data: ownKey(error, 'data') ?? null };
}

function dataKey(answer: Value | undefined, key: string): Value | undefined {
  const { data } = errorOf(answer);
  return isRecord(data) ? ownKey(data, key) : undefined;
}

const echo = (id: string, value: string): Sent =>
  text(`{"jsonrpc":"2.0","id":${id},"method":"sample/echo","params":{"value":${value}}}`);

const exactValues = [
  '12345678901234567890',
  '-9007199254740993',
  '1.0',
  '-0.0',
  '[1,1.5,1.0]',
  '{"a":{"b":340282366920938463463374607431768211456}}',
];

/** The value of every answer as exact text, in the order of ids 0, 1, 2, … */
async function checkEchoes(transport: Transport, values: readonly string[]): Promise<void> {
  const answers = await answersTo(
    transport,
    values.map((value, id) => echo(String(id), value)),
  );
  assert.deepEqual(
    answers,
    values.map((value, id) => parseJson(`{"jsonrpc":"2.0","id":${id},"result":${value}}`)),
  );
}

export const checks: Readonly<Record<PromiseId, Check>> = {
  'ids-return': async (transport) => {
    const ids = ['1', '1.0', '"1"', 'null', '1152921504606846976', '-1', '""', '"\\u00e9"'];
    const answers = await answersTo(
      transport,
      ids.map((id) => echo(id, '0')),
    );
    assert.deepEqual(
      answers,
      ids.map((id) => parseJson(`{"jsonrpc":"2.0","id":${id},"result":0}`)),
    );
  },
  'values-exact': (transport) => checkEchoes(transport, exactValues),
  'keys-are-data': async (transport) => {
    await checkEchoes(transport, [
      '{"__proto__":{"polluted":1},"constructor":{"prototype":2}}',
      '{"toString":null}',
    ]);
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  },
  'cancel-once': async (transport) => {
    const cancel = message({ method: '$/cancelRequest', params: { id: 1 } });
    await play(transport, {
      title: 'cancelled three times',
      send: [message({ id: 1, method: 'sample/slow' }), cancel, cancel, cancel],
      expect: [{ id: 1, code: -32800 }],
    });
  },
  'late-cancel': async (transport) => {
    await play(transport, {
      title: 'cancelled after its answer',
      send: [
        echo('1', '"first"'),
        message({ method: '$/cancelRequest', params: { id: 1 } }),
        echo('2', '"second"'),
      ],
      expect: [
        { id: 1, result: 'first' },
        { id: 2, result: 'second' },
      ],
    });
  },
  'null-result': async (transport) => {
    const answers = await answersTo(transport, [echo('1', 'null'), message({ id: 2, method: 'shutdown' })]);
    assert.deepEqual(answers, [
      { jsonrpc: '2.0', id: 1, result: null },
      { jsonrpc: '2.0', id: 2, result: null },
    ]);
  },
  'exit-code': async (transport) => {
    const end = async (...sent: readonly Sent[]): Promise<number | null> =>
      (await exchange(transport, [text(initializeText), ...sent])).exitCode;
    const exit = message({ method: 'exit' });
    assert.equal(await end(message({ id: 1, method: 'shutdown' }), exit), 0, 'after shutdown');
    assert.equal(await end(exit), 1, 'without shutdown');
  },
  'exit-cancels': async (transport) => {
    const answers = await answersTo(transport, [
      message({ id: 1, method: 'sample/slow' }),
      message({ method: 'exit' }),
      // So much that it cannot have been read before exit was handled.
      ...Array.from({ length: 200 }, (_, index) => echo(String(index + 2), '0')),
    ]);
    const first = answers.find((each) => isRecord(each) && ownKey(each, 'id') === 1);
    assert.equal(dataKey(first, 'name'), 'request_cancelled');
    assert.ok(answers.length < 200, `later requests are not answered, ${answers.length} were`);
  },
  'eof-answers': async (transport) => {
    const sent = Array.from({ length: 50 }, (_, id) => message({ id, method: 'sample/soon' }));
    const answers = await answersTo(transport, sent);
    assert.equal(answers.length, 50);
  },
  'last-line': async (transport) => {
    const line = (id: number): string =>
      `{"jsonrpc":"2.0","id":${id},"method":"sample/echo","params":{"value":${id}}}`;
    await play(transport, {
      title: 'lines',
      bare: true,
      send: [raw(`\r\n  \n${line(1)}\r\n\n${line(2)}\n \n\t${line(3)}`)],
      expect: [1, 2, 3].map((id) => ({ id, result: id })),
    });
  },
  'cut-frame': async (transport) => {
    for (const cut of ['Content-Length: 50\r\n\r\n{"jsonrpc"', 'Content-Len', 'Content-Length: 5\r\n']) {
      const answers = await answersTo(transport, [raw(cut)]);
      assert.equal(answers.length, 1, cut);
      assert.equal(dataKey(answers[0], 'name'), 'invalid_request');
    }
  },
  'many-at-once': async (transport) => {
    const count = 10_000;
    const sent = Array.from({ length: count }, (_, id) => message({ id, method: 'sample/soon' }));
    const answers = await answersTo(transport, sent);
    assert.equal(answers.length, count);
    assert.ok(answers.every((each) => isRecord(each) && ownKey(each, 'result') === 'soon'));
  },
  'any-pieces': async (transport) => {
    const answers = await answersTo(transport, [echo('1', '"\\u00e9 é 😀"'), echo('2', '[1.0]')], {
      pieces: 1,
    });
    assert.deepEqual(answers, [
      { jsonrpc: '2.0', id: 1, result: 'é é 😀' },
      parseJson('{"jsonrpc":"2.0","id":2,"result":[1.0]}'),
    ]);
  },
  'large-message': (transport) =>
    checkEchoes(transport, [JSON.stringify('é'.repeat(500_000)), `[${'1.0,'.repeat(99_999)}2]`]),
  'no-leak': async (transport) => {
    const [answer] = await answersTo(transport, [message({ id: 1, method: 'sample/crash' })]);
    assert.equal(dataKey(answer, 'name'), 'internal_error');
    assert.match(String(dataKey(answer, 'errorId')), /^[0-9a-f-]{36}$/);
    assert.doesNotMatch(JSON.stringify(answer), /secret|12345|at .*\.js/);
  },
  'failure-data': async (transport) => {
    const [answer] = await answersTo(transport, [message({ id: 1, method: 'sample/fail' })]);
    assert.deepEqual(errorOf(answer), {
      message: 'There is no such thing.',
      data: { name: 'not_found', retryable: false, advice: 'Check the name.', got: 'thing' },
    });
  },
  suggestion: async (transport) => {
    const [answer] = await answersTo(transport, [message({ id: 1, method: 'sample/ecko' })]);
    assert.equal(dataKey(answer, 'advice'), 'Did you mean sample/echo?');
  },
  'open-capabilities': async (transport) => {
    await play(transport, {
      title: 'a client from the future',
      bare: true,
      send: [
        message({
          id: 1,
          method: 'initialize',
          params: {
            capabilities: { telepathy: { level: 9 } },
            trace: 'whisper',
            mood: 'good',
            workspaceFolders: null,
          },
        }),
        echo('2', '2'),
      ],
      expect: [{ id: 1 }, { id: 2, result: 2 }],
    });
  },
  'told-in-order': async (transport) => {
    const answers = await answersTo(transport, [message({ id: 1, method: 'sample/session' })]);
    assert.deepEqual(answers[0], { jsonrpc: '2.0', method: 'sample/told', params: { first: true } });
    assert.equal(answers.length, 2);
  },
  attach: async (transport) => {
    const params = { cwd: '/srv/infra', env: { LANG: 'C' } };
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: '$/attach', params })}\n`;
    const { messages } = await exchange(transport, [
      raw(line),
      ...(framingOf(transport) === 'headers' ? [text(initializeText)] : []),
      message({ id: 1, method: 'sample/session' }),
    ]);
    const answer = messages.find((each) => isRecord(each) && ownKey(each, 'id') === 1);
    assert.deepEqual(answer, {
      jsonrpc: '2.0',
      id: 1,
      result: { cwd: '/srv/infra', env: { LANG: 'C' }, client: null },
    });
  },
  'whole-float': async (transport) => {
    const [answer] = await answersTo(transport, [
      text('{"jsonrpc":"2.0","id":1,"method":"sample/echo","params":{"value":1.0,"count":3.0}}'),
    ]);
    assert.deepEqual(answer, parseJson('{"jsonrpc":"2.0","id":1,"result":1.0}'));
  },
  'stock-client': stockClient,
};
