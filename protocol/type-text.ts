import type { JsonSchema } from './json-schema.js';

/** A JSON Schema in the words of the manual: `string`, `list of Task`, `"ok" or "failed"`, `record of string`. */
export function typeText(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') return shapeLink(schema.$ref.replace('#/$defs/', ''));
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(' or ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return [...new Set(union.map((each) => typeText(subschema(each))))].join(' or ');
  switch (schema.type) {
    case 'array':
      return `list of ${typeText(subschema(schema.items))}`;
    case 'object':
      return objectText(schema);
    case 'string':
      return schema.format === 'date-time' ? 'time' : 'string';
    case undefined:
      return 'any value';
    default:
      return [schema.type].flat().join(' or ');
  }
}

function objectText(schema: JsonSchema): string {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length > 0) {
    const required = new Set(schema.required ?? []);
    return `{${fields.map(([name]) => (required.has(name) ? name : `${name}?`)).join(', ')}}`;
  }
  const values = subschema(schema.additionalProperties);
  return Object.keys(values).length === 0 ? 'record' : `record of ${typeText(values)}`;
}

/** The place a schema may hold a schema, a boolean or a list: only the first says something about a type. */
export function subschema(place: unknown): JsonSchema {
  return isSchema(place) ? place : {};
}

function isSchema(place: unknown): place is JsonSchema {
  return typeof place === 'object' && place !== null && !Array.isArray(place);
}

/** The name of a shape as a link to its section. */
export function shapeLink(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
