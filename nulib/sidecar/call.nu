use request.nu

# Calls a method of the sidecar and returns its result.
#
# Params travel as JSON, which has no dates, durations, filesizes, binary or
# ranges: where a method cares, it has a twin that takes NUON, such as
# `contextNuon`, to be given `to nuon`.
@example "How the sidecar is" { sidecar call sidecar/status }
@example "A value, with its type" {
  sidecar call template/evaluate {expression: "1 + n" context: {n: 41}}
} --result {value: 42}
export def main [
  method: string # The method, such as run/list
  params: record = {} # Its params by name
]: nothing -> any {
  request $method $params (metadata $method).span
}
