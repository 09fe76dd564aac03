import { Cursor } from './cursor.js';
import { type Dialect, lexTemplate } from './lex-template.js';
import { ExpressionParser } from './parse-expression.js';
import { type Problem, SyntaxFault } from './problem.js';
import type { Expression, Span, Statement } from './syntax.js';
import { innerWords, readTarget, readTargets, unknownTag } from './tag-words.js';
import type { Segment, Token } from './token.js';

export interface ParsedTemplate {
  readonly body: readonly Statement[];
  readonly problems: readonly Problem[];
}

/** Parses a whole template. A tag that is wrong is reported, and parsing goes on behind it. */
export function parseTemplate(text: string, dialect: Dialect, maxDepth: number): ParsedTemplate {
  const lexed = lexTemplate(text, dialect);
  const parser = new TemplateParser(lexed.segments, maxDepth);
  const body = parser.parse();
  return { body, problems: [...lexed.problems, ...parser.problems] };
}

type Block = Extract<Segment, { kind: 'block' }>;

/** Where the parser is: which blocks are open, for messages, and whether a loop may be left here. */
interface Surroundings {
  readonly depth: number;
  readonly inLoop: boolean;
}

class TemplateParser {
  readonly problems: Problem[] = [];
  readonly #segments: readonly Segment[];
  readonly #maxDepth: number;
  #at = 0;
  #abandoned = false;

  constructor(segments: readonly Segment[], maxDepth: number) {
    this.#segments = segments;
    this.#maxDepth = maxDepth;
  }

  parse(): readonly Statement[] {
    const body: Statement[] = [];
    for (;;) {
      body.push(...this.#body([], { depth: 0, inLoop: false }));
      const stray = this.#segments[this.#at++];
      if (stray?.kind !== 'block') return body;
      const word = firstWord(stray);
      this.#report(
        new SyntaxFault('stray-tag', `\`${word}\` has no tag that it belongs to.`, stray, { got: word }),
      );
    }
  }

