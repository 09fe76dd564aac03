# Where things are. Names become parts of paths here and nowhere else, so this
# is where they are checked.

const PROJECT = path self ../../..

# The folder of the project.
export def project-dir []: nothing -> path { $PROJECT }

# The file with the settings of an infrastructure.
export def settings-file [infra: string]: nothing -> path {
  check-name "an infrastructure" $infra
  $PROJECT | path join infra $"($infra).toml"
}

# Everything the local provider makes for an infrastructure.
export def sandbox-dir [infra: string]: nothing -> path {
  check-name "an infrastructure" $infra
  $PROJECT | path join .sandbox $infra
}

# The folder of a server: its configuration, its log, what runs on it.
export def server-dir [infra: string name: string]: nothing -> path {
  check-name "a server" $name
  sandbox-dir $infra | path join servers $name
}

# Refuses what is no host name: lower-case letters, digits and dashes.
export def check-name [what: string name: string]: nothing -> nothing {
  if $name !~ '^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$' {
    error make {
      msg: $"($name | to nuon) is no name for ($what)"
      label: {text: "not a host name" span: (metadata $name).span}
      help: "Use lower-case letters, digits and dashes; begin with a letter."
    }
  }
}
