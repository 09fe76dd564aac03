use request.nu

# Loads a file through the sidecar, which reads what Nushell's `open` reads.
#
# Works at any depth of the call stack, and only inside the folders that the
# project allows. Dates, filesizes and the like keep their types.
@example "Settings" { sidecar open infra/demo.toml }
@example "A format that the extension does not tell" {
  sidecar open --format yaml inventory
}
export def main [
  path: path # The file
  --format (-f): string # Read it as this format, not by its extension
  --raw (-r) # Return the text as it is
]: nothing -> any {
  let params = {path: $path raw: $raw nuon: true cwd: $env.PWD}
  let params = if $format == null {
    $params
  } else {
    $params | insert format $format
  }
  request file/load $params (metadata $path).span | get valueNuon | from nuon
}
