import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { SourceDocument } from '../../document/document.js';
import { describeValue } from '../../document/schema-findings.js';
import { convertInput } from './convert-input.js';
import type { DraftWorkflow } from './draft-workflow.js';
import type { InputFile } from './workflow-file-schema.js';

/** Checks the declared inputs: a default has the declared type, and none is both required and given a default. */
export function checkInputs(document: SourceDocument, draft: DraftWorkflow): readonly Diagnostic[] {
  return [...draft.inputs].flatMap(([name, input]) => inputFindings(document, name, input));
}

function inputFindings(document: SourceDocument, name: string, input: InputFile): readonly Diagnostic[] {
  if (input.default === undefined) return [];
  const path = ['inputs', name, 'default'];
  const converted = convertInput(input.default, input.type);
  const wrongType =
    'value' in converted
      ? []
      : [
          document.diagnostic(path, {
            code: 'invalid-default',
            message: `The default of input "${name}" is not of its type`,
            expected: converted.expected,
            got: describeValue(input.default),
            advice: 'Correct the default or the type.',
          }),
        ];
  const needless = !input.required
    ? []
    : [
        document.diagnostic(path, {
          code: 'needless-default',
          message: `Input "${name}" is required, so its default is never used`,
          expected: 'a required input or a default',
          got: 'both',
          advice: 'Remove "required" or "default".',
          which: 'key',
        }),
      ];
  return [...wrongType, ...needless];
}
