import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MESSAGES } from '../../apis/facts/messages.js';
import { cloneJson } from '../meta/clone.js';
import { StatusError } from '../errors/status-error.js';
import { applyStrategicMergePatch } from './strategic-merge.js';

type Json = Record<string, unknown>;
const POD = 'io.k8s.api.core.v1.Pod';
const DEPLOYMENT = 'io.k8s.api.apps.v1.Deployment';
const apply = (original: Json, patch: Json, schema = POD): Json =>
  applyStrategicMergePatch(original, patch, schema, MESSAGES);

const pod = (spec: Json, metadata: Json = { name: 'p' }): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec,
});

interface Case {
  name: string;
  original: Json;
  patch: Json;
  expected: Json;
}

export const STRATEGIC_CASES: Case[] = [
  {
    name: 'merges containers by name, keeps the order and adds new ones in front of what it does not know',
    original: pod({
      containers: [
        { name: 'a', image: 'x' },
        { name: 'b', image: 'y' },
      ],
    }),
    patch: {
      spec: {
        containers: [
          { name: 'b', image: 'z' },
          { name: 'c', image: 'w' },
        ],
      },
    },
    expected: pod({
      containers: [
        { name: 'a', image: 'x' },
        { name: 'b', image: 'z' },
        { name: 'c', image: 'w' },
      ],
    }),
  },
  {
    name: 'deletes map keys by null and list elements by directive',
    original: pod(
      {
        containers: [
          { name: 'a', image: 'x' },
          { name: 'b', image: 'y' },
        ],
        hostNetwork: true,
      },
      { name: 'p', labels: { a: '1', b: '2' } },
    ),
    patch: {
      metadata: { labels: { a: null } },
      spec: { hostNetwork: null, containers: [{ name: 'a', $patch: 'delete' }] },
    },
    expected: pod({ containers: [{ name: 'b', image: 'y' }] }, { name: 'p', labels: { b: '2' } }),
  },
  {
    name: 'replaces a list by directive',
    original: pod({
      containers: [
        { name: 'a', image: 'x' },
        { name: 'b', image: 'y' },
      ],
    }),
    patch: { spec: { containers: [{ name: 'n', image: 'i' }, { $patch: 'replace' }] } },
    expected: pod({ containers: [{ name: 'n', image: 'i' }] }),
  },
  {
    name: 'replaces a map by directive',
    original: pod({ nodeSelector: { a: '1', b: '2' } }),
    patch: { spec: { nodeSelector: { $patch: 'replace', c: '3' } } },
    expected: pod({ nodeSelector: { c: '3' } }),
  },
  {
    name: 'replaces atomic lists',
    original: pod({ containers: [{ name: 'a', args: ['1', '2'] }], tolerations: [{ key: 'a' }] }),
    patch: { spec: { containers: [{ name: 'a', args: ['3'] }], tolerations: [{ key: 'b' }] } },
    expected: pod({ containers: [{ name: 'a', args: ['3'] }], tolerations: [{ key: 'b' }] }),
  },
  {
    name: 'merges primitive lists without doubles and deletes from them',
    original: pod({}, { name: 'p', finalizers: ['a', 'b', 'c'] }),
    patch: { metadata: { finalizers: ['d', 'b'], '$deleteFromPrimitiveList/finalizers': ['a'] } },
    expected: pod({}, { name: 'p', finalizers: ['d', 'b', 'c'] }),
  },
  {
    name: 'orders elements as the directive says, the others by where they were',
    original: pod({ containers: [{ name: 'a' }, { name: 'x' }, { name: 'b' }, { name: 'y' }] }),
    patch: {
      spec: {
        '$setElementOrder/containers': [{ name: 'b' }, { name: 'new' }, { name: 'a' }],
        containers: [{ name: 'new', image: 'i' }],
      },
    },
    expected: pod({
      containers: [
        { name: 'x' },
        { name: 'b' },
        { name: 'new', image: 'i' },
        { name: 'a' },
        { name: 'y' },
      ],
    }),
  },
  {
    name: 'orders without a change',
    original: pod({ containers: [{ name: 'a' }, { name: 'b' }] }),
    patch: { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } },
    expected: pod({ containers: [{ name: 'b' }, { name: 'a' }] }),
  },
  {
    name: 'retains only the keys named',
    original: pod({ volumes: [{ name: 'v', emptyDir: {} }] }),
    patch: {
      spec: {
        volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }],
      },
    },
    expected: pod({ volumes: [{ name: 'v', hostPath: { path: '/x' } }] }),
  },
  {
    name: 'merges ports by containerPort and env by name deep inside',
    original: pod({
      containers: [
        {
          name: 'a',
          ports: [{ containerPort: 80, name: 'http' }],
          env: [{ name: 'E', value: '1' }],
        },
      ],
    }),
    patch: {
      spec: {
        containers: [
          {
            name: 'a',
            ports: [{ containerPort: 80, protocol: 'UDP' }],
            env: [
              { name: 'F', value: '2' },
              { name: 'E', $patch: 'delete' },
            ],
          },
        ],
      },
    },
    expected: pod({
      containers: [
        {
          name: 'a',
          ports: [{ containerPort: 80, name: 'http', protocol: 'UDP' }],
          env: [{ name: 'F', value: '2' }],
        },
      ],
    }),
  },
  {
    name: 'adds lists and maps that were absent, without their nulls',
    original: pod({}),
    patch: {
      spec: {
        containers: [{ name: 'a', image: 'x', resources: { limits: { cpu: '1', memory: null } } }],
        nodeSelector: { a: 'b', c: null },
      },
    },
    expected: pod({
      containers: [{ name: 'a', image: 'x', resources: { limits: { cpu: '1' } } }],
      nodeSelector: { a: 'b' },
    }),
  },
];

