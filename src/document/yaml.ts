import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { Failure } from '../kernel/failure.js';
import { setOwnKey } from '../kernel/value/own-key.js';
import { isRecord, type Value, type ValueRecord } from '../kernel/value/value.js';
import type { Reading, ReadingOptions } from './reading.js';
import { DocumentSyntaxError, type SyntaxFinding } from './syntax-error.js';
import { longForm } from './yaml-cloudformation.js';
import { parseYaml } from './yaml-parse.js';
import { yamlPlaces } from './yaml-places.js';
import { yamlScalar, yamlTagged } from './yaml-scalar.js';

/**
 * Reads YAML 1.2 under the core schema, as Nushell's `open` does: merge keys (`<<`), YAML's own tags and the short
 * forms of CloudFormation are known, every other tag is refused. One document is its value, several are a list, none is
 * null. Keys that are not strings become the text that was written.
 */
export function readYaml(text: string, limits: ReadingOptions): Reading {
  const documents = parseYaml(text, limits.depth);
  const values = documents.map((document) => new YamlValues(limits).document(document));
  const [first = null] = values;
  return { value: values.length > 1 ? values : first, places: () => yamlPlaces(documents, text.length) };
}

/** Turns the nodes of one document into values; an alias shares the value of its anchor. */
class YamlValues {
  readonly #limits: ReadingOptions;
  /** Values by anchor, with the number of values each holds. */
  readonly #anchors = new Map<string, { readonly value: Value; readonly size: number }>();
  #size = 0;
  #aliased = 0;

  constructor(limits: ReadingOptions) {
    this.#limits = limits;
  }

  document(document: Document.Parsed): Value {
    return this.#value(document.contents);
  }

  #value(node: Node | null): Value {
    if (node === null) return null;
    if (isAlias(node)) return this.#alias(node);
    const before = this.#size++;
    const { anchor } = node;
    // Until its own end is reached an anchor has no value: a node that holds itself is refused.
    if (anchor !== undefined) this.#anchors.delete(anchor);
    const value = this.#tagged(node);
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: this.#size - before });
    return value;
  }

  #alias(node: Alias): Value {
    const anchored = this.#anchors.get(node.source);
    if (anchored === undefined) {
      throw fault(node, `Expected an anchor &${node.source} before this alias, got none`);
    }
    // Sharing costs nothing here, but every later step (JSON, NUON, a template) writes the whole tree out.
    this.#aliased += anchored.size;
    this.#size += anchored.size;
    if (this.#aliased > this.#limits.aliases) {
      throw new Failure(
        'limit_exceeded',
        `Expected aliases to add at most ${this.#limits.aliases} values, got more at *${node.source}.`,
        { expected: `at most ${this.#limits.aliases} values through aliases`, advice: 'Use fewer aliases.' },
      );
    }
    return anchored.value;
  }

  #tagged(node: Node): Value {
    const { tag } = node;
    if (tag === undefined || tag === '!') return this.#plain(node);
    const own = /^tag:yaml\.org,2002:(.+)$/.exec(tag)?.[1];
    if (own !== undefined) {
      const value = isScalar(node) ? yamlTagged(own, text(node)) : this.#collection(own, node);
      if (value === undefined)
        throw fault(node, `Expected a tag of YAML itself and a value that fits it, got !!${own}`);
      return value;
    }
    const value = longForm(tag, this.#plain(node));
    if (value === undefined) {
      throw fault(node, `Expected no tag but those of YAML itself and of CloudFormation, got ${tag}`);
    }
    return value;
  }

  #collection(tag: string, node: Node): Value | undefined {
    const value = this.#plain(node);
    if (tag === 'map' && isRecord(value)) return value;
    if (tag === 'set' && isRecord(value)) return Object.keys(value);
    if (!Array.isArray(value)) return undefined;
    if (tag === 'seq') return value;
    if (tag !== 'omap' || !value.every(isRecord)) return undefined;
    const record: Record<string, Value> = {};
    for (const pair of value) mergeInto(record, pair);
    return record;
  }

  #plain(node: Node): Value {
    if (isScalar(node))
      return node.type === 'PLAIN' && node.tag !== '!' ? yamlScalar(text(node)) : text(node);
    if (isSeq<Node | null>(node)) return node.items.map((item) => this.#value(item));
    if (isMap<Node, Node | null>(node)) return this.#record(node);
    throw fault(node, 'Expected a scalar, a list or a map');
  }

  #record(map: YAMLMap<Node, Node | null>): ValueRecord {
    const record: Record<string, Value> = {};
    const merged: Value[] = [];
    for (const { key, value } of map.items) {
      if (!isScalar(key)) throw fault(key, 'Expected a key that is a scalar, got a list, a map or an alias');
      const item = this.#value(value);
      if (key.type === 'PLAIN' && text(key) === '<<') {
        merged.push(item);
      } else {
        if (Object.hasOwn(record, text(key)))
          throw fault(key, `Expected each key once, got ${text(key)} again`);
        setOwnKey(record, text(key), item);
      }
    }
    // A key that is written out wins over a merged one, and an earlier merge over a later one.
    for (const source of merged.flat()) {
      if (!isRecord(source)) throw fault(map, 'Expected a map, or a list of maps, to merge with "<<"');
      mergeInto(record, source);
    }
    return record;
  }
}

function mergeInto(record: Record<string, Value>, source: ValueRecord): void {
  for (const [key, value] of Object.entries(source)) {
    if (!Object.hasOwn(record, key)) setOwnKey(record, key, value);
  }
}

/** Under the failsafe schema every scalar is its text; an empty one (`a:`) has none. */
function text(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : '';
}

function fault(node: Node, message: string): DocumentSyntaxError {
  const [start = 0, end = start + 1] = node.range ?? [];
  const finding: SyntaxFinding = { message, offset: start, length: Math.max(1, end - start) };
  return new DocumentSyntaxError([finding]);
}
