# The network of an infrastructure.

use cidr.nu [host-address parse-cidr]
use ../config/paths.nu [sandbox-dir]
use ../config/settings.nu [load-settings]
use ../lib/state_file.nu [load-state save-state]
export use addresses.nu *

# Creates the network, or takes the one that is there.
export def "network create" [
  infra: string # The infrastructure
  --settings (-s): string # Another settings file
]: nothing -> record {
  let settings = load-settings $infra $settings
  let infra = $settings.infra.name
  let known = network get $infra
  let wanted = describe $settings
  if $known != null and $known.cidr != $wanted.cidr {
    fail-occupied $infra $known $wanted
  }
  let network = $wanted | merge {
    created: ($known.created? | default (date now))
  }
  $network | save-state (network-file $infra)
  $network | insert changed ($known == null)
}

# The network of an infrastructure, null when there is none.
export def "network get" [infra: string]: nothing -> any {
  load-state (network-file $infra)
}

# Deletes the network. Refused while servers have addresses of it.
export def "network delete" [infra: string]: nothing -> record {
  let claims = address list $infra
  if ($claims | is-not-empty) {
    error make --unspanned {
      msg: $"($infra) has servers in its network: ($claims.owner | to nuon)"
      help: "Delete the servers first."
    }
  }
  let known = network get $infra
  rm --recursive --force (network-file $infra | path dirname)
  {infra: $infra deleted: ($known != null)}
}

def describe [settings: record]: nothing -> record {
  let network = $settings.network
  {
    infra: $settings.infra.name
    cidr: $network.cidr
    gateway: (host-address $network.cidr 1)
    hosts: ((parse-cidr $network.cidr).size - 2)
    dns: $network.dns
  }
}

# A server's address cannot move with the network under it.
def fail-occupied [
  infra: string
  known: record
  wanted: record
]: nothing -> nothing {
  let owners = address list $infra | get owner
  if ($owners | is-not-empty) {
    error make --unspanned {
      msg: $"The network of ($infra) is ($known.cidr), not ($wanted.cidr)"
      help: $"Delete the servers in it first: ($owners | str join ', ')."
    }
  }
}

def network-file [infra: string]: nothing -> path {
  sandbox-dir $infra | path join network network.nuon
}
