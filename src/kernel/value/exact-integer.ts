/** To convert digits costs more than linear time: 16 million of them would stop everything for seconds. */
const mostDigits = 10_000;

/**
 * The exact value of an integer literal that `BigInt` reads ("-12", "0xff"): a number when it is safe, else a bigint; "-0"
 * is 0. Undefined when it has more than 10,000 characters.
 */
export function exactInteger(literal: string): number | bigint | undefined {
  if (literal.length > mostDigits) return undefined;
  const value = Number(literal);
  return Number.isSafeInteger(value) ? value + 0 : BigInt(literal);
}
