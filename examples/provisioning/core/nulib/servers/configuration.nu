# The configuration a server starts with, rendered by the sidecar.

use ../config/paths.nu [project-dir server-dir]
use ../sidecar_client.nu *

# Writes the cloud-init file of a server; says whether that changed it.
export def write-configuration [spec: record]: nothing -> bool {
  let template = project-dir | path join templates cloud-init.yaml.j2
  let text = {server: $spec} | sidecar render $template
  let file = server-dir $spec.infra $spec.name | path join cloud-init.yaml
  if ($file | path exists) and (open --raw $file) == $text { return false }
  mkdir ($file | path dirname)
  $text | save --raw --force $file
  true
}
