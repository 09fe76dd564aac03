import type { Diagnostic } from '../../protocol/diagnostic.js';
import type { Clock } from '../kernel/clock.js';
import type { ValueRecord } from '../kernel/value/value.js';
import { defaultBudgets, type TemplateBudgets } from './budget.js';
import { TextCache } from './cache.js';
import { checkIncludes } from './check-includes.js';
import type { ReadTemplate } from './include.js';
import { parseWholeTemplate, programOf } from './program.js';
import { type Reference, templateReferences } from './reference.js';
import { renderTemplate } from './render.js';
import { type CompiledExpression, type CompiledSite, createSiteCompiler } from './site.js';
import type { TemplateSource } from './source.js';

/**
 * Jinja2 templates and the expressions of workflow files, over Nushell's values. No JavaScript is generated and nothing but
 * own fields of records can be reached; every render and evaluation has budgets.
 */
export interface TemplateEngine {
  /**
   * Renders a template. An include is looked for beside the including file, then in the roots, and read through the
   * `readTemplate` port. A large render gives way to other requests every few milliseconds. Throws Failure
   * `template_invalid`, `template_failed`, `template_budget` (diagnostics name the place) and `request_cancelled`.
   */
  render(
    source: TemplateSource,
    context: ValueRecord,
    options: { readonly signal?: AbortSignal; readonly roots: readonly string[] },
  ): Promise<string>;
  /** Finds what is wrong with a template and with those it includes, without running it; an empty list when nothing is. */
  check(
    source: TemplateSource,
    options: { readonly roots: readonly string[] },
  ): Promise<readonly Diagnostic[]>;
  /** What a template reads from its context. Throws Failure `template_invalid`. */
  references(source: TemplateSource): readonly Reference[];
  /** Compiles one bare expression (`inputs.infra != "dry"`). Throws Failure `template_invalid`. */
  compileExpression(text: string): CompiledExpression;
  /** Compiles a text with `{{ expressions }}`. Throws Failure `template_invalid`. */
  compileSite(text: string): CompiledSite;
}

/** Compiled templates that are kept. Dense ones take about 60 bytes for each character (measured), so 60 MB at most. */
const cachedTexts = 512;
const cachedLength = 1024 * 1024;

/** Creates the engine; budgets that are not given are the defaults. */
export function createTemplateEngine(options: {
  readonly budgets?: Partial<TemplateBudgets>;
  readonly readTemplate: ReadTemplate;
  readonly clock: Clock;
}): TemplateEngine {
  const budgets: TemplateBudgets = { ...defaultBudgets, ...options.budgets };
  const { clock, readTemplate } = options;
  const programs = new TextCache<ReturnType<typeof programOf>>(cachedTexts, cachedLength);
  const compile = (source: TemplateSource) =>
    programs.get(source.text, () => programOf(source, budgets.depth));
  const sites = createSiteCompiler(budgets, clock);

  return {
    render: (source, context, { signal, roots }) =>
      renderTemplate(source, context, { budgets, clock, compile, readTemplate, roots, signal }),
    async check(source, { roots }) {
      const parsed = parseWholeTemplate(source, budgets.depth);
      if (parsed.diagnostics.length > 0) return parsed.diagnostics;
      return checkIncludes(source, parsed.body, { roots, readTemplate, maxDepth: budgets.depth });
    },
    references(source) {
      compile(source);
      return templateReferences(parseWholeTemplate(source, budgets.depth).body);
    },
    compileExpression: sites.expression,
    compileSite: sites.site,
  };
}
