# The provider `local`: a server is a folder of the sandbox with a process.

use agent.nu *
use ../config/paths.nu [server-dir]

# Makes the machine of a server, or takes the one that runs.
export def create-server [spec: record]: nothing -> record {
  let dir = server-dir $spec.infra $spec.name
  mkdir ($dir | path join services)
  let running = agent find $dir
  let agent = if $running == null { agent start $dir $spec } else { $running }
  {
    url: $"http://127.0.0.1:($agent.port)"
    pid: $agent.pid
    started: ($running == null)
  }
}

# Ends the machine of a server; says whether it ran.
export def delete-server [infra: string name: string]: nothing -> bool {
  let dir = server-dir $infra $name
  let ran = agent end $dir
  rm --recursive --force $dir
  $ran
}
