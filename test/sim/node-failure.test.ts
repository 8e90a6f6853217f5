// A control plane that hears from no node suspects its own network, and stops no pod (upstream:
// full disruption). A node that is silent while others are heard from is evicted.
import assert from 'node:assert/strict';
import { DEPLOYMENTS, PODS } from '../../pkg/apis/resource-types.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import { Cluster } from './cluster.js';

/** Longer than the spread of the moments at which the nodes are found silent. */
const TOLERATION_SECONDS = 30;
const CUT_MS = 600_000;

const tolerations = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: TOLERATION_SECONDS,
}));

describe('a simulated cluster', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let before: string[] = [];

  const pods = async () => {
    const { items } = await cluster.during(
      cluster.client.list<Pod>(PODS, { namespace: 'default' }),
    );
    return items;
  };
  const uids = async () => (await pods()).map(({ metadata }) => metadata.uid!).sort();
  const isEachReady = async () =>
    (await pods()).every(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    );
  const part = (names: readonly string[], partitioned: boolean) => {
    for (const { name, process } of cluster.nodes) {
      if (!names.includes(name)) continue;
      process.link!.partitioned = partitioned;
      process.link!.cutAll();
    }
  };

  beforeEach(async () => {
    cluster = new Cluster({ seed: 7, servers: 1, nodes: 3 });
    await cluster.start();
    await cluster.advance(30_000);
    const labels = { app: 'web' };
    await cluster.during(
      cluster.client.create(DEPLOYMENTS, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: 'default' },
        spec: {
          replicas: 6,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { tolerations, containers: [{ name: 'web', image: 'web:1' }] },
          },
        },
      } as never),
    );
    await cluster.advance(60_000);
    before = await uids();
    assert.equal(before.length, 6);
    assert.ok(await isEachReady());
  });
  afterEach(() => cluster.stop());

  it('keeps the pods of all nodes while it hears from none', async () => {
    const all = cluster.nodes.map(({ name }) => name);
    part(all, true);
    await cluster.advance(CUT_MS);
    assert.equal(await isEachReady(), false);
    assert.deepEqual(await uids(), before);
    part(all, false);
    await cluster.advance(120_000);
    assert.deepEqual(await uids(), before);
    assert.ok(await isEachReady());
  });

  it('replaces the pods of a node that alone is silent', async () => {
    part([cluster.nodes[0]!.name], true);
    await cluster.advance(CUT_MS);
    const kept = (await pods()).filter(({ metadata }) => !metadata.deletionTimestamp);
    assert.equal(kept.length, 6);
    assert.deepEqual(
      kept.filter(({ spec }) => spec.nodeName === cluster.nodes[0]!.name),
      [],
    );
  });
});
