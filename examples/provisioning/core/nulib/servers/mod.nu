# Servers: create, delete, list. Both are idempotent, so that a workflow may
# repeat them after a crash.

use configuration.nu [write-configuration]
use spec.nu [server-spec]
use ../config/paths.nu [sandbox-dir server-dir]
use ../config/settings.nu [infra-name load-settings]
use ../lib/state_file.nu [load-state save-state]
use ../network/addresses.nu *
use ../providers *
export use health.nu *

# Creates a server, or brings the one that is there to what it shall be.
#
# Its configuration is rendered by the sidecar, its machine is made by its
# provider, and it is returned once it answers.
export def "server create" [
  name: string # The server
  --infra (-i): string = "" # The infrastructure; empty: the default one
  --settings (-s): string # Another file than infra/<name>.toml
  --config (-c): record # What differs from the settings, such as {plan: large}
]: nothing -> record {
  let settings = load-settings $infra $settings
  let spec = server-spec $settings $name ($config | default {})
  let known = server get $spec.name --infra $spec.infra
  let address = (
    address claim $spec.infra $settings.network $spec.name
      --fixed $spec.address
  )
  let spec = $spec | merge {address: $address}
  let configured = write-configuration $spec
  let machine = provider create-server $spec
  let server = $spec
    | select name infra provider zone role plan address
    | merge {
      url: $machine.url
      pid: $machine.pid
      created: ($known.created? | default (date now))
    }
  $server | save-state (server-file $spec.infra $spec.name)
  server wait $server --timeout $settings.health.timeout
  $server | insert changed ($configured or $machine.started)
}

# Deletes a server: its process, its folder, its address. One that is gone
# already is a success.
export def "server delete" [
  name: string # The server
  --infra (-i): string = "" # The infrastructure; empty: the default one
]: nothing -> record {
  let infra = infra-name $infra
  let known = server get $name --infra $infra
  let provider = $known.provider? | default local
  let ran = provider delete-server $provider $infra $name
  address release $infra $name
  {name: $name infra: $infra deleted: ($known != null or $ran)}
}

# A server as it was created, null when there is none.
export def "server get" [
  name: string # The server
  --infra (-i): string # The infrastructure
]: nothing -> any {
  load-state (server-file $infra $name)
}

# The servers of an infrastructure.
export def "server list" [
  --infra (-i): string # The infrastructure
]: nothing -> table {
  server folders $infra
  | each {|name| server get $name --infra $infra }
  | compact
}

# The names of the servers that have left anything, also one whose creation was
# cut short.
export def "server folders" [infra: string]: nothing -> list<string> {
  let dir = sandbox-dir $infra | path join servers
  if not ($dir | path exists) { return [] }
  ls --short-names $dir | where type == dir | get name | sort
}

def server-file [infra: string name: string]: nothing -> path {
  server-dir $infra $name | path join server.nuon
}
