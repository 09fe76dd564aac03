const escapes: ReadonlyMap<string, string> = new Map([
  ...['"', "'", '\\', '/', '(', ')', '{', '}', '$', '^', '#', '|', '~'].map((c): [string, string] => [c, c]),
  ['a', '\u0007'],
  ['b', '\b'],
  ['e', '\u001b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['0', '\0'],
]);
const escapePattern = /\\(?:u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|([^ux]))?/gs;

/** Resolves the escapes between the double quotes of a NUON string; an unknown one is told by its offset. */
export function resolveEscapes(text: string): { readonly text: string } | { readonly badOffset: number } {
  let badOffset = -1;
  const resolved = text.replace(escapePattern, (whole, braced, byte, single, offset: number) => {
    const code = braced === undefined && byte === undefined ? undefined : Number.parseInt(braced ?? byte, 16);
    if (code !== undefined && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff))
      return String.fromCodePoint(code);
    const known = escapes.get(single);
    if (known === undefined && badOffset === -1) badOffset = offset;
    return known ?? whole;
  });
  return badOffset === -1 ? { text: resolved } : { badOffset };
}

/** A string as a NUON literal in double quotes; control characters are escaped. */
export function quoted(text: string): string {
  return `"${text.replace(/[\p{Cc}"\\]/gu, escaped)}"`;
}

function escaped(character: string): string {
  switch (character) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    case '"':
    case '\\':
      return `\\${character}`;
    default:
      return `\\u{${character.charCodeAt(0).toString(16)}}`;
  }
}
