/** A template to work on. */
export interface TemplateSource {
  readonly text: string;
  /** What messages call it: the path as the caller gave it, or words such as "template". */
  readonly name: string;
  /** The file it came from, absolute; includes are looked for beside it. */
  readonly path?: string;
}
