import { stringifyJson } from '../kernel/value/json.js';
import { isList, isRecord, type Value } from '../kernel/value/value.js';

/** A list or record with more entries than this is written entry by entry. */
const many = 200;
/** Characters of a piece: some 0.3 ms of work, a hundredth of what a request may be held up. */
const pieceLength = 65_536;

/**
 * The JSON text of a value in pieces, so that a document of megabytes does not hold up the event loop: whoever writes the
 * pieces lets others in between them. The text is that of {@link stringifyJson}, without indentation.
 */
export function* jsonPieces(value: Value): Generator<string> {
  let text = '';
  for (const part of parts(value)) {
    text += part;
    if (text.length < pieceLength) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

function* parts(value: Value): Generator<string> {
  if (!holdsMany(value)) {
    yield stringifyJson(value);
  } else if (isList(value)) {
    let opening = '[';
    for (const item of value) {
      yield opening;
      yield* parts(item);
      opening = ',';
    }
    yield ']';
  } else if (isRecord(value)) {
    let opening = '{';
    for (const [key, item] of Object.entries(value)) {
      yield `${opening}${JSON.stringify(key)}:`;
      yield* parts(item);
      opening = ',';
    }
    yield '}';
  }
}

/** Whether a list or record of many entries is in a value: never true of an empty one, so that the parts above join up. */
function holdsMany(value: Value): boolean {
  if (!isList(value) && !isRecord(value)) return false;
  const entries: readonly Value[] = isList(value) ? value : Object.values(value);
  return entries.length > many || entries.some(holdsMany);
}
