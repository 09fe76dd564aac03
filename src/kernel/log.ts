import { destination, type Logger, pino } from 'pino';

/** What a log entry may carry beside its sentence. An error goes under the key `err`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The program's log: one JSON object a line, never on stdout. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A log that adds these fields to every entry. */
  child(fields: LogFields): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogOptions {
  readonly level: LogLevel;
  /** A file to append to (made 0600), or stderr. */
  readonly to: 'stderr' | { readonly file: string };
}

/**
 * Creates the log. Writes are synchronous: an entry is on its way before the next statement runs, also when the process is
 * about to die. A destination that breaks (EPIPE on stderr, a full disk) is given up without a word: to report it would
 * write to it again.
 */
export function createLog(options: LogOptions): Log {
  const stream = destination(
    options.to === 'stderr'
      ? { dest: 2, sync: true }
      : { dest: options.to.file, sync: true, append: true, mode: 0o600 },
  );
  stream.on('error', () => undefined);
  return wrap(
    pino(
      {
        level: options.level,
        base: { pid: process.pid },
        formatters: { level: (label) => ({ level: label }) },
      },
      stream,
    ),
  );
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

function wrap(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => wrap(logger.child(fields)),
  };
}
