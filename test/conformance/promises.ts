/** What a client may rely on beside the answers to malformed input. Each promise is tested on every transport it names. */
export interface Promised {
  readonly id: string;
  readonly promise: string;
  /** Where it has a meaning; everywhere when absent. */
  readonly only?: 'stdio' | 'socket' | 'headers' | 'lines';
}

export const promises = [
  { id: 'ids-return', promise: 'The id comes back with the same type: 1, 1.0, "1", null, 2^60, -1, "".' },
  { id: 'values-exact', promise: 'Integers of any size and floats with .0 come back as they were sent.' },
  { id: 'keys-are-data', promise: 'Keys such as __proto__ and constructor are data; no prototype changes.' },
  {
    id: 'cancel-once',
    promise: 'A cancelled request is answered exactly once; cancelling it again or late changes nothing.',
  },
  { id: 'late-cancel', promise: 'A request that was answered keeps its answer when a cancel follows.' },
  { id: 'null-result', promise: 'No result is null, present; shutdown gives it.' },
  { id: 'exit-code', promise: 'exit ends the process with 0 after shutdown, else with 1.', only: 'stdio' },
  {
    id: 'exit-cancels',
    promise: 'exit ends the session: requests in flight are answered as cancelled, later ones not.',
  },
  {
    id: 'eof-answers',
    promise: 'At the end of the input the requests in flight are answered before the end.',
  },
  {
    id: 'last-line',
    promise: 'The last line needs no newline; blank lines are ignored; CR LF is a line end.',
    only: 'lines',
  },
  {
    id: 'cut-frame',
    promise: 'A stream that ends inside a header frame is refused, not ignored.',
    only: 'headers',
  },
  {
    id: 'many-at-once',
    promise: 'Ten thousand requests sent at once are all answered, none is refused as busy.',
  },
  { id: 'any-pieces', promise: 'Bytes may arrive one at a time.' },
  { id: 'large-message', promise: 'A message of a megabyte there and back is exact.' },
  {
    id: 'no-leak',
    promise: 'The text of an unexpected error does not reach the client; an id for the log does.',
  },
  { id: 'failure-data', promise: 'An error carries name, retryable, advice, and what the failure says.' },
  { id: 'suggestion', promise: 'A misspelt method is answered with the one that was meant.' },
  { id: 'open-capabilities', promise: 'Unknown capabilities and fields of initialize are ignored.' },
  { id: 'told-in-order', promise: 'A notification of a handler comes before its answer.' },
  {
    id: 'attach',
    promise: '$/attach gives a socket connection its folder and environment, in either framing.',
    only: 'socket',
  },
  { id: 'whole-float', promise: 'A whole float is taken where a number is asked for.' },
  { id: 'stock-client', promise: 'A stock vscode-jsonrpc client is served.', only: 'headers' },
] as const satisfies readonly Promised[];

export type PromiseId = (typeof promises)[number]['id'];
