/** Keeps what was compiled last, by text; what was not used longest goes first. */
export class TextCache<T> {
  readonly #entries = new Map<string, T>();
  readonly #maxEntries: number;
  readonly #maxLength: number;
  #length = 0;

  /** At most so many entries, whose texts have at most so many UTF-16 units together. */
  constructor(maxEntries: number, maxLength: number) {
    this.#maxEntries = maxEntries;
    this.#maxLength = maxLength;
  }

  /** The entry of a text, made when there is none; nothing is kept when `make` throws. */
  get(text: string, make: () => T): T {
    const known = this.#entries.get(text);
    if (known !== undefined) {
      this.#entries.delete(text);
      this.#entries.set(text, known);
      return known;
    }
    const made = make();
    this.#entries.set(text, made);
    this.#length += text.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries && this.#length <= this.#maxLength) break;
      this.#entries.delete(oldest);
      this.#length -= oldest.length;
    }
    return made;
  }
}
