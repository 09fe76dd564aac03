# Arithmetic on IPv4 networks in CIDR form.

# Parses "10.0.0.0/24" into its first address, as a number, and its size.
export def parse-cidr [cidr: string]: nothing -> record<base: int, size: int> {
  let parts = $cidr | parse --regex '^(?<address>[0-9.]+)/(?<bits>\d{1,2})$'
  if ($parts | is-empty) or ($parts.0.bits | into int) not-in 8..30 {
    error make {
      msg: $"($cidr | to nuon) is no network"
      label: {text: "not in CIDR form" span: (metadata $cidr).span}
      help: 'Write an address and 8 to 30 bits, such as "10.0.0.0/24".'
    }
  }
  let size = 2 ** (32 - ($parts.0.bits | into int))
  let address = to-number $parts.0.address
  {base: ($address - $address mod $size) size: $size}
}

# The address of the nth host. Throws when the network has no such host.
export def host-address [cidr: string n: int]: nothing -> string {
  let network = parse-cidr $cidr
  # The first address names the network, the last is its broadcast.
  if $n < 1 or $n > $network.size - 2 {
    error make {
      msg: $"($cidr) has no host ($n)"
      label: {text: $"not in 1..($network.size - 2)" span: (metadata $n).span}
      help: "Use a larger network, or fewer servers."
    }
  }
  to-address ($network.base + $n)
}

# Whether an address is one of the network's hosts.
export def is-host [cidr: string address: string]: nothing -> bool {
  let network = parse-cidr $cidr
  (to-number $address) - $network.base in 1..($network.size - 2)
}

def to-number [address: string]: nothing -> int {
  let bytes = $address | split row "." | into int
  if ($bytes | length) != 4 or ($bytes | any { $in not-in 0..255 }) {
    error make {
      msg: $"($address | to nuon) is no IPv4 address"
      label: {text: "not an address" span: (metadata $address).span}
    }
  }
  $bytes | reduce --fold 0 {|byte sum| $sum * 256 + $byte }
}

def to-address [number: int]: nothing -> string {
  [24 16 8 0]
  | each {|bits| $number // (2 ** $bits) mod 256 }
  | str join "."
}
