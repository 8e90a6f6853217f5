import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MESSAGES } from '../../apis/facts/messages.js';
import { StatusError } from '../errors/status-error.js';
import { structOf, type StructNode, type TypeNode } from '../schema/schema.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import { schemaNameOf } from '../schema/kinds.js';
import { protobufBody } from '../../../test/support/protobuf-body.js';
import { decodeProtobuf } from './protobuf.js';
import { formatMicroTime, formatTime } from './time.js';

type Json = Record<string, unknown>;

const KINDS = Object.entries(MESSAGES).filter(([, facts]) => facts.gvk?.length === 1);

/**
 * Values that survive a round trip: no zeros, which may mean absent, and no empty lists and maps.
 */
function valueOf(type: TypeNode, depth: number): fc.Arbitrary<unknown> | undefined {
  switch (type.kind) {
    case 'list': {
      const item = valueOf(type.item, depth);
      return item && fc.array(item, { minLength: 1, maxLength: 2 });
    }
    case 'map': {
      const item = valueOf(type.value, depth);
      return (
        item &&
        fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), item, {
          minKeys: 1,
          maxKeys: 2,
          noNullPrototype: true,
        })
      );
    }
    case 'struct':
      return depth > 0 ? structValue(type.struct, depth - 1) : undefined;
    case 'scalar':
      return type.schemaOr ? valueOf(type.schemaOr.schema, depth) : scalarValue(type.scalar);
  }
}

function scalarValue(scalar: string): fc.Arbitrary<unknown> {
  const text = fc.string({ minLength: 1, maxLength: 4, unit: 'grapheme' });
  const seconds = fc.integer({ min: 1, max: 4e9 });
  switch (scalar) {
    case 'boolean':
      return fc.constant(true);
    case 'int32':
      return fc.integer().filter((n) => n !== 0);
    case 'int64':
      return fc.oneof(
        fc.maxSafeInteger().filter((n) => n !== 0),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
        fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
      );
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => n !== 0);
    case 'bytes':
      return fc.uint8Array({ minLength: 1, maxLength: 7 }).map(encodeBase64);
    case 'quantity':
      return fc.constantFrom('1', '100m', '5Gi');
    case 'intOrString':
      return fc.oneof(fc.integer(), text).filter((v) => v !== 0);
    case 'time':
      return seconds.map(formatTime);
    case 'microTime':
      return fc
        .tuple(seconds, fc.integer({ min: 0, max: 999_999 }))
        .map(([s, us]) => formatMicroTime(s, us * 1000));
    case 'duration':
      return fc.integer({ min: 1, max: 1000 }).map((s) => `${s}s`);
    case 'any':
      return fc.record({ f: fc.integer(), g: text }, { noNullPrototype: true });
    default:
      return text;
  }
}

function structValue(struct: StructNode, depth: number): fc.Arbitrary<Json> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of struct.fields.values()) {
    const onWire = field.facts.n !== undefined || struct.facts.protoOnly !== undefined;
    if (!onWire || field.name === 'apiVersion' || field.name === 'kind') continue;
    const value = valueOf(field.type, depth);
    if (value) fields[field.name] = value;
  }
  return fc.record(fields, { requiredKeys: [], noNullPrototype: true });
}

describe('protobuf bodies', () => {
  for (const [schemaName, facts] of KINDS) {
    const { group, version, kind } = facts.gvk![0]!;
    const apiVersion = group ? `${group}/${version}` : version;
    it(`${apiVersion} ${kind} survives`, () => {
      assert.equal(schemaNameOf(MESSAGES, apiVersion, kind), schemaName);
      fc.assert(
        fc.property(structValue(structOf(MESSAGES, schemaName)!, 4), (value) => {
          const object: Json = { apiVersion, kind, ...value };
          const bytes = protobufBody(object, schemaName);
          const decoded = decodeProtobuf(bytes, MESSAGES);
          assert.deepEqual(decoded, { apiVersion, kind, object });
        }),
        { numRuns: 8 },
      );
    });
  }

  // Recorded from kubectl v1.32.4: create deployment web --image=nginx:1 --replicas=0 --port=80.
  const RECORDED =
    'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EroBCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEogBCAASDAoKCgNhcHASA3dlYh' +
    'puChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEk4SMAoFbmdpbngSB25naW54OjEqADIKCgAQABhQIgAqAEIAagByAIABAIgBAJABAKIB' +
    'ABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgAGgAiAA==';

  it('reads what kubectl sends', () => {
    const labels = { app: 'web' };
    const container = {
      name: 'nginx',
      image: 'nginx:1',
      ports: [{ containerPort: 80 }],
      resources: {},
    };
    assert.deepEqual(decodeProtobuf(decodeBase64(RECORDED), MESSAGES).object, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
        strategy: {},
      },
      status: {},
    });
  });

  it('keeps the union shapes of CRD schemas', () => {
    const schemaName =
      'io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition';
    const openAPIV3Schema = {
      type: 'object',
      $ref: 'r',
      'x-kubernetes-preserve-unknown-fields': true,
      additionalProperties: { type: 'string' },
      default: { a: [1] },
      enum: ['x', 1],
      items: { type: 'integer', maximum: 1.5 },
      dependencies: { a: ['b', 'c'], d: { type: 'string' } },
      additionalItems: false,
      properties: {
        p: {
          items: [{ type: 'string' }, { type: 'number' }],
          additionalProperties: true,
          minLength: 0,
        },
      },
    };
    const object = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'x' },
      spec: { group: 'g', versions: [{ name: 'v1', schema: { openAPIV3Schema } }] },
    };
    assert.deepEqual(decodeProtobuf(protobufBody(object, schemaName), MESSAGES).object, object);
  });

  it('keeps a byte order mark in a text', () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'm' },
      data: { k: '\ufeffvalue' },
    };
    const schema = 'io.k8s.api.core.v1.ConfigMap';
    const bytes = protobufBody(map, schema);
    assert.deepEqual(decodeProtobuf(bytes, MESSAGES).object['data'], map.data);
  });

  it('reads zero replicas as zero and other zeros as absent', () => {
    const bytes = protobufBody(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        spec: { replicas: 0, minReadySeconds: 0, paused: false },
      },
      'io.k8s.api.apps.v1.Deployment',
    );
    assert.deepEqual(decodeProtobuf(bytes, MESSAGES).object['spec'], { replicas: 0 });
  });

  it('refuses truncated, garbled and unknown bodies', () => {
    const whole = protobufBody(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } },
      'io.k8s.api.core.v1.ConfigMap',
    );
    const refused = (bytes: Uint8Array): void =>
      assert.throws(
        () => decodeProtobuf(bytes, MESSAGES),
        (e: unknown) => e instanceof StatusError && e.code === 400,
      );
    refused(new TextEncoder().encode('{}'));
    refused(whole.subarray(0, 20));
    refused(protobufBody({ apiVersion: 'v9', kind: 'Nothing' }, 'io.k8s.api.core.v1.ConfigMap'));
    refused(decodeBase64(RECORDED).subarray(0, 90));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => {
        try {
          decodeProtobuf(Uint8Array.from([...whole.subarray(0, 24), ...tail]), MESSAGES);
        } catch (error) {
          assert.ok(error instanceof StatusError, String(error));
        }
      }),
    );
  });
});
