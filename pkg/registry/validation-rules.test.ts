// Validation of kinds beside pods and workloads. A row per rule: a change of a rich valid object,
// and the errors (field and the beginning of the text). Objects take the way of requests, so that
// zero values have their stored form.
import { deepStrictEqual, ok } from 'node:assert/strict';
import type { ApiObject } from '../apimachinery/meta/object.js';
import { decodeObject } from '../apimachinery/codec/strict.js';
import { MESSAGES } from '../apis/facts/messages.js';
import { loadExpressions } from '../apiserver/admission/expressions/load.js';
import type { RequestContext, ResourceDefinition } from '../apiserver/resource/definition.js';
import { createRegistry } from './registry.js';

const registry = createRegistry({
  serviceClusterIPRange: '10.100.0.0/16',
  nodePortRange: '30000-32767',
});
const context: RequestContext = {
  now: 0,
  user: { name: 'u', groups: [] },
  dryRun: false,
  random: { next: () => 0.5, uuid: () => 'u' },
};

/** base64 of a PEM block that holds the bytes. */
function pem(type: string, hex: string): string {
  const body = Buffer.from(hex, 'hex').toString('base64');
  return btoa(`-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`);
}

type Row = readonly [change: Record<string, unknown>, ...errors: string[]];

const webhook = {
  name: 'a.example.com',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { url: 'https://hook.example.com/check' },
  rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
};
const service = { service: { name: 'n', namespace: 'x', path: '/a/b' } };
const flow = {
  priorityLevelConfiguration: { name: 'p' },
  rules: [
    {
      subjects: [{ kind: 'User', user: { name: 'u' } }],
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/a/*'] }],
    },
  ],
};
const queue = { type: 'Queue', queuing: { queues: 8, handSize: 2, queueLengthLimit: 5 } };

const BODIES: Record<string, object> = {
  flowschemas: { spec: flow },
  prioritylevelconfigurations: { spec: { type: 'Limited', limited: { limitResponse: queue } } },
  ingresses: {
    spec: {
      rules: [
        {
          host: 'a.example.com',
          http: {
            paths: [
              {
                path: '/a',
                pathType: 'Prefix',
                backend: { service: { name: 's', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  },
  ingressclasses: { spec: { controller: 'example.com/c' } },
  networkpolicies: {
    spec: {
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }],
    },
  },
  clusterroles: { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } },
  storageclasses: {
    provisioner: 'example.com/p',
    allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }],
  },
  csidrivers: { spec: { tokenRequests: [{ audience: 'a', expirationSeconds: 600 }] } },
  csinodes: { spec: { drivers: [{ name: 'd.example.com', nodeID: 'n', topologyKeys: ['zone'] }] } },
  volumeattachments: {
    spec: { attacher: 'd.example.com', nodeName: 'n', source: { persistentVolumeName: 'p' } },
  },
  endpointslices: {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'], hints: { forZones: [{ name: 'a' }] } }],
    ports: [{ port: 80 }],
  },
  endpoints: { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] },
  validatingwebhookconfigurations: { webhooks: [webhook] },
  validatingadmissionpolicies: {
    spec: {
      matchConstraints: { resourceRules: webhook.rules },
      validations: [{ expression: 'true' }],
      auditAnnotations: [{ key: 'k', valueExpression: "'x'" }],
      variables: [{ name: 'v', expression: '1' }],
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    },
  },
  validatingadmissionpolicybindings: {
    spec: {
      policyName: 'p',
      validationActions: ['Deny'],
      paramRef: { name: 'c', parameterNotFoundAction: 'Deny' },
    },
  },
  persistentvolumes: {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      csi: { driver: 'd.example.com', volumeHandle: 'h' },
    },
  },
  persistentvolumeclaims: {
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      dataSource: { kind: 'PersistentVolumeClaim', name: 'other' },
    },
  },
  limitranges: {
    spec: {
      limits: [
        {
          type: 'Container',
          max: { cpu: '2' },
          min: { cpu: '100m' },
          maxLimitRequestRatio: { cpu: '10' },
        },
      ],
    },
  },
  resourcequotas: {
    spec: {
      hard: { pods: '1' },
      scopeSelector: {
        matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }],
      },
    },
  },
  nodes: {},
  namespaces: {},
  services: { spec: { ports: [{ port: 80, protocol: 'TCP' }], selector: { a: 'b' } } },
  secrets: { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': '{}' } },
  serviceaccounts: {},
  runtimeclasses: { handler: 'runc' },
  certificatesigningrequests: {
    spec: { request: pem('CERTIFICATE REQUEST', '30020500'), signerName: 'a.b/c', usages: ['any'] },
  },
};

const RULES: Record<string, readonly Row[]> = {
  certificatesigningrequests: [
    [
      { 'spec.request': pem('CERTIFICATE', '3000') },
      'spec.request: Invalid value: []byte{}: PEM block type must be CERTIFICATE REQUEST',
    ],
    [
      { 'spec.request': pem('CERTIFICATE REQUEST', '30820005') },
      'spec.request: Invalid value: []byte{}: asn1: syntax error: data truncated',
    ],
    [
      { 'spec.request': pem('CERTIFICATE REQUEST', '300000') },
      'spec.request: Invalid value: []byte{}: asn1: syntax error: trailing data',
    ],
    [
      { 'spec.signerName': 'plain/c' },
      'spec.signerName: Invalid value: "plain": should be a domain with at least two segments',
    ],
    [
      { 'spec.signerName': 'a.B/c' },
      'spec.signerName: Invalid value: "a.B": validating label "B": a lowercase RFC 1123 label',
    ],
    [{ 'spec.usages': ['any', 'any'] }, 'spec.usages[1]: Duplicate value: "any"'],
  ],
  services: [
    [
      { 'spec.ports.1': { port: 80, protocol: 'TCP', name: 'x' }, 'spec.ports.0.name': 'y' },
      'spec.ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP"',
    ],
    [
      { 'spec.internalTrafficPolicy': 'Node' },
      'spec.internalTrafficPolicy: Unsupported value: "Node"',
    ],
  ],
  secrets: [
    [
      { stringData: { '.dockerconfigjson': '{x}' } },
      'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character \'x\' looking for beginning of object key string',
    ],
  ],
  flowschemas: [
    [
      { 'spec.matchingPrecedence': 1 },
      "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt'",
    ],
    [
      { 'spec.rules.0.subjects.0.group': { name: 'g' } },
      "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
    ],
    [
      { 'spec.rules.0.subjects.0.kind': 'Group' },
      "spec.rules[0].subjects[0].group: Required value: group is required when subject kind is 'Group'",
      "spec.rules[0].subjects[0].user: Forbidden: user is forbidden when subject kind is not 'User'",
    ],
    [
      { 'spec.rules.0.nonResourceRules.0.nonResourceURLs': ['/a*'] },
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a*": wildcard can only',
    ],
    [
      { 'spec.rules.0.nonResourceRules.0.verbs': ['get', 'look'] },
      'spec.rules[0].nonResourceRules[0].verbs: Unsupported value: []string{"get", "look"}: supported values: "create", "delete"',
    ],
    [
      {
        'spec.rules.0.resourceRules': [
          { verbs: ['*'], apiGroups: ['*', 'apps'], resources: ['*'], namespaces: ['A'] },
        ],
      },
      'spec.rules[0].resourceRules[0].apiGroups: Invalid value: []string{"*", "apps"}: if \'*\' is present',
      'spec.rules[0].resourceRules[0].namespaces[0]: Invalid value: "A": each member of this list',
    ],
    [
      { 'metadata.name': 'catch-all' },
      "spec: Invalid value: flowcontrol.FlowSchemaSpec{}: spec of 'catch-all' must equal",
    ],
  ],
  prioritylevelconfigurations: [
    [
      { 'spec.limited.limitResponse.queuing.handSize': 9 },
      'spec.limited.limitResponse.queuing.handSize: Invalid value: 9: should not be greater than queues (8)',
    ],
    [
      {
        'spec.limited.limitResponse.queuing.queues': 1_000_000,
        'spec.limited.limitResponse.queuing.handSize': 4,
      },
      'spec.limited.limitResponse.queuing.handSize: Invalid value: 4: required entropy bits of deckSize 1000000',
    ],
    [
      { 'spec.limited.lendablePercent': 101 },
      'spec.limited.lendablePercent: Invalid value: 101: must be between',
    ],
    [
      { 'spec.type': 'Exempt' },
      'spec.exempt: Required value: must not be empty if type is Exempt',
      'spec.limited: Forbidden: must be nil if the type is not Limited',
      "spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'",
    ],
    [{ 'spec.limited.limitResponse.queuing.queues': 0 }],
  ],
  ingresses: [
    [
      { 'spec.rules.0.host': '10.0.0.1' },
      'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name',
    ],
    [
      { 'spec.rules.0.http.paths.0.path': '/a/../b//c/..' },
      'spec.rules[0].http.paths[0].path: Invalid value: "/a/../b//c/..": cannot end with \'/..\'',
      'spec.rules[0].http.paths[0].path: Invalid value: "/a/../b//c/..": must not contain \'/../\'',
      'spec.rules[0].http.paths[0].path: Invalid value: "/a/../b//c/..": must not contain \'//\'',
    ],
    [
      { 'spec.rules.0.http.paths.0.backend': { resource: { kind: 'a/b', name: 'c%' } } },
      'spec.rules[0].http.paths[0].backend.resource.kind: Invalid value: "a/b": may not contain \'/\'',
      'spec.rules[0].http.paths[0].backend.resource.name: Invalid value: "c%": may not contain \'%\'',
    ],
    [
      {
        'metadata.annotations': { 'kubernetes.io/ingress.class': 'a' },
        'spec.ingressClassName': 'b',
      },
      'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName`',
    ],
    [
      { 'spec.tls': [{ secretName: 'A' }] },
      'spec.tls[0].secretName: Invalid value: "A": a lowercase RFC 1123',
    ],
  ],
  ingressclasses: [
    [
      { 'spec.controller': 'plain' },
      'spec.controller: Invalid value: "plain": must be a domain-prefixed path',
    ],
    [
      { 'spec.controller': 'a.b/x y' },
      'spec.controller: Invalid value: "x y": Invalid path (regex',
    ],
    [
      { 'spec.parameters': { kind: 'K', name: 'n', namespace: 'ns' } },
      "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
    ],
  ],
  networkpolicies: [
    [
      { 'spec.ingress.0.from.0.ipBlock.except': ['10.0.0.0/8', '11.0.0.0/16', '10.2.0.0/16'] },
      'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset',
      'spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: "11.0.0.0/16": must be a strict subset',
    ],
    [
      { 'spec.ingress.0.ports': [{ endPort: 90 }, { port: 'http', endPort: 90 }] },
      'spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is not specified',
      'spec.ingress[0].ports[1].endPort: Invalid value: 90: may not be specified when `port` is non-numeric',
    ],
    [
      { 'spec.policyTypes': ['Ingress', 'Egress', 'Ingress'] },
      'spec.policyTypes: Invalid value: []string{"Ingress", "Egress", "Ingress"}: may not specify more than two',
    ],
  ],
  clusterroles: [
    [
      { 'aggregationRule.clusterRoleSelectors.0.matchLabels': { a: '-' } },
      'aggregationRule.clusterRoleSelectors[0]: Invalid value: "null": invalid label selector.',
      'aggregationRule.clusterRoleSelectors[0].matchLabels: Invalid value: "-": a valid label',
    ],
  ],
  storageclasses: [
    [
      { 'allowedTopologies.0.matchLabelExpressions.0.values': ['a', 'a'] },
      'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
    ],
    [
      { 'allowedTopologies.1': { matchLabelExpressions: [{ key: 'zone', values: ['a'] }] } },
      'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
    ],
    [{ parameters: { '': 'x' } }, 'parameters: Invalid value: "": field can not be empty.'],
  ],
  csidrivers: [
    [
      { 'spec.tokenRequests.1': { audience: 'a' } },
      'spec.tokenRequests[1].audience: Duplicate value: "a"',
    ],
    [
      { 'spec.tokenRequests.0.expirationSeconds': 2 ** 32 + 1 },
      'spec.tokenRequests[0].expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32',
    ],
  ],
  csinodes: [
    [
      { 'spec.drivers.0.allocatable': { count: -1 } },
      'spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0',
    ],
    [{ 'spec.drivers.0.topologyKeys': ['z', 'z'] }, 'spec.drivers[0]: Duplicate value: "z"'],
    [
      { 'spec.drivers.0.name': `${'a'.repeat(64)}` },
      'spec.drivers[0].name: Too long: may not be more than 63 bytes',
    ],
  ],
  volumeattachments: [
    [
      { 'spec.source': { inlineVolumeSpec: { capacity: {} } } },
      'spec.source.inlineVolumeSpec.csi: Required value: must specify a CSI volume source',
    ],
    [{ 'spec.source': {} }, 'spec.source: Required value: must specify exactly one'],
  ],
  endpointslices: [
    [{ 'ports.0.port': 0 }],
    [
      { 'endpoints.0.addresses': ['::1'] },
      'endpoints[0].addresses[0]: Invalid value: "::1": may not be in the loopback',
      'endpoints[0].addresses[0]: Invalid value: "::1": must be a valid IPv4 address',
    ],
    [
      { 'endpoints.0.hints.forZones': Array.from({ length: 9 }, (_, i) => ({ name: `z${i}` })) },
      'endpoints[0].hints.forZones: Too many: 9: must have at most 8 items',
    ],
  ],
  endpoints: [
    [
      { 'subsets.0.addresses.0.ip': '169.254.1.1' },
      'subsets[0].addresses[0].ip: Invalid value: "169.254.1.1": may not be in the link-local range',
    ],
  ],
  validatingwebhookconfigurations: [
    [
      { 'webhooks.0.rules.0.resources': ['pods/*', 'pods/status', '*/scale', 'x/scale', '*', 'y'] },
      'webhooks[0].rules[0].resources: Invalid value: []string{"pods/*", "pods/status", "*/scale", "x/scale", "*", "y"}: if \'*\' is present, must not specify other resources without subresources',
      'webhooks[0].rules[0].resources[1]: Invalid value: "pods/status": if \'pods/*\' is present, must not specify pods/status',
      'webhooks[0].rules[0].resources[3]: Invalid value: "x/scale": if \'*/scale\' is present, must not specify x/scale',
    ],
    [
      { 'webhooks.0.clientConfig.url': 'http://u@/p?q=1#f' },
      'webhooks[0].clientConfig.url: Invalid value: "": host must be specified',
      'webhooks[0].clientConfig.url: Invalid value: "f": fragments are not permitted',
      'webhooks[0].clientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme',
      'webhooks[0].clientConfig.url: Invalid value: "q=1": query parameters are not permitted',
      'webhooks[0].clientConfig.url: Invalid value: "u": user information is not permitted',
    ],
    [
      { 'webhooks.0.clientConfig': { url: 'https://a:b/' } },
      'webhooks[0].clientConfig.url: Required value: url must be a valid URL: parse "https://a:b/": invalid port ":b" after host',
    ],
    [
      { 'webhooks.0.clientConfig': { service: { ...service.service, path: '/a//B' } } },
      'webhooks[0].clientConfig.service.path: Invalid value: "/a//B": segment[1] may not be empty',
      'webhooks[0].clientConfig.service.path: Invalid value: "/a//B": segment[2]: a lowercase RFC 1123',
    ],
    [
      {
        'webhooks.0.matchConditions': [
          { name: 'a', expression: ' ' },
          { name: 'a', expression: 'true' },
        ],
      },
      'webhooks[0].matchConditions[0].expression: Required value',
      'webhooks[0].matchConditions[1].name: Duplicate value: "a"',
    ],
  ],
  validatingadmissionpolicies: [
    [
      { 'spec.variables.0.name': 'in' },
      'spec.variables[0].name: Invalid value: "in": name is not a valid CEL identifier',
    ],
    [
      { 'spec.validations.0.message': 'a\nb' },
      'spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks',
    ],
    [
      { 'spec.paramKind.apiVersion': 'a/b/c' },
      'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
    ],
    [
      {
        'spec.matchConstraints.excludeResourceRules': [
          { ...webhook.rules[0], resourceNames: ['a', 'a'] },
        ],
      },
      'spec.matchConstraints.excludeResourceRules[0].resourceNames[1]: Duplicate value: "a"',
    ],
    [
      { 'spec.auditAnnotations.0.key': 'a/b' },
      'spec.auditAnnotations[0].key: Invalid value: "sample/a/b": a qualified name',
    ],
  ],
  validatingadmissionpolicybindings: [
    [
      { 'spec.paramRef.selector': {} },
      'spec.paramRef.name: Forbidden: name and selector are mutually exclusive',
      'spec.paramRef.selector: Forbidden: name and selector are mutually exclusive',
    ],
    [
      { 'spec.paramRef.name': '' },
      'spec.paramRef: Required value: one of name or selector must be specified',
    ],
  ],
  persistentvolumes: [
    [
      { 'spec.csi.nodeExpandSecretRef': { name: 'n' } },
      'spec.csi.nodeExpandSecretRef.namespace: Required value',
    ],
    [
      { 'spec.csi': undefined, 'spec.local': { path: '/a/../b' } },
      'spec.local.path: Invalid value: "/a/../b": must not contain \'..\'',
      'spec.nodeAffinity: Required value: Local volume requires node affinity',
    ],
    [
      { 'spec.nfs': { server: 's', path: '/x' } },
      'spec.nfs: Forbidden: may not specify more than 1 volume type',
    ],
    [
      {
        'spec.csi': undefined,
        'spec.hostPath': { path: '/' },
        'spec.persistentVolumeReclaimPolicy': 'Recycle',
      },
      "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle'",
    ],
  ],
  persistentvolumeclaims: [
    [{ 'spec.dataSource': { kind: 'Widget', apiGroup: 'example.com', name: 'w' } }],
    [
      { 'spec.dataSource': undefined, 'spec.dataSourceRef': { kind: 'Widget', name: 'w' } },
      'spec.dataSource: Invalid value: "Widget": must be \'PersistentVolumeClaim\' when',
      'spec.dataSourceRef: Invalid value: "Widget": must be \'PersistentVolumeClaim\' when',
    ],
    [
      { 'spec.dataSourceRef': { kind: 'PersistentVolumeClaim', name: 'third' } },
      'spec: Invalid value: spec.dataSource: must match dataSourceRef',
    ],
  ],
  limitranges: [
    [
      { 'spec.limits.0.min.cpu': '1', 'spec.limits.0.maxLimitRequestRatio.cpu': '3' },
      'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: resource.Quantity{s:"3"}: ratio 3 is greater than max/min = 2.000000',
    ],
    [
      { 'spec.limits.0.default': { cpu: '3' } },
      'spec.limits[0].default[cpu]: Invalid value: resource.Quantity{s:"3"}: default value 3 is greater than max value 2',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: resource.Quantity{s:"3"}: default request value 3 is greater than max value 2',
    ],
    [{ 'spec.limits.0.type': 'example.com/thing' }],
  ],
  resourcequotas: [
    [
      { 'spec.scopeSelector.matchExpressions.0.scopeName': 'BestEffort' },
      'spec.scopeSelector.matchExpressions.operator: Invalid value: "In": must be \'Exist\' when scope',
    ],
    [
      { 'spec.scopeSelector.matchExpressions.0.operator': 'Exists' },
      'spec.scopeSelector.matchExpressions.values: Invalid value: []string{"high"}: must be no value when',
    ],
    [
      { 'spec.hard': { services: '1', storage: '1' } },
      'spec.hard[storage]: Invalid value: storage: must be a standard resource for quota',
      'spec.scopeSelector.matchExpressions: Invalid value: core.ScopeSelector{}: unsupported scope applied to resource',
    ],
  ],
  nodes: [
    [
      { 'spec.podCIDRs': ['10.0.0.0/24', 'fd00::/64', '10.0.1.0/24'] },
      'spec.podCIDRs: Invalid value: []string{"10.0.0.0/24", "fd00::/64", "10.0.1.0/24"}: may specify no more than one',
    ],
  ],
  namespaces: [
    [
      { 'metadata.finalizers': ['mine'] },
      'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ],
  ],
};

function changed(object: ApiObject, change: Record<string, unknown>): ApiObject {
  for (const [path, value] of Object.entries(change)) {
    const keys = path.startsWith('metadata.annotations')
      ? ['metadata', 'annotations']
      : path.split('.');
    let target = object as unknown as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) target = (target[key] ??= {}) as Record<string, unknown>;
    target[keys.at(-1)!] = structuredClone(value);
  }
  return object;
}

