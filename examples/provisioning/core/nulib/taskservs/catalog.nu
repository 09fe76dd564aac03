# The task services there are, and the order in which they are installed.

const CATALOG = {
  container-runtime: {
    version: "1.7.24"
    port: 0
    needs: []
    options: {snapshotter: overlayfs max_concurrent_downloads: 3}
  }
  web: {
    version: "2.8.4"
    port: 80
    needs: [container-runtime]
    options: {workers: 2 keepalive_seconds: 30 max_body: "8m"}
  }
  node-exporter: {
    version: "1.8.2"
    port: 9100
    needs: []
    options: {collectors: [cpu filesystem netdev]}
  }
}

# The definition of a task service.
export def "taskserv get" [name: string]: nothing -> record {
  let service = $CATALOG | get --optional $name
  if $service == null {
    error make --unspanned {
      msg: $"There is no task service ($name | to nuon)"
      help: $"Choose among ($CATALOG | columns | str join ', ')."
    }
  }
  $service | insert name $name
}

# The services with all they need, each after what it needs.
@example "What a web server takes" {
  taskserv order [web]
} --result [container-runtime web]
export def "taskserv order" [
  names: list<string>
]: nothing -> list<string> {
  $names | reduce --fold [] {|name done|
    if $name in $done { return $done }
    let before = taskserv order (taskserv get $name).needs
    $done | append ($before | where $it not-in $done) | append $name
  }
}
