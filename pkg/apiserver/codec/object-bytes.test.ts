import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import {
  encodeStored,
  labelsOf,
  metadataRange,
  replaceRevision,
  spliceRevision,
  withoutRevision,
} from './object-bytes.js';

const objects = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('ConfigMap'),
  data: fc.dictionary(fc.string(), fc.string()),
  metadata: fc.record({
    name: fc.string(),
    annotations: fc.dictionary(fc.string(), fc.string()),
    resourceVersion: fc.constant('7'),
    finalizers: fc.option(fc.array(fc.constantFrom('labels', 'a,"labels":{}')), { nil: undefined }),
    labels: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
    managedFields: fc.constant([{ fieldsV1: { 'f:metadata': { labels: { no: 'label' } } } }]),
  }),
}) as unknown as fc.Arbitrary<ApiObject & { data: Record<string, string> }>;

const parse = (bytes: Buffer) => JSON.parse(bytes.toString('utf8')) as ApiObject;

describe('object bytes', () => {
  it('keep any object and any revision through a round trip', () => {
    fc.assert(
      fc.property(
        objects,
        fc.integer({ min: 1 }),
        fc.integer({ min: 1 }),
        (object, revision, later) => {
          const stored = encodeStored(object);
          assert.equal(parse(stored).metadata.resourceVersion, undefined);
          const served = spliceRevision(stored, revision);
          const expected = {
            ...object,
            metadata: { ...object.metadata, resourceVersion: String(revision) },
          };
          assert.deepEqual(parse(served.bytes), JSON.parse(JSON.stringify(expected)));
          assert.deepEqual(withoutRevision(served), stored);
          assert.equal(
            parse(replaceRevision(served, later)).metadata.resourceVersion,
            String(later),
          );
          const { labels } = object.metadata;
          assert.deepEqual(labelsOf(served.bytes), labels && { ...labels });
          const { start, end } = metadataRange(served.bytes)!;
          assert.deepEqual(
            parse(served.bytes.subarray(start, end)),
            JSON.parse(JSON.stringify(expected.metadata)),
          );
        },
      ),
    );
  });

  it('give labels in any form that JSON has', () => {
    const labels = (text: string) =>
      labelsOf(spliceRevision(Buffer.from(`{"kind":"X","metadata":{${text}}}`), 5).bytes);
    assert.deepEqual(labels('"name":"labels", "labels" : {"a}": "b\\""} , "uid":"u"'), {
      'a}': 'b"',
    });
    const space = '\n\t\r '.repeat(50_000);
    assert.deepEqual(labels(`"labels"${space}:${space}{"a":"b"}`), { a: 'b' });
    assert.equal(labels('"labels":null,"annotations":{"labels":"{}"}'), undefined);
    assert.equal(labels('"annotations":{"labels":{"a":"b"}}'), undefined);
  });

  it('reorder objects that other programs wrote', () => {
    const foreign = Buffer.from(
      '{"spec":{"template":{"metadata":{"name":"inner"}}},"metadata":{"name":"outer"},"kind":"ReplicaSet","apiVersion":"apps/v1"}',
    );
    const served = spliceRevision(foreign, 5);
    assert.deepEqual(parse(served.bytes).metadata, { resourceVersion: '5', name: 'outer' });
  });
});
