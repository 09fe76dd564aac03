import type { Clock } from '../../../src/kernel/clock.js';
import { Failure } from '../../../src/kernel/failure.js';
import type { TemplateBudgets } from '../../../src/template/budget.js';
import { createTemplateEngine, type TemplateEngine } from '../../../src/template/engine.js';

/** 24 November 2026, 08:00 UTC, and no time passes. */
export const stillClock: Clock = { now: () => Date.UTC(2026, 10, 24, 8), monotonic: () => 0 };

/** An engine over files in memory, by absolute path; every path under /outside/ is outside the roots. */
export function engineWithFiles(
  files: Readonly<Record<string, string>> = {},
  budgets: Partial<TemplateBudgets> = {},
  clock: Clock = stillClock,
): TemplateEngine {
  return createTemplateEngine({
    budgets,
    clock,
    readTemplate: async (path) => {
      if (path.startsWith('/outside/')) throw new Failure('outside_roots', `${path} is outside the roots.`);
      const text = files[path];
      if (text === undefined) throw new Failure('unreadable', `There is no ${path}.`);
      return { text, path };
    },
  });
}

/** Renders a text with nothing to include; resolves to the text, or to `error name: message` when it fails. */
export async function outcomeOf(
  engine: TemplateEngine,
  text: string,
  context: Parameters<TemplateEngine['render']>[1],
): Promise<string> {
  try {
    return await engine.render({ text, name: 'template' }, context, { roots: ['/templates'] });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.error}: ${error.message.replace(/^[^:]+:\d+:\d+: /, '')}`;
  }
}
