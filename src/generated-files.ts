import { methods } from '../protocol/catalogue.js';
import { schemasDocument } from '../protocol/json-schema.js';
import { methodsPage } from '../protocol/methods-page.js';

/** A committed file that is made from the source: `npm run generate` writes it, a contract test regenerates and compares. */
export interface GeneratedFile {
  /** Relative to the package. */
  readonly path: string;
  readonly emit: () => string;
}

export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'protocol/generated/schemas.json', emit: () => schemasDocument(methods) },
  { path: 'docs/methods.md', emit: () => methodsPage(methods) },
];
