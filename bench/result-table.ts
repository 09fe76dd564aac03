import type { BenchResult } from './bench-row.js';

const headings = ['row', 'ratio', 'budget', 'verdict'];

/** A table of one line a row, and under it the figures that the ratio was made of. */
export function resultTable(results: readonly BenchResult[]): string {
  const lines = [
    headings,
    ...results.map(({ name, ratio, unit, budget, verdict }) => [
      name,
      `${figureText(ratio)} ${unit}`,
      budget,
      verdict,
    ]),
  ];
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .flatMap((cells, index) => {
      const line = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
      const result = results[index - 1];
      return result === undefined ? [line.trimEnd()] : [line.trimEnd(), `    ${figuresText(result)}`];
    })
    .join('\n');
}

function figuresText({ figures }: BenchResult): string {
  return Object.entries(figures)
    .map(([name, figure]) => `${name} ${figureText(figure)}`)
    .join(', ');
}

/** Three digits tell enough: the machine varies more. */
function figureText(figure: number): string {
  return Math.abs(figure) >= 100 ? String(Math.round(figure)) : String(Number(figure.toPrecision(3)));
}
