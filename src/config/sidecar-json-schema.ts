import { z } from 'zod';
import { sidecarFileSchema } from './sidecar-file-schema.js';

/** The JSON Schema of sidecar.toml as JSON text, so that editors complete and check it (protocol/generated/sidecar.schema.json). */
export function sidecarJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(sidecarFileSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ $schema, title: 'sidecar.toml', ...schema }, null, 2)}\n`;
}