describe('strategic merge patch', () => {
  for (const { name, original, patch, expected } of STRATEGIC_CASES) {
    it(name, () => {
      const before = cloneJson({ original, patch });
      assert.deepEqual(apply(original, patch), expected);
      assert.deepEqual({ original, patch }, before);
    });
  }

  it('clears the rolling update parameters when the strategy changes (retainKeys)', () => {
    const original = {
      spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
    };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    assert.deepEqual(apply(original, patch, DEPLOYMENT), {
      spec: { strategy: { type: 'Recreate' } },
    });
  });

  it('refuses contradictions', () => {
    const refused = (patch: Json, code: number, text: RegExp): void => {
      assert.throws(
        () => apply(pod({ containers: [{ name: 'a' }] }), patch),
        (e: unknown) =>
          e instanceof StatusError &&
          e.code === code &&
          (text.test(e.message) || text.test((e.cause as Error | undefined)?.message ?? '')),
      );
    };
    refused(
      { spec: { containers: [{ image: 'x' }] } },
      422,
      /does not contain declared merge key: name/,
    );
    refused({ spec: { $patch: 'explode' } }, 422, /unknown patch type: .*explode/);
    const big = 99_999_999_999_999_999_999n;
    refused({ spec: { $patch: big } }, 422, /unknown patch type: 99999999999999999999 in map/);
    refused({ spec: { containers: [{ name: 'a', $patch: big }] } }, 422, /unknown patch type: 9+ /);
    refused({ spec: { $retainKeys: ['a'], hostNetwork: true } }, 400, /retainKeys/);
    refused(
      { spec: { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'q' }] } },
      422,
      /setElementOrder/,
    );
  });

  it('leaves no directive in the result and stores the patched values', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const container = fc.record(
      {
        name,
        image: fc.constantFrom('x', 'y'),
        args: fc.array(fc.constantFrom('1', '2'), { maxLength: 2 }),
      },
      { requiredKeys: ['name'] },
    );
    const containers = fc.uniqueArray(container, { selector: (c) => c.name, maxLength: 4 });
    const labels = fc.dictionary(name, fc.constantFrom('1', '2'), { noNullPrototype: true });
    fc.assert(
      fc.property(
        containers,
        containers,
        labels,
        labels,
        (before, patch, labelsBefore, labelsPatch) => {
          const original = pod({ containers: before }, { name: 'p', labels: labelsBefore });
          const order = { '$setElementOrder/containers': patch.map((c) => ({ name: c.name })) };
          const result = apply(original, {
            metadata: { labels: labelsPatch },
            spec: { containers: patch, ...order },
          });
          assert.doesNotMatch(JSON.stringify(result), /\$/);
          const after = (result['spec'] as { containers: { name: string }[] }).containers;
          assert.deepEqual(
            new Set(after.map((c) => c.name)),
            new Set([...before, ...patch].map((c) => c.name)),
          );
          assert.deepEqual(
            after.filter((c) => patch.some((p) => p.name === c.name)).map((c) => c.name),
            patch.map((c) => c.name),
          );
          assert.deepEqual((result['metadata'] as Json)['labels'], {
            ...labelsBefore,
            ...labelsPatch,
          });
          assert.deepEqual(apply(result, { spec: { containers: patch, ...order } }), result);
        },
      ),
    );
  });
});
