use request.nu

# Renders a Jinja2 template with the record from the pipeline as its context.
#
# Every Nushell type may be in the context.
@example "A template file" {
  {servers: [[name port]; [web-1 8080]]} | sidecar render haproxy.cfg.j2
}
@example "A text" {
  {name: web-1} | sidecar render --source 'Hello {{ name }}'
} --result "Hello web-1"
export def main [
  path?: path # The template file
  --source (-s): string # The template itself, instead of a file
]: [record -> string nothing -> string] {
  let context = $in | default {}
  if $path == null and $source == null {
    error make --unspanned {
      msg: "sidecar render needs a template: a file or --source, got neither"
      help: "Name a file, or give the text with --source."
    }
  }
  if $path != null and $source != null {
    error make {
      msg: "sidecar render takes a file or --source, got both"
      label: {text: "one template too many" span: (metadata $path).span}
      help: "Leave one of them out."
    }
  }
  let given = if $source == null {
    {param: {path: $path} span: (metadata $path).span}
  } else {
    {param: {source: $source} span: (metadata $source).span}
  }
  let params = {contextNuon: ($context | to nuon) cwd: $env.PWD}
  request template/render ($params | merge $given.param) $given.span | get text
}
