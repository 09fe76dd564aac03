# The settings of an infrastructure: its file over the defaults.

use paths.nu [settings-file]
use ../sidecar_client.nu *

# The infrastructure that is meant when none is named.
const DEFAULT_INFRA = "dev"

const DEFAULTS = {
  infra: {description: "" provider: local zone: local-1}
  network: {cidr: "10.0.0.0/24" first_host: 10 dns: []}
  defaults: {
    server: {role: web plan: small os: debian-12 packages: [] services: []}
  }
  server: []
  load_balancer: {port: 8080 algorithm: roundrobin check_interval: 2sec}
  health: {timeout: 10sec}
}

# The name of the infrastructure that is meant.
export def infra-name [name: string]: nothing -> string {
  if $name == "" { $DEFAULT_INFRA } else { $name }
}

# Loads the settings of an infrastructure.
@example "Those of infra/demo.toml" { load-settings demo }
export def load-settings [
  infra: string # The name of the infrastructure; empty: the default one
  file?: string # Another file than infra/<name>.toml
]: nothing -> record {
  let infra = infra-name $infra
  let file = if ($file | is-empty) {
    settings-file $infra
  } else {
    $file | path expand
  }
  let given = sidecar open $file
  check-known-sections $given $file
  let settings = $DEFAULTS | merge deep --strategy overwrite $given
  # TOML has no durations: there they are text, such as "2sec".
  $settings
  | upsert infra.name $infra
  | update load_balancer.check_interval { into duration }
  | update health.timeout { into duration }
}

def check-known-sections [given: record file: string]: nothing -> nothing {
  let unknown = $given | columns | where $it not-in ($DEFAULTS | columns)
  if ($unknown | is-not-empty) {
    error make --unspanned {
      msg: $"($file) has the unknown section ($unknown | first)"
      help: $"Sections are ($DEFAULTS | columns | str join ', ')."
    }
  }
}
