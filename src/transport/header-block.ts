const carriageReturn = 13;

/** One header block, line by line. */
export class HeaderBlock {
  length: number | null = null;
  charset = 'utf-8';
  complete = false;
  remainingBytes: number;
  #lines = 0;

  constructor(limit: number) {
    this.remainingBytes = limit;
  }

  get empty(): boolean {
    return this.#lines === 0;
  }

  /** Takes a line without its newline; returns what is wrong with it, or null. */
  add(line: Buffer): string | null {
    this.#lines++;
    this.remainingBytes -= line.length + 1;
    if (line[line.length - 1] !== carriageReturn)
      return 'Expected header lines to end with CR LF, got LF alone.';
    if (line.length === 1) {
      this.complete = true;
      return null;
    }
    const text = line.toString('latin1', 0, line.length - 1);
    const colon = text.indexOf(':');
    if (colon === -1) return `Expected a header "Name: value", got ${shown(text)}.`;
    const name = text.slice(0, colon).toLowerCase();
    const value = text.slice(colon + 1).trim();
    if (name === 'content-length') return this.#takeLength(value);
    if (name === 'content-type') this.charset = charsetOf(value);
    return null;
  }

  #takeLength(value: string): string | null {
    if (!/^\d{1,20}$/.test(value))
      return `Expected the digits of a length, got Content-Length ${shown(value)}.`;
    if (this.length !== null) return 'Expected one Content-Length, got two.';
    this.length = Number(value);
    return null;
  }
}

function charsetOf(contentType: string): string {
  const match = /;\s*charset\s*=\s*"?([^\s";]*)"?/i.exec(contentType);
  return match?.[1]?.toLowerCase() ?? 'utf-8';
}

/** At most 60 characters of a text, quoted. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
