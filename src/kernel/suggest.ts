import { distance } from 'fastest-levenshtein';

/** Case and the choice of dash, underscore or space are what people mistype most: they count as no difference. */
const folded = (word: string): string => word.toLowerCase().replace(/[-_ ]/g, '-');

/**
 * The candidate a person most likely meant by `word` ("did you mean …"), or undefined when none is near enough: at most one
 * edit in three characters, and never more than three. Of equally near candidates the first wins.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = folded(word);
  const limit = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const other = folded(candidate);
    // The difference of lengths is a lower bound, and saves the quadratic work for most candidates.
    if (Math.abs(other.length - wanted.length) >= bestDistance) continue;
    const edits = editsBetween(wanted, other);
    if (edits < bestDistance) {
      best = candidate;
      bestDistance = edits;
    }
  }
  return best;
}

/** Two letters that changed places are one slip of the fingers, though two edits: "nmae". */
function editsBetween(a: string, b: string): number {
  const edits = distance(a, b);
  return edits === 2 && sortedLetters(a) === sortedLetters(b) ? 1 : edits;
}

const sortedLetters = (word: string): string => Array.from(word).sort().join('');
