import type { Readable, Writable } from 'node:stream';
import { attach } from '../../protocol/session.js';
import { Failure } from '../kernel/failure.js';
import { peerErrorOf } from '../kernel/peer-error.js';
import type { Attachment, Framing, OpenSession, SessionPort } from '../kernel/session-port.js';
import { stringifyJson } from '../kernel/value/json.js';
import { isRecord, ownKey, type Value, type ValueRecord } from '../kernel/value/value.js';
import type { Call } from './call.js';
import { CallTable } from './call-table.js';
import { encodeFrame, type Frame, FrameDecoder } from './framing.js';
import { Outbox } from './outbox.js';
import { Pacing } from './pacing.js';
import { type Incoming, isId, type MessageId, parseMessage } from './parse-message.js';
import { defaultPeerLimits, type PeerLimits } from './peer-limits.js';
import { Answer, createRpcCore, type RpcCore } from './rpc-core.js';

/** Why a connection ended. `eof`: the client sent all it had; `broken`: it went away; `closed`: we ended it. */
export type EndReason = 'eof' | 'exit' | 'malformed' | 'broken' | 'closed';

export interface PeerEnd {
  readonly reason: EndReason;
  readonly framing: Framing | null;
  /** Whether `shutdown` had been answered. */
  readonly shutDown: boolean;
}

export interface PeerOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly openSession: OpenSession;
  readonly limits?: Partial<PeerLimits>;
  /** Whether the first message may be `$/attach`: on our own sockets. */
  readonly acceptAttach: boolean;
}

/** One JSON-RPC connection over a pair of byte streams. */
export class Peer {
  readonly ended: Promise<PeerEnd>;
  readonly #input: Readable;
  readonly #openSession: OpenSession;
  readonly #limits: PeerLimits;
  readonly #decoder: FrameDecoder;
  readonly #outbox: Outbox;
  readonly #pacing: Pacing;
  readonly #core: RpcCore;
  readonly #calls = new CallTable();
  #acceptAttach: boolean;
  #attachment: Attachment | null = null;
  #session: SessionPort | null = null;
  #reason: EndReason | null = null;
  #waitsForDrain = false;
  #endTimer: NodeJS.Timeout | undefined;
  #resolveEnded: (end: PeerEnd) => void = () => undefined;

