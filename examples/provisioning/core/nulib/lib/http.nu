# Asks a URL for JSON, and returns status and body whatever the status is.
# Status 0: nobody answered.
export def ask [
  url: string
  --timeout (-t): duration = 2sec # For the whole answer
]: nothing -> record {
  try {
    http get --full --allow-errors --max-time $timeout $url
    | select status body
  } catch {|error|
    {status: 0 body: {error: $error.msg}}
  }
}
