import { strict as assert } from 'node:assert';
import * as types from '../apis/resource-types.js';
import { pod, refused, setup } from '../../test/support/admission-plugin.js';

describe('ResourceQuota', () => {
  it('counts objects of every resource that is stored in namespaces', async () => {
    const { reader, admit } = setup('ResourceQuota');
    const hard = {
      'count/leases.coordination.k8s.io': '1',
      'count/roles.rbac.authorization.k8s.io': '0',
      'count/events': '0',
      secrets: '0',
    };
    reader.set(types.RESOURCE_QUOTAS, {
      metadata: { namespace: 'shop', name: 'q' },
      spec: { hard },
    });
    const object = { metadata: { name: 'x', namespace: 'shop' } };
    await admit({ resource: 'leases', group: 'coordination.k8s.io', object });
    for (const [resource, group, name, bound, used] of [
      ['leases', 'coordination.k8s.io', 'count/leases.coordination.k8s.io', 1, 1],
      ['roles', 'rbac.authorization.k8s.io', 'count/roles.rbac.authorization.k8s.io', 0, 0],
      ['secrets', '', 'secrets', 0, 0],
    ] as const)
      await assert.rejects(
        admit({ resource, group, object: { metadata: { name: 'y', namespace: 'shop' } } }),
        refused(
          403,
          `${resource}${group && `.${group}`} "y" is forbidden: exceeded quota: q, requested: ${name}=1, used: ${name}=${used}, limited: ${name}=${bound}`,
        ),
      );
    await admit({ resource: 'events', object });
    await admit({
      resource: 'leases',
      group: 'coordination.k8s.io',
      operation: 'UPDATE',
      object,
      oldObject: object,
    });
  });

  it('limits pods whose affinity looks into other namespaces', async () => {
    const { reader, admit } = setup('ResourceQuota');
    reader.set(types.RESOURCE_QUOTAS, {
      metadata: { namespace: 'shop', name: 'far' },
      spec: {
        hard: { pods: '0' },
        scopeSelector: {
          matchExpressions: [{ scopeName: 'CrossNamespacePodAffinity', operator: 'Exists' }],
        },
      },
    });
    const near = { topologyKey: 'zone' };
    const reach = (where: string, when: string, term: object) =>
      pod({
        containers: [{ name: 'c' }],
        affinity: {
          [where]: {
            [`${when}DuringSchedulingIgnoredDuringExecution`]: [
              when === 'preferred' ? { weight: 1, podAffinityTerm: term } : term,
            ],
          },
        },
      });
    for (const where of ['podAffinity', 'podAntiAffinity'])
      for (const when of ['preferred', 'required']) {
        await admit({ object: reach(where, when, near) });
        for (const far of [{ namespaces: ['x'] }, { namespaceSelector: {} }])
          await assert.rejects(
            admit({ object: reach(where, when, { ...near, ...far }) }),
            refused(403, /exceeded quota: far, requested: pods=1, used: pods=0, limited: pods=0$/),
          );
      }
  });

  it('counts stored objects and admitted ones that are not stored yet', async () => {
    const { env, reader, admit } = setup('ResourceQuota');
    reader.set(types.RESOURCE_QUOTAS, {
      metadata: { namespace: 'shop', name: 'q' },
      spec: { hard: { pods: '2', 'requests.cpu': '1' } },
    });
    const asking = (name: string, cpu = '300m') =>
      pod({ containers: [{ name: 'c', resources: { requests: { cpu } } }] }, { name });
    await assert.rejects(
      admit({ object: pod() }),
      refused(403, 'pods "web" is forbidden: failed quota: q: must specify requests.cpu for: c'),
    );
    await assert.rejects(
      admit({ object: asking('big', '2') }),
      refused(
        403,
        'pods "big" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1',
      ),
    );
    await admit({ object: asking('a') });
    await admit({ object: asking('b') });
    await assert.rejects(
      admit({ object: asking('c') }),
      refused(403, /exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2/),
      'neither pod is stored yet',
    );
    reader.set(types.PODS, { ...asking('a') });
    await env.clock.advance(10_000);
    await admit({ object: asking('c') });
    reader.set(types.PODS, { ...asking('c') });
    await assert.rejects(admit({ object: asking('d') }), refused(403, /used: pods=2/));
    reader.set(types.PODS, { ...asking('a'), status: { phase: 'Succeeded' } });
    await admit({ object: asking('d') });
    await admit({ resource: 'services', object: { metadata: { name: 's' }, spec: {} } });
  });
});
