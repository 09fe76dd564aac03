import { z } from 'zod';

/** A finding in a source text: what is wrong, where, what was expected, what to do. Lines and columns count from 1, columns in characters. */
export const diagnosticSchema = z
  .object({
    severity: z.enum(['error', 'warning']),
    code: z.string().describe('A stable kebab-case name of the rule, such as unknown-key or need-cycle.'),
    message: z.string(),
    path: z.string().optional().describe('The file, absolute, where the text came from a file.'),
    line: z.number().int().optional(),
    column: z.number().int().optional(),
    length: z.number().int().optional().describe('Characters to underline on that line.'),
    excerpt: z.string().optional().describe('The line with a caret line below it.'),
    key: z.string().optional().describe('The place in the document, such as task[2].retry.initial.'),
    expected: z.string().optional(),
    got: z.string().optional(),
    advice: z.string().optional().describe('What to do next.'),
  })
  .meta({ id: 'Diagnostic', description: 'A finding in a source text.' });

type Inferred = z.infer<typeof diagnosticSchema>;

/** Optional fields are absent or have a value, never undefined: zod's own type says less. */
export type Diagnostic = { readonly [Key in keyof Inferred]: Exclude<Inferred[Key], undefined> };
