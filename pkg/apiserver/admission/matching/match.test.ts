import assert from 'node:assert/strict';
import type { ApiObject } from '../../../apimachinery/meta/object.js';
import type { ResourceFacts } from '../../../apimachinery/schema/facts.js';
import { RESOURCES } from '../../../apis/facts/resources.js';
import type { ResourceDefinition } from '../../resource/definition.js';
import type { ObjectReader } from '../../resource/reader.js';
import type { AdmissionRequest } from '../plugin.js';
import { matchRequest, type MatchCriteria } from './match.js';
import { kindOf } from './rules.js';

const definitionOf = (group: string, version: string, resource: string): ResourceDefinition => ({
  facts: RESOURCES.find(
    (one) => one.group === group && one.version === version && one.resource === resource,
  ) as ResourceFacts,
  schema: '',
});

const PODS = definitionOf('', 'v1', 'pods');
const NODES = definitionOf('', 'v1', 'nodes');
const NAMESPACES = definitionOf('', 'v1', 'namespaces');
const EVENTS = definitionOf('', 'v1', 'events');
const NEW_EVENTS = definitionOf('events.k8s.io', 'v1', 'events');
const DEPLOYMENTS = definitionOf('apps', 'v1', 'deployments');

const labelled = (labels: Record<string, string>): ApiObject => ({
  apiVersion: 'v1',
  kind: 'X',
  metadata: { name: 'x', labels },
});

const reader = {
  get: (_type: unknown, _namespace: string, name: string) =>
    name === 'red' ? labelled({ colour: 'red' }) : undefined,
} as unknown as ObjectReader;

const room = {
  reader,
  shapes: {
    equivalents: (resource: ResourceDefinition) =>
      resource === EVENTS ? [NEW_EVENTS] : resource === NEW_EVENTS ? [EVENTS] : [],
  },
};

const requestOf = (
  resource: ResourceDefinition,
  more: Partial<AdmissionRequest> = {},
): AdmissionRequest => ({
  operation: 'CREATE',
  resource,
  subresource: '',
  namespace: resource.facts.namespaced ? 'red' : '',
  name: 'x',
  context: {
    now: 0,
    user: { name: 'u', groups: [] },
    dryRun: false,
    random: { next: () => 0, uuid: () => '' },
  },
  warn: () => {},
  annotate: () => {},
  ...more,
});

