/** A name of the wire as people read it: "exitCode" is "exit code". */
export function spacedWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
