/** The workflow file that the manual shows; a test loads it. */
export const EXAMPLE_WORKFLOW = `name = "clusters/deploy"
description = "Network, servers, then their configuration"
max_parallel = 4
timeout = "30m"

[inputs.infra]
type = "string"
required = true

[inputs.servers]
type = "list"
default = ["web-1", "web-2"]

[[task]]
id = "network"
nu = { module = "nulib/network.nu", command = "network create", args = ["{{ inputs.infra }}"] }

[[task]]
id = "server"
needs = ["network"]
for_each = "{{ inputs.servers }}"
max_parallel = 2
timeout = "5m"
retry = { attempts = 3, initial = "1s", max = "30s" }

[task.nu]
module = "nulib/server.nu"
command = "server create"
args = ["{{ item }}"]
flags = { network = "{{ tasks.network.output.id }}" }

[[task]]
id = "config"
needs = ["server"]

[task.template]
path = "templates/haproxy.cfg.j2"
context = { servers = "{{ tasks.server.outputs }}" }
target = "out/haproxy.cfg"

[[task]]
id = "smoke"
needs = ["config"]
when = "{{ inputs.infra != 'dry' }}"
exec = ["curl", "-fsS", "http://127.0.0.1:8080/health"]
`;
