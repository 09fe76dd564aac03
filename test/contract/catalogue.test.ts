import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCatalogue, groupOf, methods } from '../../protocol/catalogue.js';
import type { MethodDefinition, RequestDefinition } from '../../protocol/define-method.js';
import { paramsSchema, resultSchema } from '../../protocol/json-schema.js';
import { checkParams } from '../../src/kernel/check-params.js';
import { parseJson, stringifyJson } from '../../src/kernel/value/json.js';

const all: readonly MethodDefinition[] = methods;
const requests = all.filter((method): method is RequestDefinition => method.kind === 'request');

test('the catalogue holds the methods of every group', () => {
  assert.deepEqual(
    [...new Set(all.map(({ name }) => groupOf(name)))],
    ['session', 'sidecar', 'template', 'file', 'nu', 'workflow', 'run', 'state'],
  );
  assert.equal(createCatalogue().request('template/render')?.name, 'template/render');
  assert.equal(createCatalogue().request('run/didChange'), undefined, 'a notification is no request');
  assert.equal(createCatalogue().request('constructor'), undefined);
});

test('two methods of one name are refused', () => {
  assert.throws(() => createCatalogue([...all, ...all.slice(0, 1)]), /Two methods are named initialize/);
});

for (const method of all) {
  test(`${method.name}: its summary, example and schema hold`, () => {
    assert.match(method.summary, /^[A-Z].*\.$/s, 'a full sentence');
    assert.equal(method.params.safeParse(method.example.params).success, true, 'the params of its example');
    assert.ok(paramsSchema(method).type === 'object');
  });
}

for (const method of requests) {
  test(`${method.name}: its example passes dispatch, its result its schema`, () => {
    // Through the codec, as on the wire.
    const params = parseJson(JSON.stringify(method.example.params));
    assert.equal(stringifyJson(checkParams(method, params)), JSON.stringify(method.example.params));
    const parsed = method.result.safeParse(method.example.result);
    assert.equal(parsed.success, true, parsed.error?.message);
    assert.ok(Object.keys(resultSchema(method.result)).length > 0);
    assert.deepEqual(method.errors, [...new Set(method.errors)], 'no error twice');
  });

  test(`${method.name}: its exclusive fields and its route name its params`, () => {
    const names = Object.keys(method.params.shape);
    for (const { fields } of method.oneOf) {
      for (const field of fields) {
        assert.ok(names.includes(field), `${field} is a param`);
        assert.equal(
          method.params.shape[field]?.safeParse(undefined).success,
          true,
          `${field} may be absent`,
        );
      }
    }
    for (const [, name] of method.rest?.path.matchAll(/\{(\w+)\}/g) ?? [])
      assert.ok(names.includes(String(name)));
  });
}

test('no two methods share a route', () => {
  const routes = requests.flatMap(({ rest }) => (rest === null ? [] : [`${rest.method} ${rest.path}`]));
  assert.deepEqual(routes, [...new Set(routes)]);
});
