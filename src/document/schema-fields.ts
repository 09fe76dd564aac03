import { z } from 'zod';

/** A key of a schema as a manual shows it. */
export interface SchemaField {
  readonly key: string;
  readonly description: string;
  readonly required: boolean;
  /** Undefined when there is no default; a section's default is left to its keys. */
  readonly default: unknown;
  readonly example: unknown;
  /** The schema without optional and default. */
  readonly schema: z.ZodType;
}

/** Takes optional, nullable, default and prefault off a schema. */
export function bareSchema(schema: z.ZodType): z.ZodType {
  let bare: unknown = schema;
  while (
    bare instanceof z.ZodOptional ||
    bare instanceof z.ZodNullable ||
    bare instanceof z.ZodDefault ||
    bare instanceof z.ZodPrefault
  ) {
    bare = bare.unwrap();
  }
  return bare instanceof z.ZodType ? bare : schema;
}

/** The keys of an object schema in their written order; none for any other schema. */
export function schemaFields(schema: z.ZodType): readonly SchemaField[] {
  const bare = bareSchema(schema);
  if (!(bare instanceof z.ZodObject)) return [];
  return Object.entries(bare.shape).flatMap(([key, field]) =>
    field instanceof z.ZodType ? [schemaField(key, field)] : [],
  );
}

function schemaField(key: string, field: z.ZodType): SchemaField {
  const meta = field.meta() ?? bareSchema(field).meta() ?? {};
  return {
    key,
    description: meta.description ?? '',
    required: !field.safeParse(undefined).success,
    default: field instanceof z.ZodDefault ? field.def.defaultValue : undefined,
    example: Array.isArray(meta['examples']) ? meta['examples'][0] : undefined,
    schema: bareSchema(field),
  };
}

/** The schema at a path inside another (objects, records, lists, and the first fitting branch of a union); undefined when there is none. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  const bare = bareSchema(schema);
  const [step, ...rest] = path;
  if (step === undefined) return bare;
  if (bare instanceof z.ZodUnion) {
    for (const option of bare.options) {
      const found = option instanceof z.ZodType ? schemaAt(option, path) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
  let next: unknown;
  if (bare instanceof z.ZodObject)
    next = Object.hasOwn(bare.shape, step) ? bare.shape[String(step)] : undefined;
  else if (bare instanceof z.ZodRecord) next = bare.valueType;
  else if (bare instanceof z.ZodArray) next = bare.element;
  return next instanceof z.ZodType ? schemaAt(next, rest) : undefined;
}
