import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseNuon } from '../../../src/kernel/value/nuon.js';
import type { Value } from '../../../src/kernel/value/value.js';
import { nu, nushells } from '../value/nushell.js';
import { fixtures, loaderFor, signal } from './loader.js';

// A database arrives as a handle: only row by row do its tables become values.
const open = `let file = $in
  let value = (open $file)
  if $file =~ '[.](db|sqlite)$' {
    $value | columns | reduce -f {} {|name acc| $acc | insert $name ($value | get $name | each {|row| $row }) }
  } else { $value } | to nuon`;

// What Nushell itself loads only with its std/formats, or not in every version.
const beyondOpen = new Set(['lines.jsonl']);

const [newest] = nushells();
if (newest !== undefined) {
  const openWithNu = async (path: string): Promise<Value> => parseNuon(String(nu(newest.path, open, path)));
  const loader = loaderFor(fixtures, { openWithNu });

  for (const name of readdirSync(fixtures).filter((each) => !beyondOpen.has(each))) {
    test(`${name} loads as nu ${newest.version} opens it`, async () => {
      const path = join(fixtures, name);
      const { value } = await loader.load({ path, signal });
      assert.deepStrictEqual(value, parseNuon(String(nu(newest.path, open, path))));
    });
  }
}
