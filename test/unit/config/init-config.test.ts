import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { initConfig } from '../../../src/config/init-config.js';
import { parseSettings } from '../../../src/config/load-config.js';
import { sidecarFileSchema } from '../../../src/config/sidecar-file-schema.js';
import { sidecarJsonSchema } from '../../../src/config/sidecar-json-schema.js';
import { schemaFields } from '../../../src/document/schema-fields.js';

const sections = schemaFields(sidecarFileSchema).filter(({ schema }) => schemaFields(schema).length > 0);

describe('the sidecar.toml that init writes', () => {
  it('equals the defaults', () => {
    assert.deepEqual(parseSettings(initConfig(), '/p/sidecar.toml'), sidecarFileSchema.parse({}));
  });

  it('has every key with its default, which a user may uncomment', () => {
    const text = initConfig().replace(/^# (\w+ = )/gm, '$1');
    const settings = parseSettings(text, '/p/sidecar.toml');
    const defaults = sidecarFileSchema.parse({});
    for (const section of sections) {
      const got = new Map(Object.entries(Object(settings)[section.key]));
      for (const field of schemaFields(section.schema)) {
        const expected = field.default ?? field.example;
        assert.deepEqual(got.get(field.key), expected, `${section.key}.${field.key}`);
      }
    }
    assert.deepEqual(settings.limits, defaults.limits);
  });

  it('keeps its lines short', () => {
    for (const line of initConfig().split('\n')) assert.ok(line.length <= 100, line);
  });
});

it('every setting has a description', () => {
  for (const section of sections) {
    for (const field of schemaFields(section.schema))
      assert.match(field.description, /\.$/, `${section.key}.${field.key}`);
  }
});

it('the JSON Schema asks for nothing', () => {
  const schema: unknown = JSON.parse(sidecarJsonSchema());
  assert.equal(Object(schema).required, undefined);
  assert.equal(Object(schema).additionalProperties, false);
});
