import { resolve } from 'node:path';
import type { fileMethods } from '../../protocol/file.js';
import type { FileLoader } from '../files/load-file.js';
import type { HandlersOf } from '../kernel/handlers.js';
import type { Places } from './place.js';
import { typedResult } from './typed-value.js';

export function fileHandlers({ places, files }: { readonly places: Places; readonly files: FileLoader }) {
  return {
    'file/load': async (params, context) => {
      const place = places.of(params, context);
      const { value, format } = await files.load(
        {
          path: resolve(place.cwd, params.path),
          ...(params.format === undefined ? {} : { format: params.format }),
          ...(params.raw === undefined ? {} : { raw: params.raw }),
          signal: context.signal,
        },
        place.fileRoots,
      );
      return { ...typedResult(value, params.nuon), format };
    },
    'file/formats': () => ({
      formats: files.formats().map(({ name, extensions, by, description }) => ({
        name,
        extensions,
        reader: by === 'sidecar' ? 'native' : 'nu',
        description,
      })),
    }),
  } satisfies HandlersOf<typeof fileMethods>;
}
