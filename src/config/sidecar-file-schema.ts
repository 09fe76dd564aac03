import { z } from 'zod';
import { DURATION_EXPECTED, DURATION_PATTERN } from '../kernel/value/duration-text.js';
import { SIZE_EXPECTED, SIZE_PATTERN } from '../kernel/value/size-text.js';

const duration = () =>
  z.string().regex(DURATION_PATTERN, { error: DURATION_EXPECTED }).meta({ title: 'duration' });
const size = () =>
  z.union([z.int().min(1), z.string().regex(SIZE_PATTERN, { error: SIZE_EXPECTED })], {
    error: SIZE_EXPECTED,
  });
const folders = () => z.array(z.string().min(1));

/**
 * sidecar.toml as its author writes it. The descriptions are the manual: the JSON Schema, the commented file that
 * `nu-sidecar init` writes, and the messages come from here. Every key is optional.
 */
export const sidecarFileSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .optional()
      .describe('The name of the project, for people: doctor shows it.')
      .meta({ examples: ['provisioning'] }),
    nu: z
      .strictObject({
        path: z
          .string()
          .min(1)
          .optional()
          .describe(
            'The nu to run, relative to this file. Without it: nu on PATH, then the npm package @nushell/linux-x64.',
          )
          .meta({ examples: ['/usr/local/bin/nu'] }),
        env_allow: z
          .array(
            z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/, {
              error: 'the name of an environment variable, which may end in *',
            }),
          )
          .default([])
          .describe(
            'Environment variables of the submitter that tasks may see, beside PATH, HOME, USER, LANG, LC_*, TZ, TMPDIR and XDG_*. A name may end in *, such as "AWS_*".',
          ),
        include_dirs: folders()
          .default([])
          .describe("Folders in which Nushell looks for modules, beside the sidecar's own nulib."),
      })
      .prefault({})
      .describe('Which Nushell runs the tasks, and what it sees.'),
    files: z
      .strictObject({
        roots: folders()
          .default([])
          .describe('Folders files may be read from, beside the project. Nothing outside is opened.'),
        max_bytes: size().default('64MiB').describe('Largest file that is loaded.'),
        max_depth: z.int().min(1).max(256).default(128).describe('Deepest nesting of a loaded document.'),
        max_aliases: z
          .int()
          .min(0)
          .default(10_000)
          .describe('Most values that the aliases of a YAML document may add, all together.'),
      })
      .prefault({})
      .describe('Loading files.'),
    template: z
      .strictObject({
        roots: folders()
          .default([])
          .describe('Folders templates may be read and included from, beside the project.'),
        max_steps: z
          .int()
          .min(1)
          .default(10_000_000)
          .describe(
            'Most steps of one render: evaluated parts, loop turns, and 16 characters of text are one each.',
          ),
        max_output: size().default('16MiB').describe('Longest text of one render.'),
        max_string: size().default('4MiB').describe('Longest string that an expression may build.'),
        max_depth: z
          .int()
          .min(1)
          .max(256)
          .default(256)
          .describe('Deepest nesting of expressions, blocks, includes and printed values.'),
        deadline: duration()
          .default('5s')
          .describe('Longest time that one render may work; waiting does not count.'),
      })
      .prefault({})
      .describe('What one template may cost.'),
    workflow: z
      .strictObject({
        folders: folders()
          .default(['workflows'])
          .describe('Folders searched for workflows that are named without a path.'),
        max_parallel: z
          .int()
          .min(1)
          .optional()
          .describe(
            "Most live tasks of one run where the workflow file has no max_parallel. Without it: the daemon's limit alone.",
          )
          .meta({ examples: [8] }),
        max_attempts_live: z
          .int()
          .min(1)
          .optional()
          .describe(
            'Most live task processes of all runs together. Without it: twice the number of cores, at least 4.',
          )
          .meta({ examples: [8] }),
      })
      .prefault({})
      .describe('Running workflows.'),
    daemon: z
      .strictObject({
        idle_timeout: z
          .union([z.literal('never'), duration()], { error: `${DURATION_EXPECTED}, or "never"` })
          .default('30m')
          .describe(
            'Without a connection and an unfinished run for so long, the daemon ends. "never" keeps it.',
          ),
        drain_timeout: duration()
          .default('30s')
          .describe('How long live tasks may go on when the daemon is told to end.'),
        log_level: z
          .enum(['debug', 'info', 'warn', 'error'])
          .default('info')
          .describe('The least important messages that daemon.log keeps.'),
      })
      .prefault({})
      .describe('The life of the daemon.'),
    limits: z
      .strictObject({
        message_bytes: size().default('16MiB').describe('Largest message a client may send.'),
        in_flight: z
          .int()
          .min(1)
          .default(1024)
          .describe('Most requests of one client that are being answered at once.'),
        connections: z.int().min(1).default(256).describe('Most clients at once.'),
        output_bytes: size().default('64MiB').describe('Most output of one task process; more ends it.'),
      })
      .prefault({})
      .describe('What one client or task may ask of the daemon.'),
  })
  .describe(
    'Settings of a nu-sidecar project. Every key is optional. Relative paths count from the folder of this file.',
  );

/** sidecar.toml after its schema: every key with a default is there. */
export type SidecarFile = z.output<typeof sidecarFileSchema>;
