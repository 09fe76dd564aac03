# Templates, files and durable workflows: a client of nu-sidecar.
#
# Each command starts one `nu-sidecar stdio`, which reaches the sidecar of the
# project and starts it when there is none. Relative paths count from $env.PWD.
#
# SIDECAR_BIN names the program, and SIDECAR_NODE the node that runs it when
# it is JavaScript. Without them it is the one this module came with, else
# `nu-sidecar` on PATH. SIDECAR_STATE_DIR and SIDECAR_PROJECT name another
# sidecar, as on the command line.
#
# Import it with `use sidecar`: with `use sidecar *` its `open` would hide
# Nushell's own.

export use call.nu
export use open.nu
export use render.nu