  /** Statements up to one of the closing words, which is left for the caller. */
  #body(closers: readonly string[], around: Surroundings): readonly Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      const segment = this.#segments[this.#at];
      if (segment === undefined) return statements;
      if (segment.kind === 'block') {
        const word = firstWord(segment);
        if (closers.includes(word) || innerWords.includes(word)) return statements;
      }
      this.#at++;
      const statement = segment.kind === 'text' ? segment : this.#tag(segment, around);
      if (statement !== undefined) statements.push(statement);
    }
  }

  #tag(segment: Exclude<Segment, { kind: 'text' }>, around: Surroundings): Statement | undefined {
    if (segment.kind === 'block') return this.#block(segment, around);
    const expression = this.#header(segment, (parser, cursor) => {
      const parsed = parser.parseTuple();
      cursor.expectEnd();
      return parsed;
    });
    return expression === undefined
      ? undefined
      : { kind: 'output', expression, start: segment.start, end: segment.end };
  }

  /** Reads the words of a tag; a fault is reported and answered with undefined. */
  #header<T>(
    segment: Span & { tokens: readonly Token[]; broken: boolean },
    read: (parser: ExpressionParser, cursor: Cursor) => T,
  ): T | undefined {
    if (segment.broken) return undefined;
    const cursor = new Cursor(segment.tokens, segment.end);
    try {
      return read(new ExpressionParser(cursor, this.#maxDepth), cursor);
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  #report(error: unknown): void {
    if (!(error instanceof SyntaxFault)) throw error;
    if (!this.#abandoned) this.problems.push(error.problem);
  }

  #block(segment: Block, around: Surroundings): Statement | undefined {
    if (around.depth > this.#maxDepth) {
      this.#report(
        new SyntaxFault('too-deep', 'The blocks are nested too deep.', segment, {
          expected: `at most ${this.#maxDepth} levels`,
        }),
      );
      // Every open block would now be reported as well: one finding says it all.
      this.#abandoned = true;
      this.#at = this.#segments.length;
      return undefined;
    }
    const inside = { ...around, depth: around.depth + 1 };
    switch (firstWord(segment)) {
      case 'if':
        return this.#if(segment, inside);
      case 'for':
        return this.#for(segment, inside);
      case 'set':
        return this.#set(segment, inside);
      case 'set_global':
        return this.#assignment(segment, true);
      case 'include':
        return this.#include(segment);
      case 'break':
      case 'continue':
        return this.#jump(segment, around);
      default:
        this.#unknownTag(segment);
        return undefined;
    }
  }

  #unknownTag(segment: Block): void {
    if (segment.broken) return;
    const word = firstWord(segment);
    // The end of a tag that is reported already adds nothing.
    const opener = word.replace(/^end/, '');
    if (this.problems.some(({ code, got }) => code === 'unsupported-tag' && got === opener)) return;
    this.#report(unknownTag(word, segment.tokens[0] ?? segment));
  }

  /** Takes the closing tag of a block, or reports that it is missing. */
  #close(open: Block, word: string): void {
    const segment = this.#segments[this.#at];
    if (segment?.kind === 'block' && firstWord(segment) === word) {
      this.#at++;
      this.#header(segment, (_, cursor) => {
        cursor.take();
        cursor.expectEnd();
      });
      return;
    }
    const got = segment?.kind === 'block' ? `\`${firstWord(segment)}\`` : 'the end of the template';
    const fault = new SyntaxFault(
      'unclosed-block',
      `The tag \`${firstWord(open)}\` is not closed: expected \`${word}\`, got ${got}.`,
      open,
      {
        expected: `{% ${word} %}`,
        got,
      },
    );
    this.#report(fault);
  }

  /** Whether the next tag is this word, which is then left for the caller to read. */
  #nextIs(word: string): Block | undefined {
    const segment = this.#segments[this.#at];
    return segment?.kind === 'block' && firstWord(segment) === word ? segment : undefined;
  }

  #condition(segment: Block): Expression {
    const parsed = this.#header(segment, (parser, cursor) => {
      cursor.take();
      const condition = parser.parse();
      cursor.expectEnd();
      return condition;
    });
    return parsed ?? missing(segment);
  }

  #if(segment: Block, around: Surroundings): Statement {
    const closers = ['elif', 'else', 'endif'];
    const branches = [{ condition: this.#condition(segment), body: this.#body(closers, around) }];
    for (let tag = this.#nextIs('elif'); tag !== undefined; tag = this.#nextIs('elif')) {
      this.#at++;
      branches.push({ condition: this.#condition(tag), body: this.#body(closers, around) });
    }
    const otherwise = this.#else(['endif'], around);
    this.#close(segment, 'endif');
    return { kind: 'if', branches, otherwise, start: segment.start, end: segment.end };
  }

  #else(closers: readonly string[], around: Surroundings): readonly Statement[] {
    const tag = this.#nextIs('else');
    if (tag === undefined) return [];
    this.#at++;
    this.#header(tag, (_, cursor) => {
      cursor.take();
      cursor.expectEnd();
    });
    return this.#body(closers, around);
  }

  #for(segment: Block, around: Surroundings): Statement {
    const header = this.#header(segment, (parser, cursor) => {
      cursor.take();
      const targets = readTargets(cursor);
      cursor.expect('name', 'in');
      const iterable = parser.parse(false);
      const condition = cursor.skip('name', 'if') ? parser.parse() : undefined;
      if (cursor.is('name', 'recursive')) {
        throw new SyntaxFault(
          'unsupported-tag',
          'Recursive loops are not part of this version.',
          cursor.current,
        );
      }
      cursor.expectEnd();
      return { targets, iterable, condition };
    });
    const body = this.#body(['else', 'endfor'], { ...around, inLoop: true });
    const otherwise = this.#else(['endfor'], around);
    this.#close(segment, 'endfor');
    const { targets, iterable, condition } = header ?? {
      targets: [],
      iterable: missing(segment),
      condition: undefined,
    };
    return {
      kind: 'for',
      targets,
      iterable,
      condition,
      body,
      otherwise,
      start: segment.start,
      end: segment.end,
    };
  }

  #set(segment: Block, around: Surroundings): Statement | undefined {
    if (segment.tokens.some((token) => token.kind === 'operator' && token.value === '=')) {
      return this.#assignment(segment, false);
    }
    const target = this.#header(segment, (_, cursor) => {
      cursor.take();
      const name = readTarget(cursor);
      if (cursor.current.kind !== 'end')
        throw cursor.unexpected('`=`, or the end of the tag for a block set');
      return name;
    });
    // What a block set has begun it also ends: a jump out of it would leave its text half written.
    const body = this.#body(['endset'], { ...around, inLoop: false });
    this.#close(segment, 'endset');
    return { kind: 'capture', target: target ?? '', body, start: segment.start, end: segment.end };
  }

  #assignment(segment: Block, global: boolean): Statement | undefined {
    return this.#header(segment, (parser, cursor) => {
      cursor.take();
      const targets = readTargets(cursor);
      cursor.expect('operator', '=');
      const value = parser.parseTuple();
      cursor.expectEnd();
      return { kind: 'set' as const, targets, value, global, start: segment.start, end: segment.end };
    });
  }

  #include(segment: Block): Statement | undefined {
    return this.#header(segment, (parser, cursor) => {
      cursor.take();
      const names = parser.parse();
      const ignoreMissing = cursor.skip('name', 'ignore');
      if (ignoreMissing) cursor.expect('name', 'missing');
      const without = cursor.skip('name', 'without');
      if (without || cursor.is('name', 'with')) {
        if (!without) cursor.take();
        cursor.expect('name', 'context');
      }
      cursor.expectEnd();
      const { start, end } = segment;
      return { kind: 'include' as const, names, ignoreMissing, withContext: !without, start, end };
    });
  }

  #jump(segment: Block, around: Surroundings): Statement | undefined {
    return this.#header(segment, (_, cursor) => {
      const word = cursor.take();
      cursor.expectEnd();
      if (!around.inLoop) throw new SyntaxFault('stray-tag', `\`${word.value}\` is outside a loop.`, word);
      const kind = word.value === 'break' ? ('break' as const) : ('continue' as const);
      return { kind, start: segment.start, end: segment.end };
    });
  }
}

function firstWord(segment: Block): string {
  return segment.tokens[0]?.value ?? '';
}

/** Stands for an expression that could not be read; the template never runs. */
function missing(span: Span): Expression {
  return { kind: 'literal', value: null, start: span.start, end: span.end, depth: 1, size: 1 };
}
