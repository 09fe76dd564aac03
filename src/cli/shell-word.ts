/** Writes a word so that a POSIX shell, fish and Nushell read it as one word: bare when it is harmless, else in single quotes. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // Nushell has no escape inside single quotes; a word with one is rare enough to serve the POSIX shells alone.
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
