// Validation errors in upstream's words. A row per rule: the change that makes a valid sample
// invalid, and the error.
import { deepStrictEqual, ok } from 'node:assert/strict';
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { RequestContext, ResourceDefinition } from '../apiserver/resource/definition.js';
import { createRegistry } from './registry.js';
import { sampleOf } from './samples.test.js';

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

/** Sets 'a.b[0].c' to a value; undefined deletes the field. */
type Change = Record<string, unknown>;

function find(resource: string): ResourceDefinition {
  const definition = registry.find(({ facts }) => facts.resource === resource);
  ok(definition);
  return definition;
}

function apply(object: ApiObject, change: Change): ApiObject {
  for (const [path, value] of Object.entries(change)) {
    const keys = path.split('.');
    let target = object as unknown as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) target = (target[key] ??= {}) as Record<string, unknown>;
    const last = keys.at(-1) ?? '';
    if (value === undefined) delete target[last];
    else target[last] = structuredClone(value);
  }
  return object;
}

function prepared(definition: ResourceDefinition, change: Change): ApiObject {
  const sample = sampleOf(definition.facts);
  ok(sample);
  const object = apply(sample, change);
  definition.defaults?.(object);
  definition.prepareCreate?.(object, context);
  definition.allocate?.(object, undefined, { ...context, isFree: () => true });
  return object;
}

const texts = (errors: { field: string; message: string }[] | undefined): string[] =>
  (errors ?? []).map(({ field, message }) => `${field}: ${message}`);

function complaints(resource: string, change: Change): string[] {
  const definition = find(resource);
  const object = prepared(definition, change);
  return [...texts(definition.validate?.(object)), ...texts(definition.validateCreate?.(object))];
}

function updateComplaints(resource: string, before: Change, after: Change): string[] {
  const definition = find(resource);
  const old = prepared(definition, before);
  const next = apply(structuredClone(old), after);
  definition.defaults?.(next);
  definition.prepareUpdate?.(next, old, context);
  return texts(definition.validateUpdate?.(next, old));
}

