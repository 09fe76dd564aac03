# The one place that knows where the sidecar's module is. In a project of your
# own it is `export use sidecar`, with nulib among NU_LIB_DIRS.
export use ../../../../nulib/sidecar
