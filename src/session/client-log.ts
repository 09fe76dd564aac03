import type { Log, LogFields } from '../kernel/log.js';

/** How much a client wants to hear; `$/setTrace`. */
export type Trace = 'off' | 'messages' | 'verbose';

/** Unknown words count as off, so that a newer client's word is no error. */
export function traceOf(word: string | undefined): Trace {
  return word === 'messages' || word === 'verbose' ? word : 'off';
}

/** LSP 3.17 §MessageType, and the least trace at which a level is told. */
const levels = {
  error: { type: 1, from: 0 },
  warn: { type: 2, from: 0 },
  info: { type: 3, from: 1 },
  debug: { type: 5, from: 2 },
} as const;

const loudness: Readonly<Record<Trace, number>> = { off: 0, messages: 1, verbose: 2 };

/** A log whose sentences the client hears too, as `window/logMessage`. The fields stay in the log: they may hold what it should not see. */
export function clientLog(log: Log, trace: () => Trace, tell: (type: number, message: string) => void): Log {
  const at =
    (level: keyof typeof levels) =>
    (fields: LogFields, message: string): void => {
      log[level](fields, message);
      if (loudness[trace()] >= levels[level].from) tell(levels[level].type, message);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => clientLog(log.child(fields), trace, tell),
  };
}
