// The random objects of the workload, within bounds that always fit the cluster.
import type { PodTemplateSpec } from '../../pkg/apis/core/v1/types.js';
import type { Faults } from './faults.js';
import { LOCAL_CLASSES } from './volumes.js';

type Chance = Pick<Faults, 'between' | 'pick'>;

const TOLERATED = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Toleration of unreachable nodes in seconds; the default is five minutes. */
function tolerations(seconds: number): object[] {
  return TOLERATED.map((key) => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: seconds,
  }));
}

export function template(
  chance: Chance,
  app: string,
  extra: { annotations?: Record<string, string>; spec?: object } = {},
): PodTemplateSpec {
  const grace = chance.pick([0, 1, 2, 5, 30]);
  return {
    metadata: { labels: { app }, annotations: { version: '1', ...extra.annotations } },
    spec: {
      terminationGracePeriodSeconds: grace,
      ...(chance.between(0, 2) ? { tolerations: tolerations(chance.pick([5, 20, 60])) } : {}),
      containers: [
        {
          name: 'app',
          image: 'registry.k8s.io/pause:3.10',
          resources: { requests: { cpu: '10m', memory: '8Mi' } },
          ports: [{ containerPort: 80 }],
        },
      ],
      ...extra.spec,
    },
  } as unknown as PodTemplateSpec;
}

const metadata = (namespace: string, name: string) => ({ namespace, name, labels: { app: name } });

export function replicationController(chance: Chance, namespace: string, name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: metadata(namespace, name),
    spec: {
      replicas: chance.between(0, 5),
      selector: { app: name },
      template: template(chance, name),
    },
  };
}

export function deployment(chance: Chance, namespace: string, name: string): object {
  const [maxSurge, maxUnavailable] = chance.pick([
    [1, 0],
    [0, 1],
    ['25%', '25%'],
    [2, 1],
    ['50%', 0],
  ] as const);
  const strategy = chance.between(0, 5)
    ? { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } }
    : { type: 'Recreate' };
  const spec = {
    replicas: chance.between(1, 6),
    minReadySeconds: chance.pick([0, 0, 3]),
    strategy,
    selector: { matchLabels: { app: name } },
    template: template(chance, name),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(namespace, name),
    spec: { ...spec, revisionHistoryLimit: chance.pick([1, 10]) },
  };
}

const claimTemplate = (chance: Chance): object => ({
  metadata: { name: 'data' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: chance.pick(LOCAL_CLASSES).metadata.name,
    resources: { requests: { storage: '1Gi' } },
  },
});

export function statefulSet(chance: Chance, namespace: string, name: string): object {
  const spec = {
    replicas: chance.between(1, 4),
    serviceName: name,
    podManagementPolicy: chance.pick(['OrderedReady', 'OrderedReady', 'Parallel']),
    selector: { matchLabels: { app: name } },
    template: template(chance, name),
    ...(chance.between(0, 1) ? { volumeClaimTemplates: [claimTemplate(chance)] } : {}),
  };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: metadata(namespace, name), spec };
}

export function daemonSet(chance: Chance, namespace: string, name: string): object {
  const updateStrategy = {
    type: 'RollingUpdate',
    rollingUpdate: chance.pick([{ maxUnavailable: 1 }, { maxUnavailable: '50%' }]),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata(namespace, name),
    spec: {
      updateStrategy,
      selector: { matchLabels: { app: name } },
      template: template(chance, name),
    },
  };
}

export function job(chance: Chance, namespace: string, name: string): object {
  const annotations = {
    'hollow.wheelhouse/exit-after': `${chance.between(1, 40)}s`,
    'hollow.wheelhouse/exit-code': chance.pick(['0', '0', '0', '1']),
  };
  const spec = {
    completions: chance.between(1, 6),
    parallelism: chance.between(1, 3),
    backoffLimit: chance.between(0, 3),
    template: template(chance, name, { annotations, spec: { restartPolicy: 'Never' } }),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(namespace, name),
    spec: {
      ...spec,
      ...(chance.between(0, 3) ? {} : { ttlSecondsAfterFinished: chance.between(5, 60) }),
    },
  };
}

export function service(chance: Chance, namespace: string, name: string, app: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(namespace, name),
    spec: {
      type: chance.pick(['ClusterIP', 'NodePort', 'LoadBalancer', 'LoadBalancer']),
      selector: { app },
      ports: [{ port: chance.pick([80, 80, 81]) }],
    },
  };
}

/** A quota that never refuses; the simulation checks its counts. */
export function quota(namespace: string): object {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: metadata(namespace, 'all'),
    spec: {
      hard: { pods: '500', services: '100', 'count/jobs.batch': '100', 'requests.cpu': '10' },
    },
  };
}

export function budget(chance: Chance, namespace: string, name: string, app: string): object {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(namespace, name),
    spec: {
      selector: { matchLabels: { app } },
      ...chance.pick([{ maxUnavailable: 1 }, { minAvailable: 1 }, { minAvailable: '50%' }]),
    },
  };
}
