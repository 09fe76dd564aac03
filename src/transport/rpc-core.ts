import {
  createMessageConnection,
  type DataCallback,
  type Event,
  Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import type { PeerError } from '../kernel/peer-error.js';
import type { Value } from '../kernel/value/value.js';
import { Call } from './call.js';

/** The answer to a call. A class, because vscode-jsonrpc carries it as a result without looking inside. */
export class Answer {
  readonly content: { readonly result: Value } | { readonly error: PeerError };
  constructor(content: Answer['content']) {
    this.content = content;
  }
}

export interface RpcCorePort {
  /** Answers a call; never rejects. */
  handle(call: Call): Promise<Answer>;
  handleNotification(method: string, params: Value | undefined): void;
  sendAnswer(call: number, answer: Answer): void;
  sendNotification(method: string, params: Value | undefined): void;
}

export interface RpcCore {
  request(call: Call): void;
  notification(method: string, params: Value | undefined): void;
  cancel(call: number): void;
  /** Sends a notification to the other side. */
  notify(method: string, params: Value): void;
  close(): void;
}

/** Params pass through vscode-jsonrpc unseen: it would take a list for positional params, and knows no bigint. */
class Params {
  readonly content: Value | undefined;
  constructor(content: Value | undefined) {
    this.content = content;
  }
}

const never: Event<never> = () => ({ dispose: () => undefined });

/**
 * vscode-jsonrpc as the heart of a connection: it keeps the order, starts one message a tick, and matches cancels and
 * answers. It sees numbers of ours instead of ids, because replies get lost in it when ids 1 and "1" are both in flight.
 */
export function createRpcCore(port: RpcCorePort): RpcCore {
  let deliver: DataCallback = () => undefined;
  const reader: MessageReader = {
    onError: never,
    onClose: never,
    onPartialMessage: never,
    listen: (callback) => {
      deliver = callback;
      return { dispose: () => undefined };
    },
    dispose: () => undefined,
  };
  const writer: MessageWriter = {
    onError: never,
    onClose: never,
    write: async (message) => send(message, port),
    end: () => undefined,
    dispose: () => undefined,
  };
  const connection = createMessageConnection(reader, writer, undefined, {
    cancellationStrategy: {
      receiver: {
        kind: 'request',
        createCancellationTokenSource: (message) => {
          if (message.params instanceof Call) return message.params;
          throw new TypeError('A request came past the reader.');
        },
      },
      sender: { sendCancellation: async () => undefined, cleanup: () => undefined },
    },
  });
  connection.onRequest((_method, call) => {
    if (!(call instanceof Call)) throw new TypeError('A request came past the reader.');
    return port.handle(call);
  });
  connection.onNotification((method, params) => {
    if (params instanceof Params) port.handleNotification(method, params.content);
  });
  connection.listen();

  const jsonrpc = '2.0';
  const deliverNotification = (method: string, params: object): void => {
    const message = { jsonrpc, method, params };
    deliver(message);
  };
  return {
    request: (call) => {
      const message = { jsonrpc, id: call.number, method: call.method, params: call };
      deliver(message);
    },
    notification: (method, params) => deliverNotification(method, new Params(params)),
    cancel: (call) => deliverNotification('$/cancelRequest', { id: call }),
    notify: (method, params) => void connection.sendNotification(method, new Params(params)),
    close: () => connection.dispose(),
  };
}

function send(message: Message, port: RpcCorePort): void {
  if (Message.isResponse(message)) {
    if (typeof message.id !== 'number' || !(message.result instanceof Answer)) {
      throw new TypeError('An answer came past the handler.');
    }
    port.sendAnswer(message.id, message.result);
  } else if (Message.isNotification(message) && message.params instanceof Params) {
    port.sendNotification(message.method, message.params.content);
  }
}
