/** nulib in a real Nushell, on the oldest and the newest supported version. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { packageRoot } from '../../src/package-root.js';
import { emptyProject, nuPackages, type RealProject } from '../fixtures/nushell/real-project.js';

const files = {
  'sidecar.toml': '',
  'settings.toml':
    'big = 9223372036854775807\nhalf = 0.5\none = 1.0\nwhen = 2026-01-02T03:04:05Z\nnames = ["a", "b"]\n',
  'values.nuon': '{size: 3kb, wait: 5sec, bytes: 0x[01 02], range: 1..3, when: 2026-01-02T03:04:05+00:00}',
  inventory: 'web: [1, 2]\n',
  'hello.j2': 'Hello {% include "name.j2" %}!',
  'name.j2': '{{ name }}',
  'bad.j2': 'line one\n{{ nme }}\n',
};

interface Row {
  readonly name: string;
  readonly code: string;
  readonly prints: string;
  readonly env?: Readonly<Record<string, string>>;
}

const everyType =
  '{date: 2026-01-02T03:04:05Z wait: 5sec size: 3kb bytes: 0x[01 02] range: 1..3 big: 9223372036854775807 one: 1.0 none: null yes: true list: [1 a]}';

const rows: readonly Row[] = [
  {
    name: 'render: every type of a context arrives as what it is',
    code: `${everyType} | sidecar render --source "{{ date }}|{{ wait }}|{{ size }}|{{ bytes }}|{{ range }}|{{ big }}|{{ one }}|{{ none }}|{{ yes }}|{{ list }}"`,
    prints: '2026-01-02T03:04:05+00:00|5sec|3.0 kB|[1, 2]|1..3|9223372036854775807|1.0||true|[1, a]',
  },
  {
    name: 'render: a file counts from the working directory, and includes another',
    code: 'mkdir below; cd below; {name: "wörld"} | sidecar render ../hello.j2',
    prints: 'Hello wörld!',
  },
  { name: 'render: no context is an empty one', code: 'sidecar render -s "{{ 1 + 1 }}"', prints: '2' },
  {
    name: 'render: a large text, which would block a pipe that nobody reads',
    code: '{text: ("" | fill --width 3000000 --character z)} | sidecar render -s "{{ text }}" | str length',
    prints: '3000000',
  },
  {
    name: 'open: integers, floats and dates of TOML',
    code: 'sidecar open settings.toml | to nuon',
    prints: '{big: 9223372036854775807, half: 0.5, one: 1.0, when: 2026-01-02T03:04:05+00:00, names: [a, b]}',
  },
  {
    name: 'open: every type of NUON',
    code: 'sidecar open values.nuon | to nuon',
    prints:
      '{size: 3000b, wait: 5000000000ns, bytes: 0x[0102], range: 1..3, when: 2026-01-02T03:04:05+00:00}',
  },
  {
    name: 'open: a named format',
    code: 'sidecar open --format yaml inventory | to nuon',
    prints: '{web: [1, 2]}',
  },
  { name: 'open: raw', code: 'sidecar open -r inventory', prints: 'web: [1, 2]' },
  {
    name: 'open: deep in enumerate and each, where a renderer of its own once failed',
    code: '1..2 | enumerate | each {|a| 1..2 | enumerate | each {|b| (sidecar open settings.toml).names.0 } } | flatten | str join',
    prints: 'aaaa',
  },
  {
    name: 'all three in each, where the pipeline has input for them that they do not want',
    code: '1..2 | each {|n| [(sidecar open -r inventory | str length) ({} | sidecar render -s $"($n)") (sidecar render -s "x") (sidecar call template/evaluate {expression: "1"} | get value)] } | to nuon',
    prints: '[[12, "1", x, 1], [12, "2", x, 1]]',
  },
  {
    name: 'call: integers of 64 bits and floats with their .0 go there and come back',
    code: 'sidecar call template/evaluate {expression: "[n, f]" context: {n: -9223372036854775808 f: 1.0}} | to nuon',
    prints: '{value: [-9223372036854775808, 1.0]}',
  },
  { name: 'call: params are optional', code: 'sidecar call sidecar/status | get health', prints: 'ok' },
  { name: 'call: null is a result', code: 'sidecar call shutdown | describe', prints: 'nothing' },
  {
    name: 'call: text that looks like code stays text',
    code: `sidecar call template/evaluate {expression: "t" context: {t: "$(exit) '\\"; --help\\n\\u{1F600}"}} | get value`,
    prints: `$(exit) '"; --help\n\u{1F600}`,
  },
  {
    name: 'the module is there for Nushell that the sidecar runs',
    code: `sidecar call nu/run {source: "use sidecar; {a: 3kb} | sidecar render --source '{{ a }}'"} | get value`,
    prints: '3.0 kB',
  },
  {
    name: 'every command and parameter is described, and every command has examples',
    code: `scope commands | where name =~ '^sidecar ' | each {|one|
      let bare = $one.signatures | values | flatten | where parameter_type in [positional named switch] and parameter_name != help | where description in [null ""]
      {name: $one.name bare: ($bare | length) described: ($one.description != "") examples: ($one.examples | length)}
    } | to nuon`,
    prints:
      '[[name, bare, described, examples]; ["sidecar call", 0, true, 2], ["sidecar open", 0, true, 2], ["sidecar render", 0, true, 2]]',
  },
];

interface ErrorRow {
  readonly name: string;
  readonly code: string;
  readonly msg: RegExp;
  readonly label?: RegExp;
  readonly help: RegExp;
  /** The argument that the error points at. */
  readonly at?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const errors: readonly ErrorRow[] = [
  {
    name: 'an undefined name shows its line',
    code: '{name: 1} | sidecar render bad.j2',
    msg: /bad\.j2:2:4: `nme` is not defined\.\n\{\{ nme \}\}\n {3}\^\^\^$/,
    label: /^expected one of name, got nme$/,
    help: /^Did you mean `name`\?$/,
    at: 'bad.j2',
  },
  {
    name: 'a template that is not there',
    code: 'sidecar render none.j2',
    msg: /none\.j2/,
    label: /^expected a readable file/,
    help: /exists/,
    at: 'none.j2',
  },
  {
    name: 'a file outside the project',
    code: 'sidecar open /etc/hostname',
    msg: /\/etc\/hostname/,
    label: /^expected a file inside/,
    help: /\[files\] roots/,
    at: '/etc/hostname',
  },
  {
    name: 'an unknown method',
    code: 'sidecar call template/rendr',
    msg: /^There is no method "template\/rendr"\.$/,
    label: /^expected/,
    help: /^Did you mean template\/render\?$/,
    at: 'template/rendr',
  },
  {
    name: 'params that do not fit',
    code: 'sidecar call template/render {sorce: x}',
    msg: /did you mean source/,
    label: /sorce/,
    help: /schema of template\/render/,
    at: 'template/render',
  },
  { name: 'no template', code: 'sidecar render', msg: /^sidecar render needs a template/, help: /--source/ },
  {
    name: 'two templates',
    code: 'sidecar render hello.j2 --source x',
    msg: /got both$/,
    label: /too many/,
    help: /Leave one/,
    at: 'hello.j2',
  },
  {
    name: 'a program that is not there',
    code: 'sidecar call sidecar/status',
    env: { SIDECAR_BIN: '/nowhere/nu-sidecar' },
    msg: /^nu-sidecar was not found: nothing at \/nowhere\/nu-sidecar$/,
    label: /needs nu-sidecar/,
    help: /SIDECAR_BIN/,
    at: 'sidecar/status',
  },
  {
    name: 'a sidecar that cannot be started',
    code: 'sidecar call sidecar/status',
    env: { SIDECAR_STATE_DIR: 'settings.toml/state' },
    msg: /^Cannot write the state directory/,
    label: /^nu-sidecar ended with \d+$/,
    help: /SIDECAR_STATE_DIR/,
    at: 'sidecar/status',
  },
];

