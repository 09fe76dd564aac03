import { Environment } from 'minijinja-js';
import nunjucks from 'nunjucks';
import { systemClock } from '../../src/kernel/clock.js';
import type { ValueRecord } from '../../src/kernel/value/value.js';
import { createTemplateEngine } from '../../src/template/engine.js';
import type { BenchRow } from '../bench-row.js';

/** A load balancer's file, in what the three engines have in common. */
const template = `# {{ title | upper }}
frontend {{ name }}
    bind *:{{ port }}
    default_backend servers

backend servers
    balance {{ balance | default('roundrobin') }}
{%- for server in servers %}
    server {{ server.name }} {{ server.address }}:{{ server.port }} weight {{ server.weight }}{% if server.check %} check inter {{ server.interval }}s{% endif %}{% if loop.last %} backup{% endif %}
    {%- for tag in server.tags %}
    # {{ loop.index }} {{ tag }}
    {%- endfor %}
{%- endfor %}
# {{ servers | length }} servers
`;

const context: ValueRecord = {
  title: 'demo balancer',
  name: 'www',
  port: 8080,
  balance: 'leastconn',
  servers: Array.from({ length: 10 }, (_, index) => ({
    name: `web-${index}`,
    address: `10.0.0.${index}`,
    port: 8000 + index,
    weight: index * 10,
    check: index % 3 !== 0,
    interval: 5 + index,
    tags: ['blue', `zone-${index % 3}`, 'v2'],
  })),
};

const rounds = 15;
const rendersPerRound = 1_000;

/** Median microseconds a render; the rounds of the engines alternate, so that a busy machine hurts all of them. */
async function measure(
  engines: Readonly<Record<string, () => unknown>>,
): Promise<Readonly<Record<string, number>>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, render] of Object.entries(engines)) {
      const start = performance.now();
      for (let count = 0; count < rendersPerRound; count++) await render();
      const micros = ((performance.now() - start) * 1000) / rendersPerRound;
      times.set(name, [...(times.get(name) ?? []), micros]);
    }
  }
  const median = (all: readonly number[]): number =>
    [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all)]));
}

/** A 10-server file compiled once, against nunjucks and minijinja-js, compiled once as well. */
export const row: BenchRow = {
  name: 'render a 10-server file, compiled once',
  run: async () => {
    const engine = createTemplateEngine({
      clock: systemClock,
      readTemplate: () => Promise.reject(new Error('This template includes nothing.')),
    });
    const peer = nunjucks.compile(template, new nunjucks.Environment(null, { autoescape: false }));
    const minijinja = new Environment();
    minijinja.addTemplate('file', template);
    const source = { text: template, name: 'bench' };
    const roots: readonly string[] = [];
    const engines = {
      ours: () => engine.render(source, context, { roots }),
      nunjucks: () => peer.render(context),
      minijinja: () => minijinja.renderTemplate('file', context),
    };
    const expected = engines.nunjucks();
    if ((await engines.ours()) !== expected)
      throw new Error('The engines render different files: nothing to compare.');
    const { ours = 0, nunjucks: nunjucksUs = 0, minijinja: minijinjaUs = 0 } = await measure(engines);
    const ratio = ours / Math.min(nunjucksUs, minijinjaUs);
    return {
      name: row.name,
      budget: '≤ 1.0× the faster of nunjucks and minijinja-js',
      figures: { oursUs: ours, nunjucksUs, minijinjaUs },
      ratio,
      unit: '× the faster peer',
      verdict: ratio <= 1 ? 'within' : 'over',
    };
  },
};
