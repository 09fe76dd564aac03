import { suggest } from '../kernel/suggest.js';
import type { Cursor } from './cursor.js';
import { reservedWords } from './parse-expression.js';
import { SyntaxFault } from './problem.js';
import type { Span } from './syntax.js';

/** Words that go on with a tag or close it, and start none. */
export const innerWords: readonly string[] = ['elif', 'else', 'endif', 'endfor', 'endset'];
const openingWords = ['if', 'for', 'set', 'set_global', 'include', 'raw', 'break', 'continue'];
const laterWords = [
  'extends',
  'block',
  'macro',
  'import',
  'from',
  'call',
  'filter',
  'with',
  'autoescape',
  'do',
  'trans',
];

/** The fault of a tag with a first word that this version does not know. */
export function unknownTag(word: string, span: Span): SyntaxFault {
  if (laterWords.includes(word)) {
    return new SyntaxFault('unsupported-tag', `The tag \`${word}\` is not part of this version.`, span, {
      got: word,
      advice: 'Use include, set and for, or write the part out.',
    });
  }
  const near = suggest(word, [...openingWords, ...innerWords]);
  return new SyntaxFault(
    'unknown-tag',
    word === '' ? 'A tag is empty.' : `The tag \`${word}\` is unknown.`,
    span,
    {
      expected: `one of ${openingWords.join(', ')}`,
      got: word,
      ...(near === undefined ? {} : { advice: `Did you mean \`${near}\`?` }),
    },
  );
}

/** The variables that a `for` or a `set` assigns, with or without parentheses. Throws a SyntaxFault. */
export function readTargets(cursor: Cursor): readonly string[] {
  const grouped = cursor.skip('operator', '(');
  const targets = [readTarget(cursor)];
  while (cursor.skip('operator', ',')) targets.push(readTarget(cursor));
  if (grouped) cursor.expect('operator', ')');
  return targets;
}

export function readTarget(cursor: Cursor): string {
  const token = cursor.current;
  const name = cursor.expectName('the name of a variable').value;
  if (name === 'loop' || reservedWords.has(name)) {
    throw new SyntaxFault('reserved-name', `\`${name}\` cannot be assigned.`, token, {
      expected: 'another name',
      got: name,
    });
  }
  if (cursor.is('operator', '.')) {
    throw new SyntaxFault(
      'unsupported-tag',
      'Assigning to a field is not part of this version.',
      cursor.current,
      {
        advice: 'To leave a value behind in a loop use `{% set_global name = value %}`.',
      },
    );
  }
  return name;
}
