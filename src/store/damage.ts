import { Failure } from '../kernel/failure.js';

/** The state directory holds something that no crash leaves behind. The message says where, and what stays untouched. */
export function damage(file: string, what: string, advice?: string): Failure {
  return new Failure(
    'state_damaged',
    `Expected an intact state directory, but ${file} is damaged: ${what}. Nothing was changed.`,
    {
      got: what,
      file,
      advice:
        advice ??
        'Keep a copy of the state directory, put the file back from a backup, and start again; see docs/guarantees.md on damage.',
    },
  );
}
