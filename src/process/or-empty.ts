/** What `read` gives, or empty text when it fails: a process may end, or hide itself, at any moment. */
export function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
