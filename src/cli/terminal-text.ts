import stringWidth from 'string-width';

/**
 * Makes text of others safe for a terminal: escape sequences and control characters go (a log line must not move the cursor
 * or set the window's title), line ends and tabs stay.
 */
export function harmless(text: string): string {
  return text.replace(escapeSequence, '').replace(controlCharacter, '');
}

// CSI, OSC and two-character sequences of ECMA-48; built from strings so that no control character stands in a literal.
const escapeSequence = new RegExp(
  [
    '\\u001B\\[[0-?]*[ -/]*[@-~]',
    '\\u001B\\][^\\u0007\\u001B]*(?:\\u0007|\\u001B\\\\)?',
    '\\u001B[ -/]*[0-~]',
  ].join('|'),
  'g',
);
const controlCharacter = /[\p{Cc}\p{Bidi_Control}](?<![\n\t])/gu;

/** Cuts text to a width in terminal columns; what was cut is marked by "…". Wide characters and joined emoji stay whole. */
export function fitWidth(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  if (columns <= 1) return columns === 1 ? '…' : '';
  let fitted = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const width = stringWidth(segment);
    if (used + width > columns - 1) break;
    fitted += segment;
    used += width;
  }
  return `${fitted}…`;
}

/** Pads text with spaces to a width in terminal columns; longer text is cut. */
export function padWidth(text: string, columns: number): string {
  const fitted = fitWidth(text, columns);
  return fitted + ' '.repeat(Math.max(0, columns - stringWidth(fitted)));
}
