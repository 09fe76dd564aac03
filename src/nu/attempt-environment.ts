import { ATTEMPT_VARIABLE } from '../process/process-table.js';

/** What every process started for a client may see of the client's environment. */
const always = /^(?:PATH|HOME|USER|LANG|TZ|TMPDIR|LC_.*|XDG_.*)$/;

/**
 * Composes the environment of a Nushell process: PATH, HOME, USER, LANG, LC_*, TZ, TMPDIR and XDG_* of who asked
 * for it, what `allow` names besides (`[nu] env_allow`; a trailing `*` stands for any ending), and the
 * additions, which win.
 */
export function composeEnvironment(
  submitter: Readonly<Record<string, string | undefined>>,
  options: { readonly allow: readonly string[] },
  additions: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(submitter)) {
    // By this one the processes of an attempt are found: only what starts them may set it.
    if (value === undefined || name === ATTEMPT_VARIABLE) continue;
    if (always.test(name) || options.allow.some((entry) => matches(entry, name))) environment[name] = value;
  }
  return { ...environment, ...additions };
}

function matches(entry: string, name: string): boolean {
  return entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry;
}
