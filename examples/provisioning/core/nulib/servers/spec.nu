# What a server shall be: the settings' defaults, its own entry in the
# settings, and what the caller asks for, the later over the former.

use ../config/paths.nu [check-name]
use ../config/plans.nu [plan-of]
use ../providers *

const KEYS = [name role plan os packages services address zone provider]

# Works out the specification of a server.
export def server-spec [
  settings: record # As load-settings gives them
  name: string # The server
  config: record = {} # What differs from the settings
]: nothing -> record {
  check-name "a server" $name
  check-keys $name $config
  let entry = $settings.server | where name == $name | get 0? | default {}
  let wanted = $settings.infra
    | select provider zone
    | merge $settings.defaults.server
    | merge $entry
    | merge $config
  provider check $wanted.provider
  $wanted | merge (plan-of $wanted.plan) | merge {
    name: $name
    infra: $settings.infra.name
    address: $wanted.address?
    dns: $settings.network.dns
  }
}

# The names of an infrastructure's servers, in the order of its settings.
export def server-names [settings: record]: nothing -> list<string> {
  $settings.server | get --optional name | default []
}

def check-keys [name: string config: record]: nothing -> nothing {
  let unknown = $config | columns | where $it not-in $KEYS
  if ($unknown | is-not-empty) {
    error make --unspanned {
      msg: $"The server ($name) cannot have ($unknown | str join ', ')"
      help: $"A server has ($KEYS | str join ', ')."
    }
  }
}
