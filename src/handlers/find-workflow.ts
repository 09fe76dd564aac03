import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type DocumentFormat, documentFormat, parseDocument } from '../document/document.js';
import { Failure } from '../kernel/failure.js';
import { suggest } from '../kernel/suggest.js';
import { isRecord, ownKey, type ValueRecord } from '../kernel/value/value.js';

/** A workflow file of the project. */
export interface WorkflowFile {
  /** Its path in the workflow folder without extension, such as "clusters/deploy". */
  readonly name: string;
  readonly path: string;
  readonly format: DocumentFormat;
}

/** Every workflow file below the folders, in order of name. */
export async function listWorkflowFiles(folders: readonly string[]): Promise<WorkflowFile[]> {
  const found: WorkflowFile[] = [];
  for (const folder of folders) {
    for (const path of await filesBelow(folder)) {
      const format = documentFormat(path);
      if (format === null) continue;
      found.push({ name: relative(folder, path).replace(/\.[^./]+$/, ''), path, format });
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The file of a workflow by its name. Throws Failure `not_found` with a suggestion. */
export async function findWorkflowFile(name: string, folders: readonly string[]): Promise<WorkflowFile> {
  const files = await listWorkflowFiles(folders);
  const file = files.find((candidate) => candidate.name === name);
  if (file !== undefined) return file;
  const near = suggest(
    name,
    files.map((candidate) => candidate.name),
  );
  throw new Failure(
    'not_found',
    `There is no workflow ${JSON.stringify(name)} in ${folders.join(' or ') || 'any folder'}.`,
    {
      expected: 'a name of workflow/list',
      got: name,
      ...(near === undefined ? {} : { advice: `Did you mean "${near}"?` }),
    },
  );
}

/** The format of a workflow file by its extension. Throws Failure `unsupported_format`. */
export function workflowFormat(path: string): DocumentFormat {
  const format = documentFormat(path);
  if (format !== null) return format;
  throw new Failure('unsupported_format', `${path} is not a workflow file by its name.`, {
    expected: 'a file that ends in .toml, .json, .yaml or .nuon',
    got: path.slice(dirname(path).length + 1),
  });
}

/** What a list says about a workflow; nothing for a file that cannot be read, which workflow/validate explains. */
export function describeWorkflow(
  text: string,
  format: DocumentFormat,
): { readonly description?: string; readonly inputs?: ValueRecord } {
  try {
    const { value } = parseDocument(text, format, null);
    if (!isRecord(value)) return {};
    const description = ownKey(value, 'description');
    const inputs = ownKey(value, 'inputs');
    return {
      ...(typeof description === 'string' ? { description } : {}),
      ...(isRecord(inputs) ? { inputs } : {}),
    };
  } catch (error) {
    if (error instanceof Failure) return {};
    throw error;
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}
