import { hash as digest } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { parseJson } from '../kernel/value/json.js';
import { isRecord, type Value } from '../kernel/value/value.js';
import { damage } from './damage.js';
import type { JournalEvent } from './journal.js';

/**
 * A journal line as bytes (format: state/events.ts). Writing and reading work on the text itself: the events are turned into
 * JSON once, when they are appended, and the chain is over raw bytes.
 */
export interface Line {
  readonly seq: number;
  readonly batch: number;
  readonly place: number;
  readonly count: number;
  readonly time: number;
  readonly epoch: number;
  /** JSON text of the list of events. */
  readonly events: string;
  readonly prev: string;
  readonly hash: string;
  /** Offsets of the first byte and of the byte after the newline, in the text that was read. */
  readonly start: number;
  readonly end: number;
}

/** What the writer knows of a line before its batch is formed. */
export interface Draft {
  readonly seq: number;
  readonly time: number;
  readonly events: string;
}

export interface Batch {
  readonly number: number;
  readonly epoch: number;
  readonly lines: readonly Draft[];
}

/** The sealed text of a batch and the hash of its last line, given the hash of the line before the batch. */
export function encodeBatch(batch: Batch, prev: string): { readonly text: string; readonly hash: string } {
  let text = '';
  let hash = prev;
  const count = batch.lines.length;
  for (const [index, line] of batch.lines.entries()) {
    const body = `{"seq":${line.seq},"b":${batch.number},"k":${index + 1},"n":${count},"time":${line.time},"epoch":${batch.epoch},"events":${line.events},"prev":"${hash}"`;
    const sealed = seal(body);
    text += sealed.text;
    hash = sealed.hash;
  }
  return { text, hash };
}

/** Ends a line that is open after its last own field: adds crc and hash, the brace and the newline. */
export function seal(body: string): { readonly text: string; readonly hash: string } {
  const checked = `${body},"crc":${crc32(body)}`;
  const hash = digest('sha256', checked);
  return { text: `${checked},"hash":"${hash}"}\n`, hash };
}

const newline = 0x0a;
const hashTail = ',"hash":"'.length + 64 + '"}'.length;
/** `,"crc":` and at most ten digits. */
const crcTail = ',"crc":'.length + 10;
const head =
  /^\{"seq":(\d{1,15}),"b":(\d{1,15}),"k":(\d{1,15}),"n":(\d{1,15}),"time":(-?\d{1,15}),"epoch":(\d{1,15}),"events":/;
/** The longest text that `head` can match. */
const headBytes = 160;
const prevTail = /,"prev":"([0-9a-f]{64}|)"$/;
const prevTailBytes = ',"prev":""'.length + 64;

/**
 * Checks crc and hash of the line that starts at `start`. Answers its body (the bytes before `,"crc":`), its hash and the
 * offset after its newline; null when the line is cut, damaged, or none of ours.
 */
export function unseal(
  bytes: Buffer,
  start: number,
): { readonly body: Buffer; readonly hash: string; readonly end: number } | null {
  const stop = bytes.indexOf(newline, start);
  if (stop < 0) return null;
  const checkedEnd = stop - hashTail;
  if (checkedEnd <= start) return null;
  const tail = /^,"hash":"([0-9a-f]{64})"\}$/.exec(bytes.toString('latin1', checkedEnd, stop));
  const crcFrom = Math.max(start, checkedEnd - crcTail);
  const crc = /,"crc":(\d{1,10})$/.exec(bytes.toString('latin1', crcFrom, checkedEnd));
  const hash = tail?.[1];
  if (hash === undefined || crc === null) return null;
  const body = bytes.subarray(start, crcFrom + crc.index);
  // The checksum is the cheap first look; the hash decides.
  if (crc32(body) !== Number(crc[1])) return null;
  if (digest('sha256', bytes.subarray(start, checkedEnd)) !== hash) return null;
  return { body, hash, end: stop + 1 };
}

/** Reads the decide at `start`; null when it is cut, damaged, or none of ours. Its place in the chain is the caller's to check. */
export function parseLine(bytes: Buffer, start: number): Line | null {
  const sealed = unseal(bytes, start);
  if (sealed === null) return null;
  const { body, hash, end } = sealed;
  const found = head.exec(body.toString('latin1', 0, headBytes));
  const tailFrom = Math.max(0, body.length - prevTailBytes);
  const prev = prevTail.exec(body.toString('latin1', tailFrom));
  if (found === null || prev === null) return null;
  const [seq = 0, batch = 0, place = 0, count = 0, time = 0, epoch = 0] = found.slice(1).map(Number);
  return {
    seq,
    batch,
    place,
    count,
    time,
    epoch,
    events: body.toString('utf8', found[0].length, tailFrom + prev.index),
    prev: prev[1] ?? '',
    hash,
    start,
    end,
  };
}

/** A value of the greatest permitted depth stands inside an event in a list. */
const lineDepth = 1_024;

/** The events of a line. Throws Failure `state_damaged` when its good bytes hold something else. */
export function lineEvents(line: Pick<Line, 'seq' | 'events'>): readonly JournalEvent[] {
  const events = parseJson(line.events, lineDepth);
  if (Array.isArray(events) && events.every(isEvent)) return events;
  throw damage('the journal', `line ${line.seq} holds no list of events`);
}

function isEvent(value: Value): value is JournalEvent {
  return isRecord(value) && typeof value['type'] === 'string';
}
