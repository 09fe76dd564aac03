/** Bytes of each unit of a size: kB and so on are powers of 1000, KiB and so on of 1024, as in Nushell. */
const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** What {@link parseSizeText} accepts, as a regular expression for schemas. */
export const SIZE_PATTERN = /^\d+(?:\.\d+)? ?(?:[bB]|[kKmMgG]i?[bB])$/;

/** What {@link parseSizeText} accepts, in words for messages. */
export const SIZE_EXPECTED = 'a size in bytes, or text such as "64KiB" or "16MiB"';

/** Reads a size ("16MiB", "500 kB") as whole bytes; undefined when the text is none. */
export function parseSizeText(text: string): number | undefined {
  if (!SIZE_PATTERN.test(text)) return undefined;
  const unit = UNITS[text.replace(/[\d. ]/g, '').toLowerCase()];
  if (unit === undefined) return undefined;
  const bytes = Math.round(Number.parseFloat(text) * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
