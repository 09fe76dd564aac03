import { Composer, type Document, Lexer, Parser } from 'yaml';
import { tooDeep } from './limits.js';
import { DocumentSyntaxError, type SyntaxFinding } from './syntax-error.js';

/** The YAML documents of a text, composed but not yet turned into values; scalars are still their text. */
export function parseYaml(text: string, depth: number): readonly Document.Parsed[] {
  const composer = new Composer({
    version: '1.2',
    // Only strings, lists and maps: yaml-scalar.ts decides what a plain scalar is, so that no number is rounded.
    schema: 'failsafe',
    resolveKnownTags: false,
    // The library compares every key with every other: yaml.ts looks them up instead.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents = [...composer.compose(tokens(text, depth), false, text.length)];
  const findings: SyntaxFinding[] = documents.flatMap((document) =>
    document.errors.map(({ message, pos }) => ({
      message,
      offset: pos[0],
      length: Math.max(1, pos[1] - pos[0]),
    })),
  );
  if (findings.length > 0) throw new DocumentSyntaxError(findings);
  return documents;
}

/** Parses to syntax tokens, and stops before the composer, which recurses, meets a tree that is too deep for it. */
function* tokens(text: string, depth: number) {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    // Beside one entry per list or map, the stack holds the document and the scalar that is being read.
    if (parser.stack.length > depth + 2) throw tooDeep(depth);
  }
  yield* parser.end();
}
