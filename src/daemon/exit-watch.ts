import type { Framing } from '../kernel/session-port.js';

/** What the client said about its end, as far as the exit code of a stdio process depends on it (LSP 3.17 §exit). */
export interface ExitWatch {
  push(chunk: Buffer): void;
  readonly framing: Framing | null;
  readonly sawShutdown: boolean;
  readonly sawExit: boolean;
}

/** `shutdown` and `exit` are short messages; longer ones are skipped unread. */
const longestInteresting = 512;
const lineFeed = 0x0a;

/**
 * Listens in on what a client sends through the proxy. Only the ends of messages are followed, and only messages of up to 512
 * bytes are looked at: what is malformed is the daemon's to say.
 */
export function createExitWatch(): ExitWatch {
  let framing: Framing | null = null;
  let sawShutdown = false;
  let sawExit = false;
  /** The header block, body or line at hand; null when it is too long to matter. */
  let pending: string | null = '';
  let bodyLeft = 0;

  const keep = (chunk: Buffer, from: number, to: number) => {
    if (pending === null || pending.length + to - from > longestInteresting) pending = null;
    else pending += chunk.toString('latin1', from, to);
  };
  const endMessage = () => {
    const method = pending === null ? undefined : methodOf(pending);
    if (method === 'shutdown') sawShutdown = true;
    if (method === 'exit') sawExit = true;
    pending = '';
  };
  /** Takes a line, or the part of it that has come; answers where the next one begins. */
  const takeLine = (chunk: Buffer, from: number, onEnd: () => void): number => {
    const end = chunk.indexOf(lineFeed, from);
    keep(chunk, from, end === -1 ? chunk.length : end + 1);
    if (end === -1) return chunk.length;
    onEnd();
    return end + 1;
  };
  const endHeaderLine = () => {
    if (pending === null || !pending.endsWith('\r\n\r\n')) return;
    bodyLeft = Number(/content-length:[ \t]*(\d+)/i.exec(pending)?.[1] ?? 0);
    pending = '';
  };
  const takeBody = (chunk: Buffer, from: number): number => {
    const to = Math.min(chunk.length, from + bodyLeft);
    bodyLeft -= to - from;
    keep(chunk, from, to);
    if (bodyLeft === 0) endMessage();
    return to;
  };

  return {
    push: (chunk) => {
      let at = 0;
      while (at < chunk.length) {
        framing ??= framingOf(chunk[at]);
        if (framing === null) at += 1;
        else if (framing === 'lines') at = takeLine(chunk, at, endMessage);
        else if (bodyLeft > 0) at = takeBody(chunk, at);
        else at = takeLine(chunk, at, endHeaderLine);
      }
    },
    get framing() {
      return framing;
    },
    get sawShutdown() {
      return sawShutdown;
    },
    get sawExit() {
      return sawExit;
    },
  };
}

/** The framing by the first byte that is no white space: C or c begins "Content-Length". */
function framingOf(byte: number | undefined): Framing | null {
  if (byte === undefined || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) return null;
  return byte === 0x43 || byte === 0x63 ? 'headers' : 'lines';
}

function methodOf(text: string): unknown {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null && 'method' in message
      ? message.method
      : undefined;
  } catch {
    return undefined;
  }
}
