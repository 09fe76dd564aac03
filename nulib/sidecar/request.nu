use program.nu

# Sends one request to the sidecar and returns its result.
#
# An error answer becomes an error with its message, advice and, under `span`,
# what the sidecar expected.
export def main [
  method: string # The method
  params: record # Its params by name
  span: record # What an error points at in the caller's text
]: nothing -> any {
  let request = {jsonrpc: "2.0" id: 1 method: $method params: $params}
  let command = program $span
  # `complete`, because `try` around an external hangs once it prints 64 KiB.
  let ended = $"($request | to json --raw)\n"
    | run-external ($command | first) ...($command | skip 1) stdio
    | complete
  let answers = $ended.stdout | lines | where ($it | str starts-with "{")
  if ($answers | is-empty) { fail-without-answer $ended $span }
  let answer = $answers | last | from json
  if error in $answer { fail $answer.error $span }
  $answer.result
}

def fail [problem: record span: record]: nothing -> error {
  let data = $problem.data? | default {}
  let label = if $data.expected? == null {
    $data.name? | default "refused by the sidecar"
  } else {
    $"expected ($data.expected), got ($data.got? | default nothing)"
  }
  let excerpt = $data.diagnostics?.0?.excerpt?
  let place = if $excerpt == null { "" } else { $"\n($excerpt)" }
  error make {
    msg: $"($problem.message)($place)"
    label: {text: $label span: $span}
    help: ($data.advice? | default "See daemon.log in the state directory.")
  }
}

# The program speaks on stderr when it cannot reach or start a sidecar.
def fail-without-answer [ended: record span: record]: nothing -> error {
  let told = $ended.stderr | ansi strip | str trim
  let help = $told | parse --regex '(?m)^\s*help: (?<text>.+)$' | get text.0?
  error make {
    msg: (
      if $told == "" { "The sidecar gave no answer" } else {
        $told | lines | first | str replace --regex '^error: ' ''
      }
    )
    label: {text: $"nu-sidecar ended with ($ended.exit_code)" span: $span}
    help: ($help | default "`nu-sidecar doctor` says what is wrong.")
  }
}
