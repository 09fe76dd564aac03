# State files are NUON, so that dates and sizes come back as what they were.

# Writes a value whole or not at all.
export def save-state [file: path]: any -> nothing {
  let value = $in
  mkdir ($file | path dirname)
  # Two writers at once must not share their half-written file.
  let temporary = $"($file).(random chars --length 8)"
  $value | to nuon --indent 2 | save --raw $temporary
  mv --force $temporary $file
}

# Reads a value, null when there is none.
export def load-state [file: path]: nothing -> any {
  if ($file | path exists) { open $file }
}
