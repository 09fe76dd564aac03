import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { templateMethods } from '../../protocol/template.js';
import type { HandlersOf } from '../kernel/handlers.js';
import type { TemplateEngine } from '../template/engine.js';
import type { Place, Places } from './place.js';
import { recordOrNuon, typedResult } from './typed-value.js';

export interface TemplateParts {
  readonly places: Places;
  readonly engine: TemplateEngine;
  /** Reads a template through the guarded open. */
  readonly read: (
    path: string,
    roots: readonly string[],
  ) => Promise<{ readonly text: string; readonly path: string }>;
}

/** The folders of a template root that hold no templates. */
const skipped = new Set(['node_modules', '.git', '.sidecar']);
const listLimit = 10_000;

export function templateHandlers({ places, engine, read }: TemplateParts) {
  async function sourceOf(params: { readonly source?: string; readonly path?: string }, place: Place) {
    if (params.path === undefined) return { text: params.source ?? '', name: '(source)' };
    const { text, path } = await read(resolve(place.cwd, params.path), place.templateRoots);
    return { text, name: params.path, path };
  }

  return {
    'template/render': async (params, context) => {
      const place = places.of(params, context);
      const source = await sourceOf(params, place);
      const values = recordOrNuon('context', params.context, params.contextNuon);
      return {
        text: await engine.render(source, values, { signal: context.signal, roots: place.templateRoots }),
      };
    },
    'template/check': async (params, context) => {
      const place = places.of(params, context);
      const diagnostics = await engine.check(await sourceOf(params, place), { roots: place.templateRoots });
      return { valid: diagnostics.every(({ severity }) => severity !== 'error'), diagnostics };
    },
    'template/evaluate': (params) => {
      const scope = recordOrNuon('context', params.context, params.contextNuon);
      return typedResult(engine.compileExpression(params.expression).evaluate(scope), params.nuon);
    },
    'template/list': async (params, context) => {
      const { templateRoots } = places.of(params, context);
      const templates = [];
      for (const root of templateRoots) {
        for (const path of await templateFiles(root)) templates.push({ name: relative(root, path), path });
      }
      return { templates: templates.slice(0, listLimit) };
    },
  } satisfies HandlersOf<typeof templateMethods>;
}

/** Files that name themselves templates: `.j2`, `.jinja`, `.jinja2`, `.tera`, `.template`. */
async function templateFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) found.push(...(await templateFiles(path)));
    else if (entry.isFile() && /\.(j2|jinja2?|tera|template)$/.test(entry.name)) found.push(path);
  }
  return found;
}
