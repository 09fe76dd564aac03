import { z } from 'zod';
import { TASK_KINDS, taskFileSchema, workflowFileSchema } from './workflow-file-schema.js';

/** The JSON Schema of workflow files as JSON text, so that editors complete and check them (protocol/generated/workflow.schema.json). */
export function workflowJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(workflowFileSchema, {
    io: 'input',
    target: 'draft-7',
    // A value of any kind, and a Nushell range, which only NUON can write: JSON Schema says nothing of either.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === taskFileSchema) jsonSchema.oneOf = TASK_KINDS.map((kind) => ({ required: [kind] }));
      // An alternative that allows anything would void the others.
      const some = jsonSchema.anyOf?.filter((option) => Object.keys(option).length > 0);
      if (some !== undefined) jsonSchema.anyOf = some;
    },
  });
  return `${JSON.stringify({ $schema, title: 'nu-sidecar workflow', ...schema }, null, 2)}\n`;
}
