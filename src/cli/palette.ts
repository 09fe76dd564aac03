import picocolors from 'picocolors';

export type Palette = ReturnType<typeof picocolors.createColors>;

/** Colours for a stream, by the usual rules: NO_COLOR (not empty) wins, then FORCE_COLOR, then a terminal that is not dumb. */
export function paletteFor(
  env: Readonly<Record<string, string | undefined>>,
  stream: { readonly isTTY?: boolean },
): Palette {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '' && env['FORCE_COLOR'] !== '0';
  const refused = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
  const able = stream.isTTY === true && env['TERM'] !== 'dumb';
  return picocolors.createColors(!refused && (forced || able));
}
