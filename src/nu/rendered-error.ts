import { characters } from '../kernel/excerpt.js';

/** Where Nushell saw an error. Lines and columns count from 1, columns and length in characters. */
export interface NuPlace {
  /** As Nushell names it: an absolute path, or "source" for the text of `-c`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** An error as Nushell prints it. */
export interface RenderedError {
  /** Such as "nu::parser::type_mismatch"; empty when it has none. */
  readonly code: string;
  readonly message: string;
  /** What Nushell wrote at the marked places, joined with "; ". */
  readonly label?: string;
  readonly help?: string;
  readonly place?: NuPlace;
}

// Nushell draws with ASCII when its output is no terminal; the other characters are those of its Unicode theme.
const heading = /^Error: ?(.*)$/;
const message = /^ {2}[x×] (.*)$/;
const messageGoesOn = /^ {2}[|│] (.*)$/;
const frame = /^ *[,╭][-─]+\[(.+):(\d+):(\d+)\]$/;
const frameEnd = /^ *[`╰][-─]+$/;
const underline = /^ *[:·] +([\^|┬─▲]+)/;
const labelText = /[`╰][-─]+ (.*)$/;
const help = /^ {2}help: (.*)$/;
const helpGoesOn = /^ {8}(\S.*)$/;

/**
 * Reads every error out of what Nushell printed, in its order: an error that wraps another comes before it.
 * Other lines are ignored, so that a whole stderr may be given.
 */
export function parseRenderedErrors(text: string): RenderedError[] {
  const errors: RenderedError[] = [];
  let block: string[] | undefined;
  const finish = () => {
    const error = block && parseBlock(block);
    if (error) errors.push(error);
  };
  for (const line of text.split('\n')) {
    if (heading.test(line)) {
      finish();
      block = [line];
    } else block?.push(line);
  }
  finish();
  return errors;
}

/** The place, unless it is in the text that the sidecar wrote itself (`-c`, which Nushell calls "source"). */
export function userPlace(place: NuPlace | undefined): NuPlace | undefined {
  return place?.file === 'source' ? undefined : place;
}

function parseBlock(lines: readonly string[]): RenderedError | undefined {
  const code = heading.exec(lines[0] ?? '')?.[1]?.trim() ?? '';
  const said = joined(lines, message, messageGoesOn);
  if (said === undefined) return undefined;
  const labels = lines.flatMap((line) => labelText.exec(line)?.[1] ?? []);
  const advice = joined(lines, help, helpGoesOn);
  const place = placeOf(lines);
  return {
    code,
    message: said,
    ...(labels.length === 0 ? {} : { label: labels.join('; ') }),
    ...(advice === undefined ? {} : { help: advice }),
    ...(place === undefined ? {} : { place }),
  };
}

/** Undoes Nushell's wrapping at 80 columns. */
function joined(lines: readonly string[], first: RegExp, next: RegExp): string | undefined {
  const start = lines.findIndex((line) => first.test(line));
  if (start === -1) return undefined;
  const parts = [first.exec(lines[start] ?? '')?.[1] ?? ''];
  for (const line of lines.slice(start + 1)) {
    const more = next.exec(line)?.[1];
    if (more === undefined) break;
    parts.push(more.trim());
  }
  return parts.join(' ').trim();
}

function placeOf(lines: readonly string[]): NuPlace | undefined {
  const start = lines.findIndex((line) => frame.test(line));
  const [, file, line, column] = frame.exec(lines[start] ?? '') ?? [];
  if (file === undefined || line === undefined || column === undefined) return undefined;
  const end = lines.findIndex((text, at) => at > start && frameEnd.test(text));
  const inside = lines.slice(start + 1, end === -1 ? undefined : end);
  const row = inside.findIndex((text) => text.trimStart().startsWith(`${line} `));
  const shown = /^ *\d+ [|│] ?(.*)$/.exec(inside[row] ?? '')?.[1] ?? '';
  const carets = underline.exec(inside[row + 1] ?? '')?.[1] ?? '^';
  return { file, line: Number(line), column: inCharacters(shown, Number(column)), length: carets.length };
}

/**
 * Nushell counts the column in bytes. A tab is shown as blanks, so a line without other than ASCII keeps its
 * column.
 */
function inCharacters(line: string, byteColumn: number): number {
  const bytes = Buffer.from(line, 'utf8');
  if (bytes.length === line.length || byteColumn > bytes.length) return byteColumn;
  return characters(bytes.subarray(0, byteColumn - 1).toString('utf8')) + 1;
}
