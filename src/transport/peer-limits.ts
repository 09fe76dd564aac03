import { defaultFrameLimits, type FrameLimits } from './framing.js';

/** What one connection may cost. */
export interface PeerLimits extends FrameLimits {
  /** Requests in flight on one connection. */
  readonly inFlight: number;
  /** Bytes of their messages. */
  readonly inFlightBytes: number;
  /** Bytes of answers and notifications the other side has not read, from which nothing more is read from it. */
  readonly unreadBytes: number;
  /** The same, from which the connection is closed. */
  readonly unreadLimit: number;
  /** How long reading waits for slow answers before it goes on, in milliseconds. */
  readonly stallMs: number;
  /** How long cancelled requests may take to be answered when the connection ends, in milliseconds. */
  readonly endMs: number;
}

const mebibyte = 1024 * 1024;

export const defaultPeerLimits: PeerLimits = {
  ...defaultFrameLimits,
  inFlight: 1024,
  inFlightBytes: 64 * mebibyte,
  unreadBytes: 8 * mebibyte,
  unreadLimit: 256 * mebibyte,
  stallMs: 250,
  endMs: 5000,
};
