import { groupOf } from './catalogue.js';
import { commonErrors, type MethodDefinition, type OneOf } from './define-method.js';
import { errors } from './errors.js';
import { type JsonSchema, paramsSchema, resultSchema } from './json-schema.js';
import { shapeLink, subschema, typeText } from './type-text.js';

const introduction = `<!-- Generated from protocol/ by \`npm run generate\`. Do not edit. -->

# Methods

The sidecar speaks JSON-RPC 2.0. Over stdio and unix sockets the framing is recognised from the first byte: \`C\` begins
Content-Length headers as in the Language Server Protocol, anything else one JSON message a line. Header frames begin with
\`initialize\`; JSON lines need no handshake.

Params are given by name. Relative paths start from \`cwd\`, else from the folder of the session, else from the project. A
field whose name ends in \`Nuon\` is the twin of the one without: NUON text instead of JSON, so that dates, durations, file
sizes, binary and ranges keep their type. Integers of any size are exact, and floats keep their \`.0\`.
`;

/** The manual's page of methods, in Markdown. */
export function methodsPage(methods: readonly MethodDefinition[]): string {
  const groups = [...new Set(methods.map(({ name }) => groupOf(name)))];
  const shapes = new Map<string, JsonSchema>();
  const sections = groups.flatMap((group) => [
    `## ${group}`,
    ...methods.filter(({ name }) => groupOf(name) === group).map((method) => methodSection(method, shapes)),
  ]);
  return `${[introduction.trimEnd(), ...sections, shapesSection(shapes), errorsSection()].join('\n\n')}\n`;
}

function methodSection(method: MethodDefinition, shapes: Map<string, JsonSchema>): string {
  const params = paramsSchema(method);
  collectShapes(params, shapes);
  const parts = [`### ${method.name}`, `${kindText(method)}${method.summary}`, fieldsTable('Param', params)];
  if (method.kind === 'notification') {
    return parts.filter((part) => part !== '').join('\n\n');
  }
  const result = resultSchema(method.result);
  collectShapes(result, shapes);
  const shape = method.result.meta()?.id;
  if (shape !== undefined) shapes.set(shape, result);
  const fields = shape === undefined ? fieldsTable('Result', result) : '';
  parts.push(
    ...method.oneOf.map(oneOfText),
    fields === '' ? `Result: ${shape === undefined ? typeText(result) : shapeLink(shape)}.` : fields,
    `Errors: ${[...method.errors].map(errorLink).join(', ') || 'only those any request may end with'}.`,
    exampleText(method.example),
  );
  return parts.filter((part) => part !== '').join('\n\n');
}

function kindText(method: MethodDefinition): string {
  if (method.kind === 'request') return '';
  return method.direction === 'client' ? 'Notification. ' : 'Notification from the sidecar. ';
}

function oneOfText({ fields, required }: OneOf): string {
  return `${required ? 'Exactly' : 'At most'} one of ${fields.map((field) => `\`${field}\``).join(', ')}.`;
}

function exampleText({ params, result }: { readonly params: unknown; readonly result: unknown }): string {
  return `\`\`\`json\n${JSON.stringify(params)}\n\`\`\`\n\n\`\`\`json\n${JSON.stringify(result)}\n\`\`\``;
}

/** A table of an object's fields, nested ones with their path; empty when there is none. */
function fieldsTable(title: string, schema: JsonSchema): string {
  const rows = fieldRows(schema, '');
  if (rows.length === 0) return '';
  return [`| ${title} | Type | |`, '|---|---|---|', ...rows].join('\n');
}

function fieldRows(schema: JsonSchema, prefix: string): readonly string[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, place]) => {
    const field = subschema(place);
    const path = `${prefix}${name}`;
    const description = [field.description, rangeText(field)].filter((text) => text !== undefined).join(' ');
    const row = `| \`${path}${required.has(name) ? '' : '?'}\` | ${cell(typeText(field))} | ${cell(description)} |`;
    const element = subschema(field.items);
    return [row, ...fieldRows(field, `${path}.`), ...fieldRows(element, `${path}[].`)];
  });
}

function rangeText({ minimum, maximum, minLength, maxLength }: JsonSchema): string | undefined {
  if (maxLength !== undefined && minLength !== undefined) return `${minLength} to ${maxLength} characters.`;
  if (maximum === undefined || maximum === Number.MAX_SAFE_INTEGER) return undefined;
  return `${minimum ?? 0} to ${maximum}.`;
}

function collectShapes(schema: JsonSchema, shapes: Map<string, JsonSchema>): void {
  for (const [name, shape] of Object.entries(schema.$defs ?? {})) shapes.set(name, subschema(shape));
}

function shapesSection(shapes: ReadonlyMap<string, JsonSchema>): string {
  const sections = [...shapes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, shape]) => {
      const body = fieldsTable('Field', shape) || `One of ${typeText(shape)}.`;
      return `### ${name}\n\n${shape.description ?? ''}\n\n${body}`;
    });
  return ['## Shapes', ...sections].join('\n\n');
}

function errorsSection(): string {
  const rows = Object.entries(errors).map(
    ([name, { code, retryable, advice }]) =>
      `| <a id="error-${name}"></a>\`${name}\` | ${code} | ${retryable ? 'yes' : 'no'} | ${cell(advice)} |`,
  );
  return [
    '## Errors',
    'An error object carries `code`, `message` and `data`, with `data.name` (the name below), `data.retryable` (whether the ' +
      'same request may succeed later) and `data.advice`; often `data.expected` and `data.got` too.',
    `Any request may end with ${commonErrors.map(errorLink).join(', ')}.`,
    ['| Name | Code | Retryable | What to do |', '|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

function errorLink(name: string): string {
  return `[\`${name}\`](#error-${name})`;
}

/** Text of a table cell: a bar would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
