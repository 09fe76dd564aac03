# Providers: what makes machines. One is a module with create-server and
# delete-server; a new one gets a line in each command here.

use local.nu

# Makes the machine of a server, idempotently: {url, pid, started}.
export def "provider create-server" [spec: record]: nothing -> record {
  match $spec.provider {
    local => (local create-server $spec)
    _ => (fail-unknown $spec.provider)
  }
}

# Ends the machine of a server and removes what it left; says whether it ran.
export def "provider delete-server" [
  provider: string
  infra: string
  name: string
]: nothing -> bool {
  match $provider {
    local => (local delete-server $infra $name)
    _ => (fail-unknown $provider)
  }
}

# The providers of this project.
export def "provider list" []: nothing -> list<string> { [local] }

def fail-unknown [name: string]: nothing -> error {
  error make --unspanned {
    msg: $"There is no provider ($name | to nuon)"
    help: $"Choose one of (provider list | str join ', ')."
  }
}
