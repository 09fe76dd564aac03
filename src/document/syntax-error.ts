/** What a parser found at a place of a text; document.ts turns it into a Failure with file, line and excerpt. */
export interface SyntaxFinding {
  readonly message: string;
  /** UTF-16 offset. */
  readonly offset: number;
  readonly length: number;
  readonly expected?: string;
  readonly got?: string;
  readonly advice?: string;
}

/** Thrown by the readers of this folder: the text is not a document of its format. */
export class DocumentSyntaxError extends Error {
  readonly findings: readonly SyntaxFinding[];
  constructor(findings: readonly SyntaxFinding[]) {
    super(findings.map((finding) => finding.message).join('\n'));
    this.name = 'DocumentSyntaxError';
    this.findings = findings;
  }
}
