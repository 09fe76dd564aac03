# Creating servers, as scripts and workflows/servers/create.toml call it.

use ../config/settings.nu [load-settings]
use ../network *
use ../servers *
use ../servers/spec.nu [server-names]

# Creates servers of an infrastructure, with their network. Those that are
# there already are brought to what they shall be, which is a success.
@example "A server of the default infrastructure" {
  server_create_workflow "web-1" "" []
}
export def server_create_workflow [
  name: string = "" # The server; empty and no others: all of the settings
  settings: string = "" # Another settings file than infra/<infra>.toml
  others: list<string> = [] # More servers
  --infra (-i): string = "" # The infrastructure; empty: the default one
  --provider (-p): string # Another provider than that of the settings
  --config (-c): record # What differs from the settings, such as {plan: large}
]: nothing -> table {
  let loaded = load-settings $infra $settings
  let infra = $loaded.infra.name
  let named = [$name ...$others] | where $it != "" | uniq
  let names = if ($named | is-empty) { server-names $loaded } else { $named }
  let given = if $provider == null { {} } else { {provider: $provider} }
  let config = $config | default {} | merge $given
  network create $infra --settings $settings
  # Not with `each`, whose list is lazy: nobody may have to look at it.
  mut servers = []
  for one in $names {
    let server = (
      server create $one
        --infra $infra --settings $settings --config $config
    )
    $servers = $servers | append $server
  }
  $servers
}