  constructor(options: PeerOptions) {
    this.#limits = { ...defaultPeerLimits, ...options.limits };
    this.#input = options.input;
    this.#openSession = options.openSession;
    this.#acceptAttach = options.acceptAttach;
    this.#decoder = new FrameDecoder(this.#limits);
    this.#pacing = new Pacing({
      inFlightLimit: this.#limits.inFlight,
      inFlightBytes: this.#limits.inFlightBytes,
      stallMs: this.#limits.stallMs,
      resume: () => this.#pump(),
    });
    this.#outbox = new Outbox(options.output, {
      moreComing: () => this.#pacing.queued,
      onBroken: () => this.#end('broken'),
    });
    this.#core = createRpcCore({
      handle: (call) => this.#handle(call),
      handleNotification: (method, params) => this.#handleNotification(method, params),
      sendAnswer: (number, answer) => this.#sendAnswer(number, answer),
      sendNotification: (method, params) =>
        this.#send(params === undefined ? { jsonrpc: '2.0', method } : { jsonrpc: '2.0', method, params }),
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    options.input.on('data', (chunk: Buffer) => {
      this.#decoder.push(chunk);
      this.#pump();
    });
    options.input.on('end', () => {
      this.#decoder.end();
      this.#pump();
    });
    options.input.on('error', () => this.#end('broken'));
    options.input.on('close', () => {
      // After a clean end what was read still has to be handled: `#pump` ends the connection when it is.
      if (options.input.readableEnded) this.#pump();
      else this.#end('broken');
    });
  }

  /** Ends the connection from our side: requests in flight are answered with the failure, or their result if it comes first. */
  close(failure: Failure): void {
    this.#end('closed', failure);
  }

  /** Reads on as far as the pace allows. */
  #pump(): void {
    while (this.#reason === null && !this.#waitsForDrain && this.#pacing.open) {
      const frame = this.#decoder.next();
      if (frame === undefined) {
        // Not while messages wait for their tick: the last of them may be `exit`, which is a better reason.
        if (this.#input.readableEnded && !this.#pacing.queued) this.#end('eof');
        else if (this.#input.isPaused()) this.#input.resume();
        return;
      }
      this.#take(frame);
    }
    if (this.#reason === null && !this.#input.isPaused()) this.#input.pause();
  }

  #take(frame: Frame): void {
    if (frame.kind === 'refused') {
      this.#acceptAttach = false;
      this.#refuse(null, new Failure('invalid_request', frame.message));
      if (frame.fatal) this.#end('malformed');
      return;
    }
    const incoming = parseMessage(frame.body);
    const mayAttach = this.#acceptAttach;
    this.#acceptAttach = false;
    if (mayAttach && incoming.kind === 'notification' && incoming.method === attach.name) {
      this.#attach(incoming.params);
      return;
    }
    this.#accept(incoming, frame.body.length);
  }

  #attach(params: Value | undefined): void {
    const parsed = attach.params.safeParse(params ?? {});
    if (!parsed.success) {
      this.#refuse(null, new Failure('invalid_params', 'Expected $/attach with cwd, env and processId.'));
      this.#end('malformed');
      return;
    }
    const { cwd, env, processId } = parsed.data;
    this.#attachment = { cwd: cwd ?? null, env: env ?? null, processId: processId ?? null };
    this.#decoder.restart();
  }

  #accept(incoming: Incoming, bytes: number): void {
    switch (incoming.kind) {
      case 'refused':
        this.#refuse(incoming.id, incoming.failure);
        return;
      case 'request':
        this.#acceptRequest(incoming.id, incoming.method, incoming.params, bytes);
        return;
      case 'notification':
        if (incoming.method === '$/cancelRequest') this.#cancel(incoming.params);
        else {
          this.#pacing.queue();
          this.#core.notification(incoming.method, incoming.params);
        }
        return;
      // We send no requests, so nothing waits for an answer.
      case 'response':
    }
  }

  #acceptRequest(id: MessageId, method: string, params: Value | undefined, bytes: number): void {
    if (this.#pacing.full && this.#calls.numberOf(id) === undefined) {
      const got = `${this.#pacing.inFlight} requests in flight on this connection`;
      this.#refuse(id, new Failure('busy', `There are ${got}: wait for some of them.`, { got }));
      return;
    }
    const call = this.#calls.add(id, method, params, bytes);
    if (call === undefined) {
      const message = `Expected an id that is not in flight, got ${stringifyJson(id)} again.`;
      this.#refuse(id, new Failure('invalid_request', message));
      return;
    }
    this.#pacing.accepted(bytes);
    this.#pacing.queue();
    this.#core.request(call);
  }

  #cancel(params: Value | undefined): void {
    const id = params !== undefined && isRecord(params) ? ownKey(params, 'id') : undefined;
    const number = id !== undefined && isId(id) ? this.#calls.numberOf(id) : undefined;
    if (number !== undefined) this.#core.cancel(number);
  }

  async #handle(call: Call): Promise<Answer> {
    this.#pacing.begun();
    try {
      return new Answer({ result: await this.#sessionNow().request(call.method, call.params, call) });
    } catch (error) {
      const failure =
        error instanceof Failure
          ? error
          : new Failure('internal_error', 'The session failed inside the sidecar.');
      return new Answer({ error: peerErrorOf(failure) });
    }
  }

  #handleNotification(method: string, params: Value | undefined): void {
    this.#sessionNow().notification(method, params);
    this.#pacing.begun();
  }

  #sendAnswer(number: number, { content }: Answer): void {
    const call = this.#calls.take(number);
    if (call === undefined) return;
    this.#send(
      'result' in content
        ? { jsonrpc: '2.0', id: call.id, result: content.result }
        : { jsonrpc: '2.0', id: call.id, error: { ...content.error } },
    );
    this.#pacing.answered(call.bytes);
  }

  #refuse(id: MessageId, failure: Failure): void {
    this.#send({ jsonrpc: '2.0', id, error: { ...peerErrorOf(failure) } });
  }

  #send(message: ValueRecord): void {
    this.#outbox.send(encodeFrame(this.#decoder.framing ?? 'lines', stringifyJson(message)));
    if (this.#outbox.backlog > this.#limits.unreadLimit) this.#end('broken');
    else if (!this.#waitsForDrain && this.#outbox.isStuck(this.#limits.unreadBytes)) {
      this.#waitsForDrain = true;
      this.#outbox.onDrain(() => {
        this.#waitsForDrain = false;
        this.#pump();
      });
    }
  }

  #sessionNow(): SessionPort {
    this.#session ??= this.#openSession({
      framing: this.#decoder.framing ?? 'lines',
      attachment: this.#attachment,
      notify: (method, params) => {
        if (this.#reason === null || this.#reason === 'eof') this.#core.notify(method, params);
      },
      end: () => this.#end('exit'),
    });
    return this.#session;
  }

  /**
   * The first reason wins, but `eof` only says that no more will come: requests run to their end, and what happens
   * meanwhile is the better reason. For every other reason they are cancelled.
   */
  #end(reason: EndReason, failure?: Failure): void {
    const former = this.#reason;
    if (former === reason || (former !== null && former !== 'eof')) return;
    this.#reason = reason;
    if (reason !== 'eof') {
      this.#input.pause();
      this.#calls.cancelAll(failure);
      if (reason === 'broken') this.#giveUp();
      else this.#endTimer = setTimeout(() => this.#giveUp(), this.#limits.endMs);
    }
    if (former === null) void this.#finish(reason);
  }

  #giveUp(): void {
    this.#pacing.giveUp();
    this.#outbox.destroy();
  }

  async #finish(first: EndReason): Promise<void> {
    if (first !== 'broken') await this.#pacing.idle();
    this.#pacing.giveUp();
    const shutDown = this.#session?.shutDown ?? false;
    this.#session?.close();
    await this.#outbox.end();
    clearTimeout(this.#endTimer);
    this.#core.close();
    this.#input.destroy();
    this.#resolveEnded({ reason: this.#reason ?? first, framing: this.#decoder.framing, shutDown });
  }
}
