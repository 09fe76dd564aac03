# Who has which address. A claim is a link named after the address that points
# to its owner: made in one step, so that servers which are created at the same
# moment never get the same one.

use cidr.nu [host-address is-host]
use ../config/paths.nu [sandbox-dir]

# The claims of an infrastructure.
export def "address list" [
  infra: string
]: nothing -> table<address: string, owner: string> {
  let dir = claims-dir $infra
  if not ($dir | path exists) { return [] }
  ls --long --short-names $dir
  | where type == symlink
  | select name target
  | rename address owner
}

# Claims an address for a server: the one it has, else the fixed one, else the
# first that is free.
export def "address claim" [
  infra: string
  network: record # cidr and first_host
  owner: string # The server
  --fixed (-f): string # The address it has to be
]: nothing -> string {
  let claims = address list $infra
  let own = $claims | where owner == $owner | get address.0?
  if $own != null and $fixed in [null $own] { return $own }
  let dir = claims-dir $infra
  mkdir $dir
  if $fixed != null {
    check-inside $network.cidr $fixed
    if not (try-claim $dir $fixed $owner) { fail-taken $dir $fixed $owner }
    # Only now: without the new one, the old one would have been lost.
    if $own != null { rm ($dir | path join $own) }
    return $fixed
  }
  mut host = $network.first_host
  while not (try-claim $dir (host-address $network.cidr $host) $owner) {
    $host += 1
  }
  host-address $network.cidr $host
}

# Gives back what a server has claimed.
export def "address release" [
  infra: string
  owner: string
]: nothing -> nothing {
  for claim in (address list $infra | where owner == $owner) {
    rm --force (claims-dir $infra | path join $claim.address)
  }
}

def claims-dir [infra: string]: nothing -> path {
  sandbox-dir $infra | path join network addresses
}

def try-claim [dir: path address: string owner: string]: nothing -> bool {
  let made = ^ln -s $owner ($dir | path join $address) | complete
  $made.exit_code == 0
}

def check-inside [cidr: string address: string]: nothing -> nothing {
  if not (is-host $cidr $address) {
    error make --unspanned {
      msg: $"($address) is no host of the network ($cidr)"
      help: "Correct the address of the server, or the cidr of the network."
    }
  }
}

def fail-taken [dir: path address: string owner: string]: nothing -> error {
  let holder = ls --long $dir
    | where ($it.name | path basename) == $address
    | get target.0?
  error make --unspanned {
    msg: $"($address) cannot be given to ($owner): ($holder) has it"
    help: "Choose another address, or leave it out to get a free one."
  }
}
