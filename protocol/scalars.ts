import { z } from 'zod';

/**
 * The version of the wire contract. It changes only when an old client would misread a new sidecar; added methods and
 * fields leave it alone.
 */
export const protocolVersion = 1;

/** `unknown` in a schema means "any value of the value model"; nothing else is unknown. */
export const anyValue = z
  .unknown()
  .describe('Any JSON value. Integers of any size are exact, floats keep their ".0".');

export const valueRecord = z.record(z.string(), anyValue);

export const nuonText = z
  .string()
  .describe('NUON text, which carries every Nushell type (dates, durations, filesizes, binary, ranges).');

export const wantsNuon = z
  .boolean()
  .describe('Also give the value as NUON text, which keeps dates, durations, filesizes, binary and ranges.');

export const filePath = z.string().min(1).describe('A path, absolute or relative to `cwd`.');

export const cwd = z
  .string()
  .min(1)
  .describe(
    "An absolute folder that relative paths start from. Default: the session's folder, else the project.",
  );

export const env = z
  .record(z.string(), z.string())
  .describe("The environment of what is run. Default: the session's environment.");

export const milliseconds = z.number().int().min(0).describe('Milliseconds.');

export const timestamp = z.iso.datetime({ offset: true }).describe('RFC 3339.');

export const runId = z.string().min(1).max(200).describe('The id of a run, as workflow/submit gave it.');

export const taskId = z.string().min(1).max(200).describe('The id of a task in its workflow.');

export const labels = z.record(z.string(), z.string()).describe('Free labels, to find runs by.');

export const seq = z
  .number()
  .int()
  .min(0)
  .describe('A place in the journal; later events have greater numbers.');

export const pageLimit = z.number().int().min(1).max(1000).describe('The most entries to answer.');

export const cursor = z.string().min(1).describe('Where to go on: opaque text of an earlier answer.');

/** Where a request runs: given on every method that resolves paths. */
export const place = { cwd: cwd.optional() };

/** Where and with which environment a request runs: given on every method that starts something. */
export const surroundings = { cwd: cwd.optional(), env: env.optional() };