function objectOf(definition: ResourceDefinition, change: Record<string, unknown>): ApiObject {
  const { facts, schema } = definition;
  const body = structuredClone({
    apiVersion: facts.group ? `${facts.group}/${facts.version}` : facts.version,
    kind: facts.kind,
    metadata: { name: 'sample', ...(facts.namespaced ? { namespace: 'default' } : {}) },
    ...BODIES[facts.resource],
  }) as unknown as ApiObject;
  const text = JSON.stringify(changed(body, change));
  const { object } = decodeObject<ApiObject>(JSON.parse(text), schema, MESSAGES, 'Strict');
  definition.defaults?.(object);
  definition.prepareCreate?.(object, context);
  definition.allocate?.(object, undefined, { ...context, isFree: () => true });
  return object;
}

function complaints(definition: ResourceDefinition, change: Record<string, unknown>): string[] {
  const object = objectOf(definition, change);
  return [...(definition.validate?.(object) ?? []), ...(definition.validateCreate?.(object) ?? [])]
    .map(({ field, message }) => `${field}: ${message}`)
    .toSorted();
}

describe('validation rules', () => {
  before(loadExpressions);
  for (const [resource, rows] of Object.entries(RULES)) {
    const definition = registry.find(({ facts }) => facts.resource === resource);
    it(`${resource}: takes the sample`, () => {
      ok(definition);
      deepStrictEqual(complaints(definition, {}), []);
    });
    for (const [change, ...errors] of rows) {
      it(`${resource}: ${JSON.stringify(change)}`, () => {
        const wanted = errors.toSorted();
        const found = complaints(definition!, change);
        deepStrictEqual(
          found.map((text, index) =>
            text.startsWith(wanted[index] ?? ' ') ? wanted[index] : text,
          ),
          wanted,
        );
      });
    }
  }
});

