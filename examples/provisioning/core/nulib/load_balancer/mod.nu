# The load balancer, as its rendered configuration says.

use ../config/paths.nu [sandbox-dir]
use ../lib/http.nu [ask]

# The servers that a configuration sends requests to.
export def "load-balancer backends" [
  config: path # An haproxy.cfg
]: nothing -> table<name: string, address: string> {
  open --raw $config
  | lines
  | parse --regex '^\s+server (?<name>\S+) (?<address>\S+) check'
}

# Sends a request to every server behind the load balancer, as it would, and
# fails unless each answers as itself and has the services it shall have.
export def "load-balancer check" [
  infra: string # The infrastructure
  --expect (-e): list<any> # What has to be behind it: {name, services} each
]: nothing -> table {
  let config = load-balancer config $infra
  let backends = load-balancer backends $config
  let expected = $expect | default []
  let missing = $expected.name | where $it not-in $backends.name
  if ($missing | is-not-empty) {
    error make --unspanned {
      msg: $"($config) does not send to ($missing | str join ', ')"
      help: "Deploy the cluster again."
    }
  }
  let answers = $backends | each {|backend|
    let answer = ask $"http://($backend.address)/health"
    let services = $expected
      | where name == $backend.name
      | get services.0?
      | default []
    {
      server: $backend.name
      address: $backend.address
      ok: (is-well $backend.name $answer $services)
    }
  }
  let failing = $answers | where not ok
  if ($failing | is-not-empty) {
    error make --unspanned {
      msg: $"Behind the load balancer ($failing.server | str join ', ') failed"
      help: "A server may be starting, or lack its services."
    }
  }
  $answers
}

# The configuration of an infrastructure's load balancer.
export def "load-balancer config" [infra: string]: nothing -> path {
  sandbox-dir $infra | path join load-balancer haproxy.cfg
}

def is-well [
  name: string
  answer: record
  services: list<string>
]: nothing -> bool {
  if $answer.status != 200 or $answer.body.name? != $name { return false }
  $services | all { $in in $answer.body.services }
}
