# The process that stands for a machine of the local provider: see
# agents/server.mjs, which records itself in the folder of its server.

use ../config/paths.nu [project-dir]
use ../lib/process.nu *

# The agent of a server folder, null when none is alive.
export def "agent find" [dir: path]: nothing -> any {
  let file = $dir | path join process.json
  if not ($file | path exists) { return null }
  let recorded = open $file
  if (process is-alive $recorded) { $recorded }
}

# Starts the agent of a server folder. It goes on when the caller ends.
export def "agent start" [
  dir: path
  spec: record<name: string, infra: string>
]: nothing -> record<pid: int, port: int, identity: string> {
  let script = project-dir | path join agents server.mjs
  let node = $env.SIDECAR_NODE? | default node
  let ended = ^$node $script start $dir $spec.name $spec.infra | complete
  if $ended.exit_code != 0 {
    error make --unspanned {
      msg: $"The agent of ($spec.name) did not start: ($ended.stderr | str trim)"
      help: $"See ($dir | path join agent.log)."
    }
  }
  $ended.stdout | from json
}

# Ends the agent of a server folder; says whether there was one.
export def "agent end" [dir: path]: nothing -> bool {
  let agent = agent find $dir
  if $agent == null { return false }
  process end $agent
  true
}
