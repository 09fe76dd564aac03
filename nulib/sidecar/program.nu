const OWN = path self ../../bin/nu-sidecar.js

# Says how to start nu-sidecar: the program and its first arguments.
export def main [
  span: record # What an error points at in the caller's text
]: nothing -> list<string> {
  let named = $env.SIDECAR_BIN? | default ""
  if $named != "" {
    if not ($named | path exists) { fail-missing $named $span }
    return (command $named)
  }
  if ($OWN | path exists) { return (command $OWN) }
  let found = which nu-sidecar | where type == external
  if ($found | is-empty) { fail-missing "nu-sidecar on PATH" $span }
  [$found.0.path]
}

# JavaScript is run by node, whatever its mode says.
def command [path: string]: nothing -> list<string> {
  if ($path | path parse).extension not-in [js mjs] { return [$path] }
  let node = $env.SIDECAR_NODE? | default ""
  [(if $node == "" { "node" } else { $node }) $path]
}

def fail-missing [place: string span: record]: nothing -> error {
  error make {
    msg: $"nu-sidecar was not found: nothing at ($place)"
    label: {text: "needs nu-sidecar" span: $span}
    help: "Install it (npm install nu-sidecar), or name it in SIDECAR_BIN."
  }
}
