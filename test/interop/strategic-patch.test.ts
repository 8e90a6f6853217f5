// Compares our strategic merge patch with kubectl's, on random pods and patches.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyStrategicMergePatch } from '../../pkg/apimachinery/patch/strategic-merge.js';
import { MESSAGES } from '../../pkg/apis/facts/messages.js';
import { createKubectl, type Kubectl } from '../support/kubectl-process.js';

type Json = Record<string, unknown>;

const plain = { noNullPrototype: true } as const;
const name = fc.constantFrom('a', 'b', 'c');
const word = fc.constantFrom('x', 'y', 'z');
const named = <T extends { name: string }>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(item, { selector: (i) => i.name, maxLength: 3 });
const envVar = fc.record({ name, value: word }, { noNullPrototype: true });
const port = fc.record(
  { containerPort: fc.constantFrom(80, 81), name: word, protocol: fc.constantFrom('TCP', 'UDP') },
  { ...plain, requiredKeys: ['containerPort'] },
);
const ports = fc.uniqueArray(port, { selector: (p) => p.containerPort, maxLength: 2 });
const map = fc.dictionary(name, word, { noNullPrototype: true });
const container = fc.record(
  { name, image: word, args: fc.array(word, { maxLength: 2 }), env: named(envVar), ports },
  { ...plain, requiredKeys: ['name'] },
);
const volume = fc.oneof(
  fc.record({ name, emptyDir: fc.constant({}) }, { noNullPrototype: true }),
  fc.record(
    { name, hostPath: fc.record({ path: word }, { noNullPrototype: true }) },
    { noNullPrototype: true },
  ),
);
const spec = fc.record(
  {
    containers: named(container),
    volumes: named(volume),
    nodeSelector: map,
    hostNetwork: fc.boolean(),
    tolerations: fc.array(fc.record({ key: word }, { noNullPrototype: true }), { maxLength: 2 }),
  },
  { ...plain, requiredKeys: ['containers'] },
);
const metadata = fc.record(
  { labels: map, finalizers: fc.uniqueArray(word, { maxLength: 3 }) },
  { noNullPrototype: true, requiredKeys: [] },
);

/** How to turn parts of a patch into directives and nulls, as clients do. */
interface Twist {
  deleteContainer: boolean;
  order: boolean;
  nullLabel: boolean;
  dropFinalizer: boolean;
  replaceSelector: boolean;
  retainVolume: boolean;
}
const twist: fc.Arbitrary<Twist> = fc.record({
  deleteContainer: fc.boolean(),
  order: fc.boolean(),
  nullLabel: fc.boolean(),
  dropFinalizer: fc.boolean(),
  replaceSelector: fc.boolean(),
  retainVolume: fc.boolean(),
});

function twisted(patch: { metadata: Json; spec: Json }, how: Twist): Json {
  const { metadata: meta, spec: body } = structuredClone(patch);
  const containers = body['containers'] as Json[];
  if (how.order) body['$setElementOrder/containers'] = containers.map((c) => ({ name: c['name'] }));
  if (how.deleteContainer && containers.length > 1)
    containers[0] = { name: containers[0]!['name'], $patch: 'delete' };
  if (how.order && how.deleteContainer)
    body['$setElementOrder/containers'] = containers
      .filter((c) => !c['$patch'])
      .map((c) => ({ name: c['name'] }));
  if (how.nullLabel && meta['labels']) (meta['labels'] as Json)['a'] = null;
  if (how.dropFinalizer) {
    // Adding and deleting the same value depends on the order of a Go map: any result is correct.
    if (meta['finalizers'])
      meta['finalizers'] = (meta['finalizers'] as string[]).filter((f) => f !== 'x');
    meta['$deleteFromPrimitiveList/finalizers'] = ['x'];
  }
  if (how.replaceSelector && body['nodeSelector'])
    (body['nodeSelector'] as Json)['$patch'] = 'replace';
  if (how.retainVolume)
    for (const v of (body['volumes'] as Json[] | undefined) ?? [])
      v['$retainKeys'] = Object.keys(v);
  return { metadata: meta, spec: body };
}

/**
 * kubectl leaves $retainKeys in new objects. The server drops it when it decodes; ours never adds
 * it.
 */
function withoutLeftovers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLeftovers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$retainKeys')
      .map(([key, member]) => [key, withoutLeftovers(member)]),
  );
}

describe('strategic merge patch beside kubectl', function () {
  this.timeout(120_000);
  let kubectl: Kubectl;
  before(async () => {
    kubectl = await createKubectl(undefined);
  });
  after(() => kubectl.close());

  it('gives the same results', async () => {
    const sides = fc.record({ metadata, spec }, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(sides, sides, twist, async (original, change, how) => {
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'p', ...original.metadata },
          spec: original.spec,
        };
        const patch = twisted(change as { metadata: Json; spec: Json }, how);
        const { code, stdout, stderr } = await kubectl.run(
          [
            'patch',
            '--local',
            '-f',
            '-',
            '--type=strategic',
            '-p',
            JSON.stringify(patch),
            '-o',
            'json',
          ],
          JSON.stringify(pod),
        );
        // Setting the order of two empty lists is an error in kubectl only.
        fc.pre(!stderr.includes('no elements in any of the given slices'));
        if (code !== 0)
          return assert.throws(
            () => applyStrategicMergePatch(pod, patch, 'io.k8s.api.core.v1.Pod', MESSAGES),
            stderr,
          );
        assert.deepEqual(
          applyStrategicMergePatch(pod, patch, 'io.k8s.api.core.v1.Pod', MESSAGES),
          withoutLeftovers(JSON.parse(stdout)),
        );
      }),
      { numRuns: Number(process.env['PATCH_RUNS'] ?? 25) },
    );
  });
});