for (const nuPackage of nuPackages) {
  describe(nuPackage, () => {
    let project: RealProject;
    before(async () => {
      project = await emptyProject(nuPackage);
      for (const [name, text] of Object.entries(files)) writeFileSync(project.path(name), text);
    });
    after(() => project.close());
    const run = (code: string, env = {}) =>
      project.nu(['-I', join(packageRoot(), 'nulib'), '-c', `use sidecar\n${code}`], env);

    for (const { name, code, prints, env } of rows) {
      test(name, async () => {
        const { code: exitCode, stdout, stderr } = await run(code, env);
        assert.deepEqual(
          { exitCode, stdout: stdout.trimEnd(), stderr },
          { exitCode: 0, stdout: prints, stderr: '' },
        );
      });
    }

    for (const row of errors) {
      test(`error: ${row.name}`, async () => {
        const { stdout, stderr } = await run(
          `try { ${row.code} } catch {|e|
            let details = $e.details? | default ($e.json? | default "{}" | from json)
            {...$details rendered: $e.rendered} | to json -r
          }`,
          row.env,
        );
        assert.equal(stderr, '');
        const error = JSON.parse(stdout);
        assert.match(error.msg, row.msg);
        assert.match(error.help, row.help);
        if (row.label !== undefined) assert.match(error.labels[0].text, row.label);
        if (row.at === undefined) return;
        // The code begins in the second line, after "try { ".
        const column = 'try { '.length + row.code.lastIndexOf(` ${row.at}`) + 2;
        assert.match(error.rendered, new RegExp(`\\[source:2:${column}\\]`));
      });
    }
  });
}

test('SIDECAR_BIN may be any program, and SIDECAR_NODE runs it when it is JavaScript', async (t) => {
  const project = await emptyProject(nuPackages[1]);
  t.after(() => project.close());
  const answer = '{"jsonrpc":"2.0","id":1,"result":"%s"}';
  writeFileSync(project.path('own'), `#!/bin/sh\nprintf '${answer}\\n' "own $1"\n`, { mode: 0o700 });
  writeFileSync(project.path('own.js'), '');
  writeFileSync(project.path('node'), `#!/bin/sh\nprintf '${answer}\\n' "node $(basename $1) $2"\n`, {
    mode: 0o700,
  });
  const call = (env: Readonly<Record<string, string>>) =>
    project.nu(['-I', join(packageRoot(), 'nulib'), '-c', 'use sidecar; sidecar call x/y'], env);
  assert.equal((await call({ SIDECAR_BIN: project.path('own') })).stdout.trim(), 'own stdio');
  const node = { SIDECAR_BIN: project.path('own.js'), SIDECAR_NODE: project.path('node') };
  assert.equal((await call(node)).stdout.trim(), 'node own.js stdio');
});
