# The sizes a server comes in.

const PLANS = {
  tiny: {cpus: 1 memory: 512MB disk: 10GB}
  small: {cpus: 1 memory: 1GB disk: 20GB}
  medium: {cpus: 2 memory: 4GB disk: 50GB}
  large: {cpus: 4 memory: 16GB disk: 200GB}
}

# What a plan gives a server.
export def plan-of [name: string]: nothing -> record {
  let plan = $PLANS | get --optional $name
  if $plan == null {
    error make {
      msg: $"There is no plan ($name | to nuon)"
      label: {text: "unknown plan" span: (metadata $name).span}
      help: $"Choose one of ($PLANS | columns | str join ', ')."
    }
  }
  $plan | insert plan $name
}
