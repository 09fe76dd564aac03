import { type SchemaField, schemaFields } from '../document/schema-fields.js';
import { sidecarFileSchema } from './sidecar-file-schema.js';

/** Characters a comment line may have. */
const WIDTH = 100;

/**
 * The commented sidecar.toml that `nu-sidecar init` writes: every key of the schema with its description and its default (or
 * an example), all commented out, so that later versions may change a default nobody chose.
 */
export function initConfig(): string {
  const fields = schemaFields(sidecarFileSchema);
  const top = fields.filter((field) => schemaFields(field.schema).length === 0);
  const sections = fields.filter((field) => schemaFields(field.schema).length > 0);
  const head = [
    '# Settings of this nu-sidecar project. Every key is optional; a commented one shows its default,',
    '# or an example where there is none. Relative paths count from the folder of this file.',
    '',
  ];
  return [...head, ...top.flatMap(keyLines), ...sections.flatMap(sectionLines)]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function sectionLines(section: SchemaField): readonly string[] {
  return [
    ...comment(section.description),
    `[${section.key}]`,
    ...schemaFields(section.schema).flatMap(keyLines),
  ];
}

function keyLines(field: SchemaField): readonly string[] {
  return [...comment(field.description), `# ${field.key} = ${toml(field.default ?? field.example)}`, ''];
}

/** JSON strings, numbers, booleans and lists of them are TOML too. */
const toml = (value: unknown): string => JSON.stringify(value);

function comment(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
