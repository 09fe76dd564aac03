/** A parameter's type, read from the text in which Nushell writes it. */
export type Shape =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'record' | 'table'; readonly fields: ReadonlyMap<string, Shape> }
  | { readonly kind: 'oneof'; readonly options: readonly Shape[] };

/**
 * Parses a type such as `list<record<name: string, ports: list<int>>>`. A type this does not know stays a scalar
 * of that name, and accepts every value: Nushell has the last word.
 */
export function parseShape(text: string): Shape {
  const trimmed = text.trim();
  const open = trimmed.indexOf('<');
  const name = open === -1 ? trimmed : trimmed.slice(0, open);
  const inner = open === -1 ? '' : trimmed.slice(open + 1, trimmed.lastIndexOf('>'));
  switch (name) {
    case 'list':
      return { kind: 'list', of: parseShape(inner === '' ? 'any' : inner) };
    case 'record':
    case 'table':
      return { kind: name, fields: new Map(splitTop(inner, ',').map(field)) };
    case 'oneof':
      return { kind: 'oneof', options: splitTop(inner, ',').map(parseShape) };
    default:
      return { kind: 'scalar', name: trimmed };
  }
}

/** A type in words, for messages. */
export function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'scalar':
      return shape.name;
    case 'list':
      return `list<${shapeText(shape.of)}>`;
    case 'oneof':
      return shape.options.map(shapeText).join(' or ');
    default: {
      const fields = [...shape.fields].map(([name, of]) => `${name}: ${shapeText(of)}`);
      return fields.length === 0 ? shape.kind : `${shape.kind}<${fields.join(', ')}>`;
    }
  }
}

function field(text: string): readonly [string, Shape] {
  const [name = '', ...type] = splitTop(text, ':');
  return [name.replace(/^"(.*)"$/, '$1'), parseShape(type.length === 0 ? 'any' : type.join(':'))];
}

/** Splits at a separator outside of brackets and quotes. */
function splitTop(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '<' || character === '(') depth++;
    else if (character === '>' || character === ')') depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== '');
}
