# Processes by pid and start time: a pid alone may belong to a stranger by now.

# Tells one process from every other, also from a later one with its pid.
# Null when it has ended; a zombie has.
export def "process identity" [pid: int]: nothing -> any {
  let stat = $"/proc/($pid)/stat"
  if ("/proc/self/stat" | path exists) {
    if not ($stat | path exists) { return null }
    # The name in parentheses may hold anything; the rest is numbers.
    let fields = open --raw $stat
      | split row ")"
      | last
      | str trim
      | split row " "
    if ($fields | first) == Z { return null }
    let boot = open --raw /proc/sys/kernel/random/boot_id | str trim
    return $"($boot)/($fields | get 19)"
  }
  let told = ^ps -o lstart= -p $pid | complete | get stdout | str trim
  if $told != "" { $told }
}

# Whether a recorded process is still the one that runs.
export def "process is-alive" [
  recorded: record<pid: int, identity: string>
]: nothing -> bool {
  (process identity $recorded.pid) == $recorded.identity
}

# Ends a recorded process: asks it to, waits, then insists.
export def "process end" [
  recorded: record<pid: int, identity: string>
  --grace (-g): duration = 3sec # How long it may take before it is killed
]: nothing -> nothing {
  for signal in [15 9] {
    if not (process is-alive $recorded) { return }
    # It may end by itself just now, which is as good.
    try { kill --quiet --signal $signal $recorded.pid }
    let deadline = (date now) + $grace
    while (process is-alive $recorded) and (date now) < $deadline {
      sleep 20ms
    }
  }
  if (process is-alive $recorded) {
    error make --unspanned {
      msg: $"The process ($recorded.pid) does not end"
      help: "It may wait for a disk, or belong to another user."
    }
  }
}
