# Task services: what runs on servers.

use ../config/paths.nu [project-dir server-dir]
use ../config/settings.nu [infra-name load-settings]
use ../lib/http.nu [ask]
use ../servers *
use ../servers/spec.nu [server-spec]
use ../sidecar_client.nu *
export use catalog.nu *

# Installs task services on a server, with all they need. Those that are there
# as they shall be stay untouched.
export def "taskserv create" [
  server: string # The name of the server
  services?: list<string> # Without them: those of the settings
  --infra (-i): string = "" # The infrastructure; empty: the default one
  --settings (-s): string # Another settings file
  --broken (-b) # Fail, to see what a failure does to a deployment
]: nothing -> record {
  let infra = infra-name $infra
  let host = require-server $infra $server
  let wanted = if ($services | is-empty) {
    (server-spec (load-settings $infra $settings) $server).services
  } else {
    $services
  }
  if $broken { fail-broken $host }
  let services = taskserv order $wanted | each {|name|
    let service = taskserv get $name
    {name: $name changed: (install $host $service)}
  }
  for service in $services { check-served $host $service.name }
  {
    server: $server
    services: ($services | get --optional name | default [])
    changed: ($services | any { $in.changed })
  }
}

# The services a server says it has.
export def "taskserv list" [
  server: string # The name of the server
  --infra (-i): string = "" # The infrastructure; empty: the default one
]: nothing -> list<string> {
  (server health (require-server (infra-name $infra) $server)).services
}

# Removes a task service from a server. One that is not there is a success.
export def "taskserv delete" [
  server: string # The name of the server
  service: string # The service
  --infra (-i): string = "" # The infrastructure; empty: the default one
]: nothing -> record {
  let host = require-server (infra-name $infra) $server
  let left = taskserv list $server --infra $host.infra | where $it != $service
  let needing = $left | where $service in (taskserv get $it).needs
  if ($needing | is-not-empty) {
    error make --unspanned {
      msg: $"($service) is needed by ($needing | str join ', ') on ($server)"
      help: "Delete that first."
    }
  }
  let file = service-file $host $service
  let was_there = $file | path exists
  rm --force $file
  {server: $server service: $service deleted: $was_there}
}

def install [host: record service: record]: nothing -> bool {
  let template = project-dir | path join templates taskserv.json.j2
  let text = {server: $host service: $service} | sidecar render $template
  let file = service-file $host $service.name
  if ($file | path exists) and (open --raw $file) == $text { return false }
  mkdir ($file | path dirname)
  # The agent reads it at any moment, so it appears whole.
  $text | save --raw --force $"($file).new"
  mv --force $"($file).new" $file
  true
}

def service-file [host: record service: string]: nothing -> path {
  server-dir $host.infra $host.name
  | path join services $"(taskserv get $service | get name).json"
}

def check-served [host: record service: string]: nothing -> nothing {
  let answer = ask $"($host.url)/services/($service)"
  if $answer.status != 200 or $answer.body.name? != $service {
    error make --unspanned {
      msg: $"($host.name) does not serve ($service): status ($answer.status)"
      help: $"See the log in .sandbox/($host.infra)/servers/($host.name)."
    }
  }
}

def require-server [infra: string name: string]: nothing -> record {
  let server = server get $name --infra $infra
  if $server == null {
    error make --unspanned {
      msg: $"There is no server ($name) in ($infra)"
      help: "Create it first: workflows/servers/create.toml."
    }
  }
  $server
}

def fail-broken [host: record]: nothing -> error {
  error make --unspanned {
    msg: $"The services of ($host.name) failed, as was asked for"
    help: "Run it again without the input break."
  }
}
