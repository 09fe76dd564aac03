/** What the process of a command or daemon ends with; the help of each command names those it uses. */
export const exitCode = {
  ok: 0,
  /** The run or the command failed; a check found a problem. */
  failed: 1,
  /** The invocation or the file is invalid. */
  invalid: 2,
  /** Nothing could be done: no daemon, no nu, state or submit refused. */
  refused: 3,
  /** The state directory belongs to another daemon (EX_CANTCREAT). */
  locked: 73,
  /** The storage failed beyond rescue and the daemon gave up (EX_TEMPFAIL): what was acknowledged is safe. */
  storageFailed: 75,
  /** The run was cancelled, or Ctrl-C ended the command (128 + SIGINT). */
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
