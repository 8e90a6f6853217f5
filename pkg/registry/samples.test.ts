// A small valid object of each served resource, as a client would send it. registry.test.ts uses
// them.
import type { ApiObject } from '../apimachinery/meta/object.js';

const pod = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
};
const once = { ...pod, spec: { ...pod.spec, restartPolicy: 'Never' } };
const selector = { matchLabels: { app: 'a' } };
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }];
const webhook = {
  name: 'a.example.com',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { service: { name: 'a', namespace: 'b' } },
};
const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };

/** The fields besides apiVersion, kind and metadata, by 'resource' or 'resource.group'. */
const BODIES: Record<string, object> = {
  pods: pod,
  services: { spec: { ports: [{ port: 80 }], selector: { app: 'a' } } },
  replicationcontrollers: { spec: { template: pod } },
  namespaces: {},
  nodes: {},
  endpoints: { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] },
  secrets: { data: { key: 'dmFsdWU=' } },
  configmaps: { data: { key: 'value' } },
  serviceaccounts: {},
  events: {
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
    reason: 'Started',
    message: 'x',
  },
  persistentvolumes: {
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      hostPath: { path: '/data' },
    },
  },
  persistentvolumeclaims: { spec: claim },
  limitranges: {
    spec: { limits: [{ type: 'Container', max: { cpu: '1' }, min: { cpu: '100m' } }] },
  },
  resourcequotas: { spec: { hard: { pods: '10', 'requests.cpu': '1' } } },
  podtemplates: { template: pod },
  'replicasets.apps': { spec: { selector, template: pod } },
  'deployments.apps': { spec: { selector, template: pod } },
  'daemonsets.apps': { spec: { selector, template: pod } },
  'statefulsets.apps': {
    spec: {
      selector,
      template: pod,
      serviceName: 's',
      volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: claim }],
    },
  },
  'controllerrevisions.apps': { revision: 1, data: { a: 1 } },
  'jobs.batch': { spec: { template: once } },
  'cronjobs.batch': {
    spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: once } } },
  },
  'leases.coordination.k8s.io': { spec: { holderIdentity: 'me', leaseDurationSeconds: 15 } },
  'endpointslices.discovery.k8s.io': {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'] }],
    ports: [{ port: 80 }],
  },
  'clusterroles.rbac.authorization.k8s.io': { rules },
  'roles.rbac.authorization.k8s.io': { rules },
  'clusterrolebindings.rbac.authorization.k8s.io': {
    roleRef: role,
    subjects: [{ kind: 'User', name: 'u' }],
  },
  'rolebindings.rbac.authorization.k8s.io': {
    roleRef: role,
    subjects: [{ kind: 'ServiceAccount', name: 's', namespace: 'n' }],
  },
  'poddisruptionbudgets.policy': { spec: { minAvailable: 1, selector } },
  'priorityclasses.scheduling.k8s.io': { value: 10 },
  'runtimeclasses.node.k8s.io': { handler: 'runc' },
  'storageclasses.storage.k8s.io': { provisioner: 'example.com/p' },
  'csidrivers.storage.k8s.io': { spec: {} },
  'csinodes.storage.k8s.io': { spec: { drivers: [{ name: 'd', nodeID: 'n' }] } },
  'csistoragecapacities.storage.k8s.io': { storageClassName: 's', capacity: '1Gi' },
  'volumeattachments.storage.k8s.io': {
    spec: { attacher: 'a', nodeName: 'n', source: { persistentVolumeName: 'v' } },
  },
  'ingresses.networking.k8s.io': {
    spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } },
  },
  'ingressclasses.networking.k8s.io': { spec: { controller: 'example.com/c' } },
  'networkpolicies.networking.k8s.io': {
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
  },
  'certificatesigningrequests.certificates.k8s.io': {
    spec: {
      request:
        'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIR01HNENBUUF3RERFS01BZ0dBMVVF' +
        'QXd3QllUQlpNQk1HQnlxR1NNNDlBZ0VHQ0NxR1NNNDlBd0VIQTBJQQpCRldOajJGSDRIZXE4ZDV5RlAy' +
        'WkU1d003c2dKT1NpbXVRMUpaMFhzbytLSE5TNlRuTmRmY2M4cU9ucEh5Ukh3CnFDY00vcFl0L1J4Z3M0' +
        'Z3pBbHBKa3RHZ0FEQUtCZ2dxaGtqT1BRUURBZ05JQURCRkFpRUFvUFFxbE1JcUV3WWsKYkRQT0VRZGNK' +
        'UlM3TkNvdG5IMWZUL0FZUGhwM1Vkd0NJQUtuYmhVY2pEOVlKd2RneEtQampkMXBEOTZPYU80aApzNTU2' +
        'RU0vUk9TenEKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==',
      signerName: 'example.com/signer',
      usages: ['client auth'],
    },
  },
  'horizontalpodautoscalers.autoscaling': {
    spec: {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
    },
  },
  'events.events.k8s.io': {
    eventTime: '2025-01-01T00:00:00.000000Z',
    regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
    reason: 'Started',
    action: 'Start',
    note: 'x',
    type: 'Normal',
    reportingController: 'example.com/c',
    reportingInstance: 'i',
  },
  'flowschemas.flowcontrol.apiserver.k8s.io': {
    spec: { priorityLevelConfiguration: { name: 'p' } },
  },
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': {
    spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: {} } } },
  },
  'validatingwebhookconfigurations.admissionregistration.k8s.io': {
    webhooks: [{ ...webhook, rules: [rule] }],
  },
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': {
    webhooks: [{ ...webhook, rules: [rule] }],
  },
  'validatingadmissionpolicies.admissionregistration.k8s.io': {
    spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: 'true' }] },
  },
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': {
    spec: { policyName: 'p', validationActions: ['Deny'] },
  },
  'apiservices.apiregistration.k8s.io': {
    metadata: { name: 'v1.samples.example.com' },
    spec: {
      group: 'samples.example.com',
      version: 'v1',
      groupPriorityMinimum: 1000,
      versionPriority: 15,
      service: { namespace: 'default', name: 'samples' },
      insecureSkipTLSVerify: true,
    },
  },
  'customresourcedefinitions.apiextensions.k8s.io': {
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      names: { plural: 'widgets', kind: 'Widget' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
        },
      ],
    },
  },
};

export interface SampleFacts {
  group: string;
  version: string;
  kind: string;
  resource: string;
  namespaced: boolean;
}

/** Undefined when the table has no sample of the resource; registry.test.ts fails then. */
export function sampleOf({
  group,
  version,
  kind,
  resource,
  namespaced,
}: SampleFacts): ApiObject | undefined {
  const body = BODIES[group ? `${resource}.${group}` : resource];
  if (!body) return undefined;
  const metadata = {
    name: 'sample',
    ...(body as { metadata?: object }).metadata,
    uid: 'u-1',
    ...(namespaced ? { namespace: 'default' } : {}),
  };
  return structuredClone({
    ...body,
    apiVersion: group ? `${group}/${version}` : version,
    kind,
    metadata,
  }) as ApiObject;
}
