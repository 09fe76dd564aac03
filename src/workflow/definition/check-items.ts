import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { SourceDocument } from '../../document/document.js';
import { Failure } from '../../kernel/failure.js';
import { Range } from '../../kernel/value/value.js';
import { MAX_ITEMS, rangeItems } from '../range-items.js';
import type { DraftWorkflow } from './draft-workflow.js';

/** Checks the items that for_each names as a literal: their number, and that a range has an end. */
export function checkItems(document: SourceDocument, draft: DraftWorkflow): readonly Diagnostic[] {
  return draft.tasks.flatMap(({ file, index }) => {
    const failure = itemsFailure(file.for_each);
    if (failure === undefined) return [];
    const { expected, got, advice } = failure.data;
    return document.diagnostic(['task', index, 'for_each'], {
      code: 'invalid-items',
      message: failure.message,
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got }),
      ...(advice === undefined ? {} : { advice }),
    });
  });
}

function itemsFailure(forEach: unknown): Failure | undefined {
  if (Array.isArray(forEach) && forEach.length > MAX_ITEMS) {
    return new Failure('limit_exceeded', `"for_each" has too many items`, {
      expected: `at most ${MAX_ITEMS} items`,
      got: String(forEach.length),
      advice: 'Let each item stand for a group of things.',
    });
  }
  if (!(forEach instanceof Range)) return undefined;
  try {
    rangeItems(forEach, MAX_ITEMS);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
