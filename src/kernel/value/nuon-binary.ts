const digitsPerByte: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['o', 3],
  ['b', 8],
]);
const radix: ReadonlyMap<string, number> = new Map([
  ['x', 16],
  ['o', 8],
  ['b', 2],
]);

/**
 * The bytes between the brackets of a binary literal (`0x[ff 00]`, `0o[377]`, `0b[1010]`): white space, commas and
 * comments are ignored and missing leading digits are zeros; undefined when a digit does not fit the base or a byte.
 */
export function binary(base: string, content: string): Uint8Array | undefined {
  const perByte = digitsPerByte.get(base) ?? 2;
  const bare = content.replace(/#[^\n]*/g, '').replace(/[\s,]/g, '');
  const digits = bare.padStart(Math.ceil(bare.length / perByte) * perByte, '0');
  const allowed = base === 'x' ? /^[0-9a-fA-F]*$/ : base === 'o' ? /^[0-7]*$/ : /^[01]*$/;
  if (!allowed.test(digits)) return undefined;
  const bytes = new Uint8Array(digits.length / perByte);
  for (let index = 0; index < bytes.length; index++) {
    const byte = Number.parseInt(digits.slice(index * perByte, (index + 1) * perByte), radix.get(base));
    if (byte > 255) return undefined;
    bytes[index] = byte;
  }
  return bytes;
}
