# Providers: what makes machines. One is a module with create-server and
# delete-server; a new one joins PROVIDERS and both commands here.

use local.nu

const PROVIDERS = [local]

# Makes the machine of a server, idempotently: {url, pid, started}.
export def "provider create-server" [spec: record]: nothing -> record {
  provider check $spec.provider
  match $spec.provider {
    local => (local create-server $spec)
  }
}

# Ends the machine of a server and removes what it left; says whether it ran.
export def "provider delete-server" [
  provider: string
  infra: string
  name: string
]: nothing -> bool {
  provider check $provider
  match $provider {
    local => (local delete-server $infra $name)
  }
}

# Refuses a provider that is none.
export def "provider check" [name: string]: nothing -> nothing {
  if $name not-in $PROVIDERS {
    error make --unspanned {
      msg: $"There is no provider ($name | to nuon)"
      help: $"Choose one of ($PROVIDERS | str join ', ')."
    }
  }
}