const LABEL = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`;
const SUBDOMAIN = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
const LABEL_VALUE = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;
const C = 'spec.containers.0';

const NO_KEY = [
  'spec.selector.matchExpressions[0].key: Invalid value: "": name part must be non-empty',
  `spec.selector.matchExpressions[0].key: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
];
const CREATE: [resource: string, title: string, change: Change, complaints: string[]][] = [
  [
    'pods',
    'bad name',
    { 'metadata.name': 'Bad_Name' },
    [`metadata.name: Invalid value: "Bad_Name": ${SUBDOMAIN}`],
  ],
  [
    'pods',
    'bad label value',
    { 'metadata.labels': { a: 'x y' } },
    [`metadata.labels: Invalid value: "x y": ${LABEL_VALUE}`],
  ],
  ['pods', 'no containers', { 'spec.containers': [] }, ['spec.containers: Required value']],
  ['pods', 'no image', { [`${C}.image`]: undefined }, ['spec.containers[0].image: Required value']],
  [
    'pods',
    'blank around image',
    { [`${C}.image`]: ' nginx' },
    [
      'spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace',
    ],
  ],
  [
    'pods',
    'container name',
    { [`${C}.name`]: 'A' },
    [`spec.containers[0].name: Invalid value: "A": ${LABEL}`],
  ],
  ...['192.168.0.0/16', '10.0.0.0/8', '10.0.0.0/7', 'fd00::/16', '0.0.0.0/0'].map(
    (except): [string, string, Change, string[]] => [
      'networkpolicies',
      `an exception ${except} that is no part of the block`,
      { 'spec.ingress.0.from': [{ ipBlock: { cidr: '10.0.0.0/8', except: [except] } }] },
      [
        `spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "${except}": must be a strict subset of \`cidr\``,
      ],
    ],
  ),
  [
    'networkpolicies',
    'an exception with host bits outside the block',
    { 'spec.egress': [{ to: [{ ipBlock: { cidr: 'fd00::/16', except: ['fe00::7/64'] } }] }] },
    [
      'spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "fe00::/64": must be a strict subset of `cidr`',
    ],
  ],
  [
    'endpointslices',
    'hints for one zone twice, and for no zone name',
    { 'endpoints.0.hints': { forZones: [{ name: 'a b' }, { name: 'a' }, { name: 'a' }] } },
    [
      `endpoints[0].hints.forZones[0].name: Invalid value: "a b": ${LABEL_VALUE}`,
      'endpoints[0].hints.forZones[2].name: Duplicate value: "a"',
    ],
  ],
  [
    'endpointslices',
    'hints for nine zones',
    {
      'endpoints.0.hints': {
        forZones: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => ({ name: `z${at}` })),
      },
    },
    ['endpoints[0].hints.forZones: Too many: 9: must have at most 8 items'],
  ],
  [
    'pods',
    'two containers of one name',
    { 'spec.containers.1': { name: 'c', image: 'i' } },
    ['spec.containers[1].name: Duplicate value: "c"'],
  ],
  [
    'pods',
    'port number',
    { [`${C}.ports`]: [{ containerPort: 70000 }] },
    [
      'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'pods',
    'port protocol',
    { [`${C}.ports`]: [{ containerPort: 80, protocol: 'tcp' }] },
    [
      'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    'pods',
    'same host port',
    {
      [`${C}.ports`]: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    },
    ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
  ],
  [
    'pods',
    'host network port',
    { 'spec.hostNetwork': true, [`${C}.ports`]: [{ containerPort: 80, hostPort: 81 }] },
    [
      'spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true',
    ],
  ],
  [
    'pods',
    'restart policy',
    { 'spec.restartPolicy': 'Sometimes' },
    [
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ],
  ],
  [
    'pods',
    'pull policy',
    { [`${C}.imagePullPolicy`]: 'No' },
    [
      'spec.containers[0].imagePullPolicy: Unsupported value: "No": supported values: "Always", "IfNotPresent", "Never"',
    ],
  ],
  [
    'pods',
    'mount of nothing',
    { [`${C}.volumeMounts`]: [{ name: 'v', mountPath: '/v' }] },
    ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
  ],
  [
    'pods',
    'two sources',
    { 'spec.volumes': [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }] },
    ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'pods',
    'volume name twice',
    { 'spec.volumes': [{ name: 'v' }, { name: 'v' }] },
    ['spec.volumes[1].name: Duplicate value: "v"'],
  ],
  [
    'pods',
    'climbing item',
    {
      'spec.volumes': [
        { name: 'v', configMap: { name: 'm', items: [{ key: 'k', path: '../k' }] } },
      ],
    },
    ['spec.volumes[0].configMap.items[0].path: Invalid value: "../k": must not contain \'..\''],
  ],
  [
    'pods',
    'env without name',
    { [`${C}.env`]: [{ name: '', value: 'x' }] },
    ['spec.containers[0].env[0].name: Required value'],
  ],
  [
    'pods',
    'env field',
    { [`${C}.env`]: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } }] },
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
    ],
  ],
  [
    'pods',
    'unknown field',
    { [`${C}.env`]: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.x' } } }] },
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: field label not supported: spec.x',
    ],
  ],
  [
    'pods',
    'probe without action',
    { [`${C}.livenessProbe`]: {} },
    ['spec.containers[0].livenessProbe: Required value: must specify a handler type'],
  ],
  [
    'pods',
    'probe of two actions',
    { [`${C}.readinessProbe`]: { exec: { command: ['a'] }, tcpSocket: { port: 1 } } },
    [
      'spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
    ],
  ],
  [
    'pods',
    'liveness twice',
    { [`${C}.livenessProbe`]: { tcpSocket: { port: 80 }, successThreshold: 2 } },
    ['spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1'],
  ],
  [
    'pods',
    'request above limit',
    { [`${C}.resources`]: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
    [
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
  ],
  [
    'pods',
    'negative memory',
    { [`${C}.resources`]: { requests: { memory: '-1' } } },
    [
      'spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
    ],
  ],
  [
    'pods',
    'unknown resource',
    { [`${C}.resources`]: { requests: { disk: '1' } } },
    [
      'spec.containers[0].resources.requests[disk]: Invalid value: disk: must be a standard resource type or fully qualified',
      'spec.containers[0].resources.requests[disk]: Invalid value: disk: must be a standard resource for containers',
    ],
  ],
  [
    'pods',
    'toleration',
    { 'spec.tolerations': [{ key: 'a', operator: 'Exists', value: 'x' }] },
    [
      'spec.tolerations[0].operator: Invalid value: "x": value must be empty when `operator` is \'Exists\'',
    ],
  ],
  [
    'pods',
    'dns None',
    { 'spec.dnsPolicy': 'None' },
    ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  ],
  [
    'pods',
    'init probe',
    {
      'spec.initContainers': [
        { name: 'i', image: 'i', livenessProbe: { tcpSocket: { port: 80 } } },
      ],
    },
    [
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'pods',
    'ephemeral at create',
    { 'spec.ephemeralContainers': [{ name: 'e', image: 'i' }] },
    ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  ],
  ['services', 'no ports', { 'spec.ports': [] }, ['spec.ports: Required value']],
  [
    'services',
    'name begins with a digit',
    { 'metadata.name': '1a' },
    [
      `metadata.name: Invalid value: "1a": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
    ],
  ],
  [
    'services',
    'nameless ports',
    { 'spec.ports': [{ port: 80 }, { port: 81 }] },
    ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
  ],
  [
    'services',
    'type',
    { 'spec.type': 'Magic' },
    [
      'spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  [
    'services',
    'node port of a ClusterIP',
    { 'spec.ports': [{ port: 80, nodePort: 30000 }] },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    'services',
    'headless NodePort',
    { 'spec.type': 'NodePort', 'spec.clusterIP': 'None' },
    ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
  ],
  [
    'replicationcontrollers',
    'selector',
    { 'spec.selector': { app: 'b' } },
    [
      'spec.template.metadata.labels: Invalid value: map[string]string{"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'replicationcontrollers',
    'restart policy',
    { 'spec.template.spec.restartPolicy': 'Never' },
    ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
  ],
  [
    'replicationcontrollers',
    'negative replicas',
    { 'spec.replicas': -1 },
    ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'deployments',
    'no selector',
    { 'spec.selector': undefined },
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: map[string]string{"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'deployments',
    'empty selector',
    { 'spec.selector': {} },
    [
      'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for deployment',
    ],
  ],
  [
    'deployments',
    'selector and labels',
    { 'spec.selector.matchLabels': { app: 'b' } },
    [
      'spec.template.metadata.labels: Invalid value: map[string]string{"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'deployments',
    'no surge and none unavailable',
    { 'spec.strategy': { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
    [
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:""}: may not be 0 when `maxSurge` is 0',
    ],
  ],
  [
    'jobs',
    'restart policy',
    { 'spec.template.spec.restartPolicy': 'Always' },
    ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
  ],
  [
    'daemonsets',
    'requirement without a key',
    { 'spec.selector.matchExpressions': [{ operator: 'Exists' }] },
    NO_KEY,
  ],
  [
    'jobs',
    'limits of indexes without indexes',
    { 'spec.backoffLimitPerIndex': 1, 'spec.maxFailedIndexes': 1 },
    [
      'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
      'spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode',
    ],
  ],
  [
    'jobs',
    'more failed indexes than indexes',
    {
      'spec.completionMode': 'Indexed',
      'spec.completions': 2,
      'spec.backoffLimitPerIndex': 1,
      'spec.maxFailedIndexes': 3,
    },
    ['spec.maxFailedIndexes: Invalid value: 3: must be less than or equal to completions'],
  ],
  [
    'jobs',
    'failure policy',
    {
      'spec.template.spec.restartPolicy': 'Never',
      'spec.podReplacementPolicy': 'Failed',
      'spec.podFailurePolicy': {
        rules: [
          {
            action: 'FailIndex',
            onExitCodes: { operator: 'In', values: [3, 1], containerName: 'nobody' },
          },
          { action: 'Stop' },
        ],
      },
    },
    [
      'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
      'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "nobody": must be one of the container or initContainer names in the pod template',
      'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: []int32{3, 1}: must be ordered',
      'spec.podFailurePolicy.rules[1].action: Unsupported value: "Stop": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
      'spec.podFailurePolicy.rules[1]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
    ],
  ],
  [
    'jobs',
    'success policy',
    {
      'spec.completionMode': 'Indexed',
      'spec.completions': 3,
      'spec.successPolicy': {
        rules: [{ succeededIndexes: '0,5' }, { succeededIndexes: '0-1', succeededCount: 3 }, {}],
      },
    },
    [
      'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0,5": error parsing succeededIndexes: too large index: "5"',
      'spec.successPolicy.rules[1].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)',
      'spec.successPolicy.rules[2]: Required value: at least one of succeededCount or succeededIndexes must be specified',
    ],
  ],
  [
    'cronjobs',
    'schedule',
    { 'spec.schedule': '* * *' },
    ['spec.schedule: Invalid value: "* * *": expected exactly 5 fields, found 3: [* * *]'],
  ],
  [
    'configmaps',
    'key',
    { data: { 'a b': 'x' } },
    [
      `data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
    ],
  ],
  [
    'configmaps',
    'key twice',
    { binaryData: { key: 'YQ==' } },
    [
      'data[key]: Invalid value: "key": duplicate of key present in binaryData',
      'binaryData[key]: Invalid value: "key": duplicate of key present in data',
    ],
  ],
  [
    'secrets',
    'tls without key',
    { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
    ['data[tls.key]: Required value'],
  ],
  [
    'namespaces',
    'dots',
    { 'metadata.name': 'a.b' },
    ['metadata.name: Invalid value: "a.b": must not contain dots'],
  ],
  [
    'nodes',
    'taint effect',
    { 'spec.taints': [{ key: 'a', effect: 'Now' }] },
    [
      'metadata.taints[0].effect: Unsupported value: "Now": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
  ],
  [
    'endpoints',
    'loopback',
    { subsets: [{ addresses: [{ ip: '127.0.0.1' }] }] },
    [
      'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
  ],
  [
    'events',
    'elsewhere',
    { 'involvedObject.namespace': 'other' },
    ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
  ],
  [
    'leases',
    'duration',
    { 'spec.leaseDurationSeconds': 0 },
    ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
  ],
  [
    'roles',
    'no verbs',
    { rules: [{ apiGroups: [''], resources: ['pods'] }] },
    ['rules[0].verbs: Required value: verbs must contain at least one value'],
  ],
  [
    'rolebindings',
    'kind of role',
    { 'roleRef.kind': 'User' },
    ['roleRef.kind: Unsupported value: "User": supported values: "Role", "ClusterRole"'],
  ],
  [
    'persistentvolumeclaims',
    'no size',
    { 'spec.resources': {} },
    ['spec.resources[storage]: Required value'],
  ],
  [
    'persistentvolumes',
    'no source',
    { 'spec.hostPath': undefined },
    ['spec: Required value: must specify a volume type'],
  ],
  [
    'resourcequotas',
    'unknown resource',
    { 'spec.hard': { things: '1' } },
    [
      'spec.hard[things]: Invalid value: things: must be a standard resource type or fully qualified',
      'spec.hard[things]: Invalid value: things: must be a standard resource for quota',
    ],
  ],
  [
    'poddisruptionbudgets',
    'both',
    { 'spec.maxUnavailable': 1 },
    [
      'spec: Invalid value: {"minAvailable":1,"selector":{"matchLabels":{"app":"a"}},"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set',
    ],
  ],
  [
    'ingresses',
    'no backend',
    { 'spec.defaultBackend': undefined },
    ['spec: Invalid value: []: either `defaultBackend` or `rules` must be specified'],
  ],
  [
    'horizontalpodautoscalers',
    'max below min',
    { 'spec.minReplicas': 5 },
    ['spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`'],
  ],
];

const POD_FIXED =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';

const UPDATE: [
  resource: string,
  title: string,
  before: Change,
  after: Change,
  complaints: string[],
][] = [
  ['pods', 'image', {}, { [`${C}.image`]: 'other' }, []],
  ['pods', 'command', {}, { [`${C}.command`]: ['x'] }, [POD_FIXED]],
  [
    'pods',
    'one more container',
    {},
    { 'spec.containers.1': { name: 'd', image: 'i' } },
    ['spec.containers: Forbidden: pod updates may not add or remove containers'],
  ],
  [
    'pods',
    'one more toleration',
    {},
    { 'spec.tolerations': [{ key: 'a', operator: 'Exists' }] },
    [],
  ],
  [
    'pods',
    'one toleration less',
    { 'spec.tolerations': [{ key: 'a', operator: 'Exists' }] },
    { 'spec.tolerations': [] },
    [
      'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
    ],
  ],
  [
    'pods',
    'longer deadline',
    { 'spec.activeDeadlineSeconds': 5 },
    { 'spec.activeDeadlineSeconds': 6 },
    ['spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value'],
  ],
  ['pods', 'an empty list written out', {}, { [`${C}.args`]: [] }, []],
  [
    'deployments',
    'selector',
    {},
    { 'spec.selector.matchLabels': { app: 'b' } },
    [
      'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"b"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
    ],
  ],
  [
    'statefulsets',
    'service name',
    {},
    { 'spec.serviceName': 'other' },
    [
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ],
  ],
  [
    'configmaps',
    'frozen data',
    { immutable: true },
    { data: {} },
    ['data: Forbidden: field is immutable when `immutable` is set'],
  ],
  [
    'secrets',
    'type',
    {},
    { type: 'example.com/x' },
    ['type: Invalid value: "example.com/x": field is immutable'],
  ],
  [
    'rolebindings',
    'role',
    {},
    { 'roleRef.name': 'edit' },
    [
      'roleRef: Invalid value: rbac.RoleRef{APIGroup:"rbac.authorization.k8s.io", Kind:"ClusterRole", Name:"edit"}: cannot change roleRef',
    ],
  ],
  [
    'nodes',
    'pod range',
    { 'spec.podCIDRs': ['10.0.0.0/24'] },
    { 'spec.podCIDR': '10.0.1.0/24' },
    ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
  ],
  [
    'persistentvolumeclaims',
    'size before binding',
    {},
    { 'spec.resources.requests.storage': '2Gi' },
    [
      'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n',
    ],
  ],
  ['persistentvolumeclaims', 'binding', {}, { 'spec.volumeName': 'pv' }, []],
  [
    'jobs',
    'completions',
    {},
    { 'spec.completions': 3 },
    ['spec.completions: Invalid value: 3: field is immutable'],
  ],
  [
    'priorityclasses',
    'value',
    {},
    { value: 11 },
    ['value: Forbidden: may not be changed in an update.'],
  ],
];

describe('validation', () => {
  for (const [resource, title, change, expected] of CREATE) {
    it(`${resource}: ${title}`, () => deepStrictEqual(complaints(resource, change), expected));
  }
});

describe('warnings', () => {
  const warnings = (resource: string, change: Change): string[] =>
    find(resource).warnings?.(prepared(find(resource), change)) ?? [];
  const env = [
    { name: 'A', value: '1' },
    { name: 'A', value: '2' },
    { name: 'A', value: '$(A)3' },
  ];

  it('are absent for objects without surprises', () => {
    for (const resource of ['pods', 'services', 'deployments', 'jobs'])
      deepStrictEqual(warnings(resource, {}), []);
  });

  it('report hidden variables, moved labels and names that are not DNS labels', () => {
    deepStrictEqual(warnings('pods', { 'metadata.name': 'a.b', [`${C}.env`]: env }), [
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
      'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    ]);
    deepStrictEqual(
      warnings('deployments', {
        'spec.template.spec.nodeSelector': { 'beta.kubernetes.io/os': 'linux' },
      }),
      [
        'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      ],
    );
    deepStrictEqual(
      warnings('services', { 'spec.clusterIP': 'None', 'spec.sessionAffinity': 'ClientIP' }),
      ['spec.SessionAffinity is ignored for headless services'],
    );
  });
});

describe('update validation', () => {
  for (const [resource, title, before, after, expected] of UPDATE) {
    it(`${resource}: ${title}`, () =>
      deepStrictEqual(
        // The difference of two pod specs has tests of its own.
        updateComplaints(resource, before, after).map((text) => text.replace(/\n[^]+$/, '\n')),
        expected,
      ));
  }
});