const everything: MatchCriteria = {
  withoutRules: 'none',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  resourceRules: [
    { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'], scope: '*' },
  ],
};
const rule = (more: object) => ({
  ...everything,
  resourceRules: [{ ...everything.resourceRules![0], ...more }],
});
const selects = (criteria: MatchCriteria, request: AdmissionRequest): boolean =>
  matchRequest(criteria, request, room) !== undefined;

describe('matching of admission requests', () => {
  const status = requestOf(DEPLOYMENTS, { operation: 'UPDATE', subresource: 'status' });
  const cases: [string, MatchCriteria, AdmissionRequest, boolean][] = [
    ['every resource and part', everything, status, true],
    ['another operation', rule({ operations: ['CREATE', 'DELETE'] }), status, false],
    ['another group', rule({ apiGroups: ['', 'batch'] }), status, false],
    ['another version', rule({ apiVersions: ['v2'] }), status, false],
    ['a resource without its parts', rule({ resources: ['deployments'] }), status, false],
    ['* without parts', rule({ resources: ['*'] }), status, false],
    ['* without parts, whole object', rule({ resources: ['*'] }), requestOf(DEPLOYMENTS), true],
    ['all parts of a resource', rule({ resources: ['deployments/*'] }), status, true],
    // Upstream's splitResource leaves no part for the object itself, which '*' selects too.
    ['whole object', rule({ resources: ['deployments/*'] }), requestOf(DEPLOYMENTS), true],
    ['a part of every resource', rule({ resources: ['*/status'] }), status, true],
    ['another part', rule({ resources: ['*/scale', 'pods'] }), status, false],
    ['namespaced, in a namespace', rule({ scope: 'Namespaced' }), requestOf(PODS), true],
    ['namespaced, a node', rule({ scope: 'Namespaced' }), requestOf(NODES), false],
    ['cluster, a node', rule({ scope: 'Cluster' }), requestOf(NODES), true],
    ['cluster, a pod', rule({ scope: 'Cluster' }), requestOf(PODS), false],
    [
      'cluster, a namespace',
      rule({ scope: 'Cluster' }),
      requestOf(NAMESPACES, { namespace: 'red' }),
      true,
    ],
    [
      'namespaced, a namespace',
      rule({ scope: 'Namespaced' }),
      requestOf(NAMESPACES, { namespace: 'red' }),
      false,
    ],
    ['a name', rule({ resourceNames: ['y', 'x'] }), requestOf(PODS), true],
    ['another name', rule({ resourceNames: ['y'] }), requestOf(PODS), false],
    ['no rules', { ...everything, resourceRules: [] }, requestOf(PODS), false],
    [
      'a binding without rules',
      { ...everything, resourceRules: [], withoutRules: 'all' },
      requestOf(PODS),
      true,
    ],
    [
      'excluded',
      {
        ...everything,
        excludeResourceRules: [{ ...everything.resourceRules![0], resources: ['pods'] }],
      },
      requestOf(PODS),
      false,
    ],
    [
      'labels of the namespace',
      { ...everything, namespaceSelector: { matchLabels: { colour: 'red' } } },
      requestOf(PODS),
      true,
    ],
    [
      'other labels of the namespace',
      { ...everything, namespaceSelector: { matchLabels: { colour: 'blue' } } },
      requestOf(PODS),
      false,
    ],
    [
      'no namespace',
      { ...everything, namespaceSelector: { matchLabels: { colour: 'blue' } } },
      requestOf(NODES),
      true,
    ],
    [
      'new labels of a namespace',
      { ...everything, namespaceSelector: { matchLabels: { colour: 'blue' } } },
      requestOf(NAMESPACES, {
        operation: 'UPDATE',
        namespace: 'red',
        object: labelled({ colour: 'blue' }),
      }),
      true,
    ],
    [
      'stored labels of a namespace that is deleted',
      { ...everything, namespaceSelector: { matchLabels: { colour: 'blue' } } },
      requestOf(NAMESPACES, { operation: 'DELETE', namespace: 'red' }),
      false,
    ],
    [
      'labels of the new object',
      { ...everything, objectSelector: { matchLabels: { a: '1' } } },
      requestOf(PODS, { object: labelled({ a: '1' }) }),
      true,
    ],
    [
      'labels of the old object',
      { ...everything, objectSelector: { matchLabels: { a: '1' } } },
      requestOf(PODS, { object: labelled({}), oldObject: labelled({ a: '1' }) }),
      true,
    ],
    [
      'labels of neither object',
      { ...everything, objectSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
      requestOf(PODS, { object: labelled({}), oldObject: labelled({ b: '1' }) }),
      false,
    ],
    [
      'an object without metadata',
      { ...everything, objectSelector: { matchLabels: { a: '1' } } },
      requestOf(PODS, { object: { apiVersion: 'v1', kind: 'PodExecOptions' } as ApiObject }),
      false,
    ],
    [
      'no selector at all selects nothing',
      { resourceRules: everything.resourceRules!, withoutRules: 'none' },
      requestOf(PODS),
      false,
    ],
  ];
  for (const [name, criteria, request, expected] of cases)
    it(`${name}: ${expected}`, () => assert.equal(selects(criteria, request), expected));

  it('shows an object as an equivalent resource, its own first', () => {
    const onlyNew = rule({ apiGroups: ['events.k8s.io'], resources: ['events'] });
    assert.equal(matchRequest(onlyNew, requestOf(EVENTS), room), NEW_EVENTS);
    assert.equal(
      matchRequest({ ...onlyNew, matchPolicy: 'Exact' }, requestOf(EVENTS), room),
      undefined,
    );
    assert.equal(matchRequest(everything, requestOf(EVENTS), room), EVENTS);
  });

  it('reports a missing namespace only for requests that the rest selects', () => {
    const lost = requestOf(PODS, { namespace: 'lost' });
    const byNamespace = { namespaceSelector: { matchLabels: { colour: 'red' } } };
    assert.throws(() => selects({ ...everything, ...byNamespace }, lost), /"lost" not found/);
    assert.equal(selects({ ...rule({ resources: ['nodes'] }), ...byNamespace }, lost), false);
  });

  it('knows the kind of a part', () => {
    assert.deepEqual(kindOf(DEPLOYMENTS, 'scale'), {
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
    });
    assert.deepEqual(kindOf(DEPLOYMENTS, 'status'), {
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
    });
    assert.deepEqual(kindOf(PODS, 'exec'), { group: '', version: 'v1', kind: 'PodExecOptions' });
  });
});
