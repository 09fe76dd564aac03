/** Bytes of an id, and of the stock they are taken from: asking the system costs 9 µs, whether for 8 bytes or for 4096. */
const idBytes = 8;
const stockBytes = 4096;

/** Makes a source of run ids. `randomBytes` gives so many bytes from the system. */
export function createRunIds(now: () => number, randomBytes: (size: number) => Uint8Array): () => string {
  let stock: Uint8Array = new Uint8Array();
  let taken = 0;
  return () => {
    if (taken === stock.length) {
      stock = randomBytes(stockBytes);
      taken = 0;
    }
    taken += idBytes;
    return newRunId(now(), stock.subarray(taken - idBytes, taken));
  };
}

/**
 * A new run id: `r-`, the time in base 36 (nine digits, so that ids sort by time for the next thousand years), and 40 random
 * bits. Safe as a file name and short enough to type.
 */
function newRunId(now: number, random: Uint8Array): string {
  const time = now.toString(36).padStart(9, '0');
  const tail = [...random.subarray(0, 8)].map((byte) => (byte % 36).toString(36)).join('');
  return `r-${time}${tail}`;
}
