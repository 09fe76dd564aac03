/** What a room may import: other rooms by the beginning of their path, and npm packages. Node's own modules are free. */
export interface RoomRule {
  /** A folder, or `src` for the files directly in it, which compose and may import anything. */
  readonly room: string;
  readonly imports: readonly string[] | 'anything';
  readonly packages?: readonly string[];
}

/** Rooms that know nothing of the domains and that every domain may import. */
const leaves = [
  'protocol',
  'state',
  'src/kernel/value/',
  'src/kernel/failure.',
  'src/kernel/error-code.',
  'src/kernel/error-message.',
  'src/kernel/signal.',
  'src/kernel/clock.',
  'src/kernel/log.',
  'src/kernel/suggest.',
  'src/kernel/excerpt.',
  'src/document/',
  'src/process/',
  'src/package-root.',
];

const domains = [
  'src/template/',
  'src/files/',
  'src/nu/',
  'src/workflow/',
  'src/store/',
  'src/config/',
  'src/dispatcher/',
];

/** A domain imports the leaves and itself, never another domain: they meet in handlers and in the composition root. */
function domain(room: string, packages: readonly string[] = []): RoomRule {
  return { room, imports: [...leaves, `${room}/`], packages };
}

/** zod may be imported anywhere; every other package belongs to one room. */
export const importTable: readonly RoomRule[] = [
  { room: 'protocol', imports: ['protocol/'] },
  { room: 'state', imports: ['state/', 'protocol/scalars.'] },
  { room: 'src/kernel', imports: ['protocol/', 'src/kernel/'], packages: ['pino', 'fastest-levenshtein'] },
  domain('src/document', ['smol-toml', 'toml-eslint-parser', 'jsonc-parser', 'yaml']),
  domain('src/process', ['execa']),
  domain('src/template'),
  domain('src/files', ['csv-parse']),
  domain('src/nu'),
  {
    room: 'src/workflow',
    // It starts no process and opens no file.
    imports: [...leaves.filter((leaf) => leaf !== 'src/process/'), 'src/workflow/'],
  },
  domain('src/store', ['lowdb']),
  domain('src/config'),
  domain('src/dispatcher', ['p-queue']),
  {
    room: 'src/transport',
    imports: ['src/kernel/', 'protocol/', 'src/process/', 'src/transport/'],
    packages: ['vscode-jsonrpc'],
  },
  { room: 'src/session', imports: ['src/kernel/', 'protocol/', 'src/session/'] },
  {
    room: 'src/handlers',
    imports: ['src/kernel/', 'protocol/', 'state/', 'src/document/', ...domains, 'src/handlers/'],
  },
  { room: 'src/client', imports: [...leaves, 'src/kernel/', 'src/transport/', 'src/client/'] },
  {
    room: 'src/daemon',
    imports: [
      ...leaves,
      ...domains,
      'src/kernel/',
      'src/transport/',
      'src/session/',
      'src/handlers/',
      'src/client/',
      'src/build-info.',
      'src/sidecar.',
      'src/daemon/',
    ],
  },
  {
    room: 'src/cli',
    imports: [
      ...leaves,
      'src/kernel/',
      'src/client/',
      'src/daemon/',
      'src/config/',
      'src/build-info.',
      'src/sidecar.',
      'src/cli/',
    ],
    packages: ['commander', 'cli-table3', 'log-update', 'picocolors', 'string-width'],
  },
  { room: 'src', imports: 'anything' },
];
