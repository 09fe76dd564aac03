/** The value of `nu -I` for folders that `use NAME` looks in, in this order: Nushell separates them by the record separator. */
export function includePath(folders: readonly string[]): string {
  return folders.join('\u001e');
}
