import assert from 'node:assert/strict';
import type { Namespace, NamespaceCondition } from '../../apis/core/v1/types.js';
import { CONFIG_MAPS, DEPLOYMENTS } from '../../apis/resource-types.js';
import { planRootCa } from '../rootcacertpublisher/plan.js';
import { missingServiceAccounts } from '../serviceaccount/plan.js';
import {
  isEmptied,
  needsFinalizing,
  planConditions,
  podGraceMs,
  type EmptyingResult,
} from './plan.js';

const NOW = Date.UTC(2026, 0, 2);
const EMPTY: EmptyingResult = { discoveryFailures: [], deletionFailures: [], remaining: [] };

const namespace = (deleting = false, finalizers = ['kubernetes']): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'ns', ...(deleting ? { deletionTimestamp: 'now' } : {}) },
  spec: { finalizers },
});
const show = (conditions: readonly NamespaceCondition[]): string[] =>
  conditions
    .filter(({ status }) => status === 'True')
    .map(({ message, reason }) => `${reason}: ${message}`);

describe('namespace plan', () => {
  it('reports remaining objects and finalizers', () => {
    const result: EmptyingResult = {
      discoveryFailures: ['metrics.k8s.io/v1: unreachable'],
      deletionFailures: ['no'],
      remaining: [
        { type: DEPLOYMENTS, count: 1, finalizers: {} },
        { type: CONFIG_MAPS, count: 2, finalizers: { 'example.com/hold': 2 } },
      ],
    };
    assert.deepEqual(show(planConditions([], result, NOW)), [
      'DiscoveryFailed: Discovery failed for some groups, 1 failing: metrics.k8s.io/v1: unreachable',
      'ContentDeletionFailed: Failed to delete all resource types, 1 remaining: no',
      'SomeResourcesRemain: Some resources are remaining: configmaps. has 2 resource instances, deployments.apps. has 1 resource instances',
      'SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 2 resource instances',
    ]);
    assert.equal(isEmptied(result), false);
  });

  it('updates only changed conditions, and keeps the transition time of the others', () => {
    const first = planConditions([], EMPTY, NOW);
    assert.equal(planConditions(first, EMPTY, NOW + 5000), first);
    const held = planConditions(
      first,
      { ...EMPTY, remaining: [{ type: CONFIG_MAPS, count: 2, finalizers: {} }] },
      NOW + 5000,
    );
    const less = planConditions(
      held,
      { ...EMPTY, remaining: [{ type: CONFIG_MAPS, count: 1, finalizers: {} }] },
      NOW + 9000,
    );
    const remaining = less.find(({ type }) => type === 'NamespaceContentRemaining');
    assert.equal(remaining?.lastTransitionTime, '2026-01-02T00:00:05Z');
    assert.equal(
      isEmptied({ ...EMPTY, remaining: [{ type: CONFIG_MAPS, count: 0, finalizers: {} }] }),
      true,
    );
  });

  it('finalizes only terminating namespaces with the kubernetes finalizer', () => {
    assert.deepEqual(
      [
        needsFinalizing(namespace()),
        needsFinalizing(namespace(true)),
        needsFinalizing(namespace(true, ['other'])),
      ],
      [false, true, false],
    );
  });

  it('waits for the longest grace period', () => {
    const pod = (grace: number, left?: number) => ({
      apiVersion: 'v1' as const,
      kind: 'Pod' as const,
      metadata: { name: 'p', ...(left === undefined ? {} : { deletionGracePeriodSeconds: left }) },
      spec: { containers: [], terminationGracePeriodSeconds: grace },
    });
    assert.equal(podGraceMs([pod(30, 5), pod(10)]), 10_000);
    assert.equal(podGraceMs([]), 0);
  });
});

describe('contents of every namespace', () => {
  it('a default service account, unless the namespace is terminating', () => {
    assert.deepEqual(missingServiceAccounts(namespace(), []), ['default']);
    assert.deepEqual(
      missingServiceAccounts(namespace(), [
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } },
      ]),
      [],
    );
    assert.deepEqual(missingServiceAccounts(namespace(true), []), []);
    assert.deepEqual(missingServiceAccounts(undefined, []), []);
  });

  it('the root CA, restored without removing keys of others', () => {
    const made = planRootCa(namespace(), undefined, 'CA')!;
    assert.deepEqual(
      [made.metadata.name, made.metadata.namespace, made.data],
      ['kube-root-ca.crt', 'ns', { 'ca.crt': 'CA' }],
    );
    assert.equal(planRootCa(namespace(), made, 'CA'), undefined);
    const labelled = {
      ...made,
      metadata: { ...made.metadata, labels: { mine: 'x' }, resourceVersion: '7' },
    };
    assert.deepEqual(planRootCa(namespace(), labelled, 'NEW'), {
      ...labelled,
      data: { 'ca.crt': 'NEW' },
    });
    assert.equal(planRootCa(namespace(true), undefined, 'CA'), undefined);
  });
});
