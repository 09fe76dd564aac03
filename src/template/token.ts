import type { Span } from './syntax.js';

/** A word of an expression. `value` is the name, the operator's characters, the decoded string, or the number's text. */
export type Token =
  | (Span & { readonly kind: 'name' | 'operator' | 'string' | 'number'; readonly value: string })
  | (Span & { readonly kind: 'end'; readonly value: '' });

interface Tag extends Span {
  readonly tokens: readonly Token[];
  /** Its words could not all be read, and that is reported already. */
  readonly broken: boolean;
}

/** A piece of a template: text between tags, or a tag with its words. */
export type Segment =
  | (Span & { readonly kind: 'text'; readonly text: string })
  | (Tag & { readonly kind: 'output' })
  | (Tag & { readonly kind: 'block' });
