// A namespace that goes isolates its pods to the end (CVE-2024-7598).
import assert from 'node:assert/strict';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import type { Pod } from '../../../pkg/apis/core/v1/types.js';
import {
  CONFIG_MAPS,
  NAMESPACES,
  NETWORK_POLICIES,
  PODS,
} from '../../../pkg/apis/resource-types.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';

describe('removal of a namespace', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  before(async () => (plane = await startControlPlane()));
  after(() => plane.stop());

  const isGone = (get: () => Promise<unknown>) => () =>
    get().then(
      () => false,
      (error: unknown) => isReason(error, 'NotFound'),
    );

  it('keeps network policies until the last pod has ended', async () => {
    const { client } = plane;
    const namespace = await plane.namespace();
    await client.create(NETWORK_POLICIES, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'nobody', namespace },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
    await client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'other', namespace },
    });
    const pod = await client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace },
      spec: {
        nodeName: 'node-without-a-kubelet',
        terminationGracePeriodSeconds: 3600,
        tolerations: [{ operator: 'Exists' }],
        containers: [{ name: 'c', image: 'x' }],
      },
    } as Pod);
    await plane.setReady(pod, true);
    await client.delete(NAMESPACES, { name: namespace });
    const at = (name: string) => ({ namespace, name });
    await eventually('the pod is asked to end', async () =>
      Boolean((await client.get(PODS, at('p'))).metadata.deletionTimestamp),
    );
    await eventually(
      'other objects go',
      isGone(() => client.get(CONFIG_MAPS, at('other'))),
    );
    const conditions = await eventually('the policy counts as remaining', async () => {
      const { status } = await client.get(NAMESPACES, { name: namespace });
      const remaining = status?.conditions?.find(
        ({ type }) => type === 'NamespaceContentRemaining',
      );
      return remaining?.message?.includes('networkpolicies') && remaining.message;
    });
    assert.match(conditions, /networkpolicies\.networking\.k8s\.io\. has 1 resource instances/);
    assert.ok(await client.get(NETWORK_POLICIES, at('nobody')));
    await client.delete(PODS, at('p'), { gracePeriodSeconds: 0 });
    await eventually(
      'the namespace goes',
      isGone(() => client.get(NAMESPACES, { name: namespace })),
    );
  });
});
