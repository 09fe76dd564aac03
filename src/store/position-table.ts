import type { JournalPosition } from '../../state/schema.js';

/**
 * Places between journal lines, ascending by seq: the start of every segment that was read or written since the start, and
 * one place at most every 64 KiB in between. From the nearest place below it any line is found by a short scan.
 */
export class PositionTable {
  readonly #places: JournalPosition[] = [];

  /** Notes the place after a synced line; not kept when it is near the one before it. */
  note(place: JournalPosition): void {
    const last = this.#places.at(-1);
    if (last !== undefined && last.segment === place.segment && place.offset - last.offset < 65_536) return;
    this.startSegment(place);
  }

  /** Notes the place before the first line of a segment. Places that a superseding segment made void are dropped. */
  startSegment(place: JournalPosition): void {
    while ((this.#places.at(-1)?.seq ?? -1) >= place.seq) this.#places.pop();
    this.#places.push(place);
  }

  /**
   * The last place whose line is at most `seq`, or one that is up to `bytesBack` bytes further up in the same segment; null
   * when no such place is known.
   */
  before(seq: number, bytesBack = 0): JournalPosition | null {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    const last = this.#places[low - 1];
    if (last === undefined) return null;
    const back = this.#places.find(
      (place) => place.segment === last.segment && last.offset - place.offset <= bytesBack,
    );
    return back ?? last;
  }
}
