import type { AbstractCancellationTokenSource, CancellationToken } from 'vscode-jsonrpc/node';
import type { Cancellable } from '../kernel/session-port.js';
import { onAbort } from '../kernel/signal.js';
import type { Value } from '../kernel/value/value.js';
import type { MessageId } from './parse-message.js';

/** A request on its way. Its number is ours, its id is the client's. */
export class Call implements Cancellable, AbstractCancellationTokenSource {
  readonly number: number;
  readonly id: MessageId;
  readonly method: string;
  readonly params: Value | undefined;
  readonly bytes: number;
  #cancelled = false;
  #reason: Error | undefined;
  #controller: AbortController | null = null;

  constructor(number: number, id: MessageId, method: string, params: Value | undefined, bytes: number) {
    this.number = number;
    this.id = id;
    this.method = method;
    this.params = params;
    this.bytes = bytes;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** vscode-jsonrpc's form of the signal; it only passes it on. */
  get token(): CancellationToken {
    return {
      isCancellationRequested: this.#cancelled,
      onCancellationRequested: (listener) => ({ dispose: onAbort(this.signal, () => listener(undefined)) }),
    };
  }

  /** The first reason counts; a Failure becomes the answer of a handler that stops for it. */
  cancel(reason?: Error): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }

  dispose(): void {}
}
