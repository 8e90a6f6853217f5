import assert from 'node:assert/strict';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
} from '../../apis/apiextensions/v1/types.js';
import { markForCleanup, plannedStatus, usedNames } from './status.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const NAMES = { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'FooList' };

function definition(
  names: CustomResourceDefinitionNames = NAMES,
  status?: CustomResourceDefinitionStatus,
  group = 'example.com',
): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${group}` },
    spec: { group, names, scope: 'Cluster', versions: [] },
    ...(status ? { status } : {}),
  };
}

const plan = (one: CustomResourceDefinition, ...held: CustomResourceDefinitionNames[]) =>
  plannedStatus(one, () => usedNames([one.status?.acceptedNames, ...held]), NOW);
const reasons = (status: CustomResourceDefinitionStatus | undefined) =>
  status?.conditions?.map(({ type, status: is, reason }) => `${type} ${is} ${reason}`);

describe('the status of a custom resource definition', () => {
  it('accepts names that are free, and is established at once', () => {
    const status = plan(definition({ ...NAMES, shortNames: ['f'], categories: ['all'] }));
    assert.deepEqual(status?.acceptedNames, { ...NAMES, shortNames: ['f'], categories: ['all'] });
    assert.deepEqual(reasons(status), [
      'NamesAccepted True NoConflicts',
      'Established True InitialNamesAccepted',
    ]);
    assert.equal(plan(definition(status!.acceptedNames!, status!)), undefined);
  });

  for (const [field, held, reason, message] of [
    ['plural', { plural: 'x', kind: 'X', singular: 'foos' }, 'PluralConflict', '"foos"'],
    ['singular', { plural: 'foo', kind: 'X' }, 'SingularConflict', '"foo"'],
    ['shortNames', { plural: 'x', kind: 'X', shortNames: ['f'] }, 'ShortNamesConflict', '"f"'],
    ['kind', { plural: 'x', kind: 'X', listKind: 'Foo' }, 'KindConflict', '"Foo"'],
    ['listKind', { plural: 'x', kind: 'FooList' }, 'ListKindConflict', '"FooList"'],
  ] as const) {
    it(`refuses a ${field} in use, and takes the other names`, () => {
      const wanted = { ...NAMES, shortNames: ['f'] };
      const status = plan(definition(wanted), held as CustomResourceDefinitionNames);
      assert.equal(reasons(status)?.[0], `NamesAccepted False ${reason}`);
      assert.equal(status?.conditions?.[0]?.message, `${message} is already in use`);
      assert.equal(reasons(status)?.[1], 'Established False NotAccepted');
      const { [field]: _, ...others } = wanted;
      for (const [name, value] of Object.entries(others))
        assert.deepEqual(status?.acceptedNames?.[name as 'plural'], value);
    });
  }

  it('keeps what is established although a later name is refused', () => {
    const status = plan(definition())!;
    const renamed = plan(definition({ ...NAMES, singular: 'bar' }, status), {
      plural: 'bar',
      kind: 'Bar',
    });
    assert.deepEqual(reasons(renamed), [
      'NamesAccepted False SingularConflict',
      'Established True InitialNamesAccepted',
    ]);
    assert.equal(renamed?.acceptedNames?.singular, 'foo');
  });

  it('moves the time of a condition with its status only', () => {
    const status = plan(definition())!;
    const old = status.conditions!.map((one) => ({
      ...one,
      lastTransitionTime: '2020-01-01T00:00:00Z',
    }));
    const next = plan(definition({ ...NAMES, shortNames: ['f'] }, { ...status, conditions: old }))!;
    assert.ok(
      next.conditions!.every(
        ({ lastTransitionTime }) => lastTransitionTime === '2020-01-01T00:00:00Z',
      ),
    );
  });

  for (const [annotation, condition] of [
    [undefined, 'False MissingAnnotation'],
    ['unapproved, mine', 'False UnapprovedAnnotation'],
    ['https://github.com/kubernetes/kubernetes/pull/1', 'True ApprovedAnnotation'],
    ['soon', 'False InvalidAnnotation'],
  ] as const) {
    it(`of a protected group says ${condition}`, () => {
      const one = definition(NAMES, undefined, 'mine.k8s.io');
      if (annotation) one.metadata.annotations = { 'api-approved.kubernetes.io': annotation };
      assert.equal(reasons(plan(one))?.[2], `KubernetesAPIApprovalPolicyConformant ${condition}`);
    });
  }

  it('is pending with the finalizer, once, when the definition is deleted', () => {
    const one = definition(NAMES, plan(definition())!);
    markForCleanup(one, { now: NOW });
    markForCleanup(one, { now: NOW });
    assert.deepEqual(one.metadata.finalizers, ['customresourcecleanup.apiextensions.k8s.io']);
    assert.equal(reasons(one.status)?.[2], 'Terminating True InstanceDeletionPending');
  });
});
