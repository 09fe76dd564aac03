import { compareBuilds } from '../build-info.js';

/** What names a build on either side of a connection. */
export interface BuildName {
  readonly buildId: string;
  readonly protocolVersion: number;
}

/**
 * What a client does about the build of the daemon it found: "use" it, "replace" it if no attempt is live (else what `otherwise`
 * says), or "refuse" to talk to it.
 */
export type BuildDecision =
  | { readonly action: 'use' }
  | { readonly action: 'replace'; readonly otherwise: 'use' | 'refuse' }
  | { readonly action: 'refuse' };

/**
 * Decides about the running daemon: a newer build replaces an idle one; else any build that speaks the same protocol version is
 * used, and one that does not is refused.
 */
export function decideBuild(mine: BuildName, running: BuildName): BuildDecision {
  const understood = mine.protocolVersion === running.protocolVersion;
  if (compareBuilds(mine.buildId, running.buildId) === 'newer') {
    return { action: 'replace', otherwise: understood ? 'use' : 'refuse' };
  }
  return { action: understood ? 'use' : 'refuse' };
}
