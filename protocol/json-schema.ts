import { z } from 'zod';
import type { MethodDefinition, OneOf } from './define-method.js';
import { commonErrors } from './define-method.js';
import { errors } from './errors.js';
import { protocolVersion } from './scalars.js';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The schema of a method's params; exclusive fields become `oneOf` and `not` rules, which zod's shape cannot carry. */
export function paramsSchema(method: MethodDefinition): JsonSchema {
  const schema = jsonSchema(method.params, 'input');
  const rules = method.kind === 'request' ? method.oneOf.map(exclusionRule) : [];
  return rules.length === 0 ? schema : { ...schema, allOf: rules };
}

export function resultSchema(result: z.ZodType): JsonSchema {
  return jsonSchema(result, 'output');
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, {
    io,
    // Zod writes the name of a shape as `id`, which newer drafts do not know and validators refuse.
    override: ({ jsonSchema: made }) => {
      delete made.id;
    },
  });
}

function exclusionRule({ fields, required }: OneOf): JsonSchema {
  const eachAlone = fields.map((field) => ({ required: [field] }));
  return { oneOf: required ? eachAlone : [...eachAlone, { not: { anyOf: eachAlone } }] };
}

/** Every method and error as one JSON document, for clients in other languages. */
export function schemasDocument(methods: readonly MethodDefinition[]): string {
  const document = {
    $comment: 'Generated from protocol/ by `npm run generate`. Do not edit.',
    protocolVersion,
    methods: Object.fromEntries(methods.map((method) => [method.name, describeMethod(method)])),
    errors: Object.fromEntries(
      Object.entries(errors).map(([name, { code, http, retryable, advice }]) => [
        name,
        { code, http, retryable, advice },
      ]),
    ),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function describeMethod(method: MethodDefinition): object {
  const common = {
    kind: method.kind,
    direction: method.direction,
    summary: method.summary,
    params: paramsSchema(method),
  };
  if (method.kind === 'notification') return { ...common, example: method.example };
  return {
    ...common,
    result: resultSchema(method.result),
    errors: [...method.errors, ...commonErrors],
    example: method.example,
  };
}
