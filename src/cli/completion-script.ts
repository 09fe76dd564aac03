/** The shells completion scripts exist for. */
export const completedShells = ['bash', 'zsh', 'fish', 'nu'] as const;
export type CompletedShell = (typeof completedShells)[number];

/**
 * The script that makes a shell complete `nu-sidecar`. Each asks the program for candidates, one a line as "word<TAB>meaning":
 * `nu-sidecar __complete -- WORD…`, where the last word is the one being typed.
 */
export function completionScript(shell: CompletedShell): string {
  return scripts[shell];
}

const scripts: Readonly<Record<CompletedShell, string>> = {
  bash: `# Completion of nu-sidecar for bash: source <(nu-sidecar completion bash)
_nu_sidecar() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(nu-sidecar __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -gt 0 ] || compopt -o default
}
complete -F _nu_sidecar nu-sidecar
`,
  zsh: `#compdef nu-sidecar
# Completion of nu-sidecar for zsh: source <(nu-sidecar completion zsh)
_nu_sidecar() {
  local line
  local -a candidates
  while IFS= read -r line; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(nu-sidecar __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then _describe 'nu-sidecar' candidates; else _files; fi
}
compdef _nu_sidecar nu-sidecar
`,
  fish: `# Completion of nu-sidecar for fish: nu-sidecar completion fish | source
function __nu_sidecar_complete
  set -l words (commandline -opc) (commandline -ct)
  nu-sidecar __complete -- $words[2..-1] 2>/dev/null
end
complete -c nu-sidecar -a '(__nu_sidecar_complete)'
`,
  nu: `# Completion of nu-sidecar for Nushell: save this as a file and "use" it in config.nu.
# Other commands keep the completer that was there before.
export-env {
  let previous = $env.config?.completions?.external?.completer?
  $env.config.completions.external.completer = {|spans|
    if ($spans | first) == "nu-sidecar" {
      let lines = (^nu-sidecar __complete -- ...($spans | skip 1) | complete | get stdout | lines)
      if ($lines | is-empty) { null } else {
        $lines | split column "\\t" value description
      }
    } else if $previous != null {
      do $previous $spans
    }
  }
}
`,
};