const WARNINGS: readonly (readonly [
  resource: string,
  change: Record<string, unknown>,
  ...texts: string[],
])[] = [
  ['services', {}],
  [
    'services',
    { 'spec.type': 'LoadBalancer', 'spec.loadBalancerIP': '10.0.0.256' },
    'spec.loadBalancerIP: IP address was accepted, but will be invalid in a future Kubernetes release: ParseAddr("10.0.0.256"): IPv4 field has value >255',
  ],
  [
    'services',
    { 'spec.externalIPs': ['2001:DB8::1'] },
    'spec.externalIPs[0]: IPv6 address "2001:DB8::1" is not in RFC 5952 canonical format ("2001:db8::1"), which may cause controller apply-loops',
  ],
  [
    'services',
    { 'spec.clusterIP': 'None', 'spec.loadBalancerIP': '10.0.0.1' },
    'spec.loadBalancerIP is ignored for headless services',
  ],
  [
    'services',
    { 'spec.externalName': 'a.example.com' },
    'spec.externalName is ignored when spec.type is not "ExternalName"',
  ],
  [
    'persistentvolumes',
    { 'spec.csi': undefined, 'spec.rbd': { monitors: ['m'], image: 'i' } },
    'spec.rbd: deprecated in v1.28, non-functional in v1.31+',
  ],
  [
    'persistentvolumeclaims',
    { 'spec.resources.requests.storage': '1500m' },
    'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
  ],
  [
    'storageclasses',
    { 'allowedTopologies.0.matchLabelExpressions.0.key': 'beta.kubernetes.io/os' },
    'allowedTopologies[0].matchLabelExpressions[0].key: deprecated since v1.14; use "kubernetes.io/os" instead',
  ],
  [
    'nodes',
    { 'spec.externalID': 'x' },
    'spec.externalID: this field is deprecated, and is unused by Kubernetes',
  ],
  [
    'secrets',
    { type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'x', 'tls.key': 'y' } },
    'tls: failed to find any PEM data in certificate input',
  ],
  [
    'serviceaccounts',
    { 'metadata.annotations': { 'kubernetes.io/enforce-mountable-secrets': 'true' } },
    'metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets',
  ],
  [
    'ingresses',
    { 'metadata.annotations': { 'kubernetes.io/ingress.class': 'a' } },
    'annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead',
  ],
  [
    'runtimeclasses',
    { scheduling: { nodeSelector: { 'beta.kubernetes.io/arch': 'x' } } },
    'scheduling.nodeSelector: deprecated since v1.14; use "kubernetes.io/arch" instead',
  ],
];

describe('warnings of kinds beside pods', () => {
  for (const [resource, change, ...texts] of WARNINGS) {
    it(`${resource}: ${JSON.stringify(change)}`, () => {
      const definition = registry.find(({ facts }) => facts.resource === resource)!;
      deepStrictEqual(definition.warnings?.(objectOf(definition, change)), texts);
    });
  }
});
