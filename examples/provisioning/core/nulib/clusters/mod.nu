# Clusters: servers, their services and the load balancer as one thing.

use ../config/paths.nu [sandbox-dir]
use ../config/settings.nu [load-settings]
use ../servers *
use ../servers/spec.nu [server-names server-spec]
use ../taskservs *

# Works out what a deployment has to make, and refuses what could not be made,
# before anything is.
export def "cluster plan" [
  infra: string # The infrastructure
  servers?: list<string> # Without them: those of the settings
  --settings (-s): string # Another settings file
]: nothing -> record {
  let settings = load-settings $infra $settings
  let names = if ($servers | is-empty) {
    server-names $settings
  } else {
    $servers | uniq
  }
  if ($names | is-empty) {
    error make --unspanned {
      msg: $"The cluster ($settings.infra.name) has no servers"
      help: "Add [[server]] entries to its settings, or name servers."
    }
  }
  {
    infra: $settings.infra.name
    servers: ($names | each {|name|
      let spec = server-spec $settings $name
      {name: $name plan: $spec.plan services: (taskserv order $spec.services)}
    })
    load_balancer: ($settings.load_balancer | merge {
      # haproxy counts in milliseconds.
      check_interval: $"($settings.load_balancer.check_interval // 1ms)ms"
    })
  }
}

# What is left of a cluster, also of one whose deployment was cut short.
export def "cluster remains" [
  infra: string # The infrastructure
]: nothing -> record<infra: string, servers: list<string>> {
  {infra: $infra servers: (server folders $infra)}
}

# Removes what is left once the servers are gone.
export def "cluster clean" [
  infra: string # The infrastructure
]: nothing -> record {
  let left = server folders $infra
  if ($left | is-not-empty) {
    error make --unspanned {
      msg: $"The cluster ($infra) still has ($left | str join ', ')"
      help: "Delete the servers first."
    }
  }
  let dir = sandbox-dir $infra
  let was_there = $dir | path exists
  rm --recursive --force $dir
  {infra: $infra deleted: $was_there}
}
