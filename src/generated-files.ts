import { methods } from '../protocol/catalogue.js';
import { schemasDocument } from '../protocol/json-schema.js';
import { methodsPage } from '../protocol/methods-page.js';
import { sidecarJsonSchema } from './config/sidecar-json-schema.js';
import { workflowJsonSchema } from './workflow/definition/workflow-json-schema.js';
import { workflowReference } from './workflow/definition/workflow-reference.js';

/** A committed file that is made from the source: `npm run generate` writes it, a contract test regenerates and compares. */
export interface GeneratedFile {
  /** Relative to the package. */
  readonly path: string;
  readonly emit: () => string;
}

export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'protocol/generated/schemas.json', emit: () => schemasDocument(methods) },
  { path: 'protocol/generated/workflow.schema.json', emit: workflowJsonSchema },
  { path: 'protocol/generated/sidecar.schema.json', emit: sidecarJsonSchema },
  { path: 'docs/methods.md', emit: () => methodsPage(methods) },
  { path: 'docs/workflow-file.md', emit: workflowReference },
];
