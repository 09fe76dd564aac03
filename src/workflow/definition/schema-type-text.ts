import { z } from 'zod';
import { bareSchema } from '../../document/schema-fields.js';

/** The type of a schema in words for a manual: `string`, `duration`, `fail or continue`, `list of string`. */
export function schemaTypeText(schema: z.ZodType): string {
  const bare = bareSchema(schema);
  if (bare instanceof z.ZodString) return bare.meta()?.title ?? 'string';
  if (bare instanceof z.ZodNumber) return 'int';
  if (bare instanceof z.ZodBoolean) return 'bool';
  if (bare instanceof z.ZodEnum) return bare.options.map((option) => `\`${option}\``).join(', ');
  if (bare instanceof z.ZodArray) return listText(bare.element);
  if (bare instanceof z.ZodObject || bare instanceof z.ZodRecord) return 'record';
  if (bare instanceof z.ZodUnion) return unionText(bare.options);
  return 'any value';
}

function listText(element: unknown): string {
  const text = element instanceof z.ZodType ? schemaTypeText(element) : 'any value';
  return text === 'any value' ? 'list' : `list of ${text}`;
}

function unionText(options: readonly unknown[]): string {
  const texts = options.map((option) => {
    if (!(option instanceof z.ZodType)) return 'any value';
    const text = schemaTypeText(option);
    return option instanceof z.ZodCustom ? 'range' : text;
  });
  return [...new Set(texts)].join(' or ');
}
