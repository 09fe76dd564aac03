/**
 * The one error table: string name → JSON-RPC code, HTTP status, whether trying again can help, and general advice.
 * Codes of our own are positive: -32768..-32000 belongs to JSON-RPC, -32899..-32800 to LSP.
 */
export interface ErrorRow {
  readonly code: number;
  readonly http: number;
  readonly retryable: boolean;
  readonly advice: string;
}

const row = (code: number, http: number, retryable: boolean, advice: string): ErrorRow => ({
  code,
  http,
  retryable,
  advice,
});

export const errors = {
  parse_error: row(-32700, 400, false, 'Send one JSON text in UTF-8.'),
  invalid_request: row(-32600, 400, false, 'Send a JSON-RPC 2.0 request object.'),
  method_not_found: row(-32601, 404, false, 'See docs/methods.md for the methods.'),
  invalid_params: row(
    -32602,
    400,
    false,
    'Compare the params with the schema of the method in docs/methods.md.',
  ),
  internal_error: row(
    -32603,
    500,
    false,
    'This is a fault of the sidecar: see daemon.log in the state directory.',
  ),
  not_initialized: row(-32002, 400, false, 'Send initialize first.'),
  request_cancelled: row(-32800, 499, true, 'The client cancelled the request.'),
  busy: row(1001, 429, true, 'Wait for some of the requests in flight, then send again.'),
  shutting_down: row(1002, 503, true, 'The daemon is ending: send again, a new one will answer.'),
  timeout: row(1003, 504, true, 'Give it more time, or look at what it waits for.'),
  limit_exceeded: row(1004, 413, false, 'Send less, or raise the limit in sidecar.toml.'),
  not_found: row(1010, 404, false, 'Check the name.'),
  outside_roots: row(
    1011,
    403,
    false,
    'Name a file inside the project, or add its folder to [files] roots in sidecar.toml.',
  ),
  unreadable: row(1012, 400, false, 'Check that the file exists, is a regular file and may be read.'),
  unsupported_format: row(1013, 415, false, 'See file/formats for the formats.'),
  invalid_document: row(1014, 422, false, 'Correct the text at the named place.'),
  template_invalid: row(1020, 422, false, 'Correct the template at the named place.'),
  template_failed: row(1021, 422, false, 'Correct the expression or give the value it needs.'),
  template_budget: row(
    1022,
    422,
    false,
    'Make the template do less, or raise the limits under [template] in sidecar.toml.',
  ),
  nu_missing: row(1030, 503, false, 'Install Nushell, or name it under [nu] path in sidecar.toml.'),
  nu_failed: row(1031, 422, false, 'Correct the Nushell code at the named place.'),
  command_unknown: row(1032, 404, false, 'See nu/commands for what the module exports.'),
  arguments_invalid: row(1033, 422, false, 'Compare the arguments with the signature of the command.'),
  workflow_invalid: row(1040, 422, false, 'Correct the workflow file at the named places.'),
  run_not_found: row(1041, 404, false, 'See run/list for the runs.'),
  run_ended: row(1042, 409, false, 'The run has ended already.'),
  conflict: row(1043, 409, false, 'The same idempotency key was used for another submit: use a new key.'),
  storage_failed: row(
    1050,
    507,
    true,
    'Free space on the disk of the state directory, then start the daemon again.',
  ),
  state_locked: row(1051, 409, false, 'Stop the daemon that owns the state directory first.'),
  state_damaged: row(
    1052,
    500,
    false,
    'Keep a copy of the state directory, then see docs/guarantees.md on damage.',
  ),
  config_invalid: row(1060, 422, false, 'Correct sidecar.toml at the named place.'),
  build_mismatch: row(1061, 409, true, 'Wait until its runs have ended, or stop the daemon.'),
} as const satisfies Record<string, ErrorRow>;

/** The name of a row of the error table. */
export type ErrorName = keyof typeof errors;
