# Whether servers are well, asked over HTTP.

use ../lib/http.nu [ask]

# What a server says of itself: {name, infra, status, services}.
export def "server health" [server: record]: nothing -> record {
  let answer = ask $"($server.url)/health"
  let problem = match $answer.status {
    0 => "no answer"
    200 if $answer.body.name? == $server.name => null
    200 => $"an answer of ($answer.body.name?)"
    _ => $"status ($answer.status)"
  }
  if $problem != null {
    error make --unspanned {
      msg: $"The server ($server.name) is not well: ($problem) at ($server.url)"
      help: $"See the log in .sandbox/($server.infra)/servers/($server.name)."
    }
  }
  $answer.body
}

# Waits until a server is well.
export def "server wait" [
  server: record
  --timeout (-t): duration = 10sec # After it, what is wrong is thrown
]: nothing -> record {
  let deadline = (date now) + $timeout
  mut health: any = null
  while $health == null and (date now) < $deadline {
    $health = try { server health $server } catch { sleep 100ms }
  }
  if $health == null { server health $server } else { $health }
}
