import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { schemaFields } from '../../../../src/document/schema-fields.js';
import { isRecord, ownKey } from '../../../../src/kernel/value/value.js';
import { LATER_KEYS } from '../../../../src/workflow/definition/later-keys.js';
import {
  inputFileSchema,
  TASK_KINDS,
  taskFileSchema,
  workflowFileSchema,
} from '../../../../src/workflow/definition/workflow-file-schema.js';
import { workflowJsonSchema } from '../../../../src/workflow/definition/workflow-json-schema.js';
import { workflowReference } from '../../../../src/workflow/definition/workflow-reference.js';

const schemas = [workflowFileSchema, inputFileSchema, taskFileSchema];

describe('the manual of workflow files', () => {
  const page = workflowReference();
  const keys = schemas.flatMap((schema) => schemaFields(schema)).map(({ key }) => key);

  it('names every key, and every key of a later version', () => {
    for (const key of keys) {
      const isKind = TASK_KINDS.some((kind) => kind === key);
      assert.ok(page.includes(isKind ? `### ${key}\n` : `| \`${key}\` |`), `${key} is not in the manual`);
    }
    for (const key of Object.values(LATER_KEYS).flat())
      assert.ok(page.includes(`\`${key}\``), `${key} is not in the manual`);
  });

  it('describes every key', () => {
    for (const schema of schemas) {
      for (const field of schemaFields(schema)) {
        assert.match(field.description, /\.$/, `${field.key} has no description`);
      }
    }
  });

  it('no key is both built and of a later version', () => {
    for (const key of schemaFields(taskFileSchema)) assert.ok(!LATER_KEYS.task.includes(key.key));
    for (const key of schemaFields(workflowFileSchema)) assert.ok(!LATER_KEYS.workflow.includes(key.key));
  });
});

describe('the JSON Schema of workflow files', () => {
  const schema: unknown = JSON.parse(workflowJsonSchema());
  const at = (root: unknown, ...path: readonly string[]): unknown =>
    path.reduce((value: unknown, key) => (isRecord(value) ? ownKey(value, key) : undefined), root);
  const task = at(schema, 'properties', 'task', 'items');

  it('refuses unknown keys and asks for exactly one kind of work', () => {
    assert.equal(at(schema, 'additionalProperties'), false);
    assert.equal(at(task, 'additionalProperties'), false);
    assert.deepEqual(
      at(task, 'oneOf'),
      TASK_KINDS.map((kind) => ({ required: [kind] })),
    );
  });

  it('asks for no key that has a default', () => {
    assert.deepEqual(at(schema, 'required'), ['name', 'task']);
    assert.deepEqual(at(task, 'required'), ['id']);
  });

  it('leaves no alternative that allows anything', () => {
    const alternatives = at(task, 'properties', 'for_each', 'anyOf');
    assert.ok(Array.isArray(alternatives) && alternatives.length === 3);
    assert.ok(alternatives.every((alternative) => Object.keys(alternative).length > 0));
  });
});
