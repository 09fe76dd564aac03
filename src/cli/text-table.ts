import CliTable3 from 'cli-table3';
import type { Palette } from './palette.js';

/** No vertical lines: they cost width and hinder copying. */
const chars = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/** A table of texts with a head; cells may hold colours. Ends with a line end. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  colors: Palette,
  rightAligned: readonly number[] = [],
): string {
  const table = new CliTable3({
    chars,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    head: head.map((title) => colors.bold(title)),
    colAligns: head.map((_, index) => (rightAligned.includes(index) ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => [...row]));
  return `${table.toString().replace(/[ \t]+$/gm, '')}\n`;
}
