// The unfinished work of a cluster without faults: none once the cluster has its desired state.
import { selectorFromLabelSelector } from '../../pkg/apimachinery/labels/selector.js';
import type { Condition } from '../../pkg/apimachinery/meta/types.js';
import type {
  Endpoints,
  Node,
  Pod,
  ReplicationController,
  ResourceQuota,
  Service,
} from '../../pkg/apis/core/v1/types.js';
import type {
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
} from '../../pkg/apis/apps/v1/types.js';
import type { HorizontalPodAutoscaler } from '../../pkg/apis/autoscaling/v2/types.js';
import type { Job } from '../../pkg/apis/batch/v1/types.js';
import type { EndpointSlice } from '../../pkg/apis/discovery/v1/types.js';
import type { PodDisruptionBudget } from '../../pkg/apis/policy/v1/types.js';
import type { CustomResourceDefinition } from '../../pkg/apis/apiextensions/v1/types.js';
import { unfinishedAutoscaler } from './autoscalers.js';
import { unfinishedDefinition } from './custom-objects.js';
import { ordinalOf } from './invariants.js';
import type { Metrics } from './metrics.js';
import {
  controllerOf,
  isActive,
  isFinished,
  isReady,
  nameOf,
  type AnyObject,
  type Model,
} from './model.js';
import { unfinishedVolumes } from './volumes.js';

export interface RunningPods {
  node: string;
  /** Uids of pods with a running sandbox. */
  uids: string[];
}

/** A line for each difference from the desired state. */
export function unfinished(
  model: Model,
  running: readonly RunningPods[],
  metrics: Metrics,
): string[] {
  return [
    ...model
      .all<ReplicationController>('ReplicationController')
      .flatMap((one) => replicas(model, one)),
    ...model.all<ReplicaSet>('ReplicaSet').flatMap((one) => replicas(model, one)),
    ...model.all<Deployment>('Deployment').flatMap((one) => deployment(model, one)),
    ...model.all<StatefulSet>('StatefulSet').flatMap((one) => statefulSet(model, one)),
    ...model.all<DaemonSet>('DaemonSet').flatMap((one) => daemonSet(model, one)),
    ...model.all<Job>('Job').flatMap((one) => job(model, one)),
    ...model.all<Service>('Service').flatMap((one) => service(model, one)),
    ...loadBalancers(model),
    ...model.all<PodDisruptionBudget>('PodDisruptionBudget').flatMap((one) => budget(model, one)),
    ...model.all<ResourceQuota>('ResourceQuota').flatMap((one) => quota(model, one)),
    ...model.all<Pod>('Pod').flatMap((one) => pod(model, one)),
    ...model.all<Node>('Node').flatMap(node),
    ...model
      .all<CustomResourceDefinition>('CustomResourceDefinition')
      .flatMap((one) => unfinishedDefinition(model, one)),
    ...model
      .all<HorizontalPodAutoscaler>('HorizontalPodAutoscaler')
      .flatMap((one) => unfinishedAutoscaler(model, metrics, one)),
    ...unfinishedVolumes(model),
    ...[...model.objects.values()].flatMap((one) => garbage(model, one)),
    ...running.flatMap((one) => runtimes(model, one)),
  ];
}

type Value = string | number | undefined;

function expect(
  of: AnyObject,
  checks: Record<string, readonly [actual: Value, wanted: Value]>,
): string[] {
  const wrong = Object.entries(checks).filter(
    ([, [actual, wanted]]) => (actual ?? 0) !== (wanted ?? 0),
  );
  return wrong.map(
    ([what, [actual, wanted]]) => `${nameOf(of)}: ${what} is ${actual ?? 0}, wanted ${wanted ?? 0}`,
  );
}

const sorted = (names: readonly string[]): string => [...names].sort().join(' ');

const isTrue = (
  conditions: readonly { type: string; status: string }[] | undefined,
  wanted: string,
): boolean => conditions?.some(({ type, status }) => type === wanted && status === 'True') ?? false;

function replicas(model: Model, set: ReplicationController | ReplicaSet): string[] {
  const pods = model.podsOf(set.metadata.uid!).filter(isActive);
  const wanted = set.spec.replicas ?? 1;
  return expect(set, {
    'observed generation': [set.status?.observedGeneration, set.metadata.generation],
    pods: [pods.length, wanted],
    'ready pods': [pods.filter(isReady).length, wanted],
    'status.replicas': [set.status?.replicas, wanted],
    'status.readyReplicas': [set.status?.readyReplicas, wanted],
    'status.availableReplicas': [set.status?.availableReplicas, wanted],
  });
}

function deployment(model: Model, one: Deployment): string[] {
  const { replicas: wanted = 1, revisionHistoryLimit = 10 } = one.spec;
  const sets = model
    .all<ReplicaSet>('ReplicaSet')
    .filter((set) => controllerOf(set)?.uid === one.metadata.uid);
  const used = sets.filter((set) => (set.spec.replicas ?? 1) > 0);
  const template = JSON.stringify(one.spec.template.metadata?.annotations ?? {});
  return [
    ...expect(one, {
      'observed generation': [one.status?.observedGeneration, one.metadata.generation],
      'status.updatedReplicas': [one.status?.updatedReplicas, wanted],
      'status.replicas': [one.status?.replicas, wanted],
      'status.availableReplicas': [one.status?.availableReplicas, wanted],
      'replica sets in use': [used.length, wanted ? 1 : 0],
    }),
    ...used
      .filter((set) => JSON.stringify(set.spec.template?.metadata?.annotations ?? {}) !== template)
      .map((set) => `${nameOf(one)}: runs the old ${set.metadata.name}`),
    ...(sets.length > revisionHistoryLimit + 1
      ? [`${nameOf(one)}: keeps ${sets.length} replica sets`]
      : []),
  ];
}

function statefulSet(model: Model, set: StatefulSet): string[] {
  const wanted = set.spec.replicas ?? 1;
  const pods = model.podsOf(set.metadata.uid!);
  const ordinals = pods
    .map(ordinalOf)
    .sort((a, b) => a - b)
    .join(' ');
  const revision = (one: Pod) => one.metadata.labels?.['controller-revision-hash'];
  return expect(set, {
    'observed generation': [set.status?.observedGeneration, set.metadata.generation],
    ordinals: [ordinals, Array.from({ length: wanted }, (_, at) => at).join(' ')],
    'ready pods': [pods.filter((one) => isActive(one) && isReady(one)).length, wanted],
    'updated pods': [
      pods.filter((one) => revision(one) === set.status?.updateRevision).length,
      wanted,
    ],
    'status.readyReplicas': [set.status?.readyReplicas, wanted],
    'current revision': [set.status?.currentRevision, set.status?.updateRevision],
  });
}

function daemonSet(model: Model, set: DaemonSet): string[] {
  const nodes = model.all<Node>('Node').map(({ metadata }) => metadata.name);
  const pods = model.podsOf(set.metadata.uid!).filter((one) => isActive(one) && isReady(one));
  return expect(set, {
    'observed generation': [set.status?.observedGeneration, set.metadata.generation],
    nodes: [sorted(pods.map((one) => one.spec.nodeName ?? '')), sorted(nodes)],
    'status.numberReady': [set.status?.numberReady, nodes.length],
    'status.updatedNumberScheduled': [set.status?.updatedNumberScheduled, nodes.length],
    'status.desiredNumberScheduled': [set.status?.desiredNumberScheduled, nodes.length],
  });
}

function job(model: Model, one: Job): string[] {
  const conditions = one.status?.conditions as Condition[] | undefined;
  const active = model.podsOf(one.metadata.uid!).filter(isActive).length;
  const held = model
    .podsOf(one.metadata.uid!)
    .filter((each) => each.metadata.finalizers?.length).length;
  return [
    ...(one.spec.ttlSecondsAfterFinished === undefined
      ? []
      : [`${nameOf(one)}: waits for its end of life`]),
    ...(isTrue(conditions, 'Complete') || isTrue(conditions, 'Failed')
      ? []
      : [`${nameOf(one)}: neither complete nor failed`]),
    ...expect(one, {
      'active pods': [active, 0],
      'status.active': [one.status?.active, 0],
      'pods with finalizers': [held, 0],
    }),
  ];
}

function service(model: Model, one: Service): string[] {
  if (!one.spec.selector || one.spec.type === 'ExternalName') return [];
  const { namespace, name } = one.metadata;
  const isSelected = (each: Pod) =>
    each.metadata.namespace === namespace &&
    isActive(each) &&
    isReady(each) &&
    Object.entries(one.spec.selector!).every(
      ([key, value]) => each.metadata.labels?.[key] === value,
    );
  const wanted = sorted(
    model
      .all<Pod>('Pod')
      .filter(isSelected)
      .map((each) => each.status?.podIP ?? ''),
  );
  const slices = model
    .all<EndpointSlice>('EndpointSlice')
    .filter(
      ({ metadata }) =>
        metadata.namespace === namespace &&
        metadata.labels?.['kubernetes.io/service-name'] === name,
    );
  const inSlices = slices.flatMap(({ endpoints }) =>
    (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses),
  );
  const endpoints = model
    .all<Endpoints>('Endpoints')
    .find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  const inEndpoints = (endpoints?.subsets ?? []).flatMap(({ addresses }) =>
    (addresses ?? []).map(({ ip }) => ip),
  );
  return expect(one, {
    'addresses in slices': [sorted(inSlices), wanted],
    'addresses in endpoints': [sorted(inEndpoints), wanted],
  });
}

/** On each node that takes load, one service has each port that services ask for. */
function loadBalancers(model: Model): string[] {
  const services = model.all<Service>('Service').filter(({ spec }) => spec.type === 'LoadBalancer');
  const ips = model
    .all<Node>('Node')
    .filter(({ status }) => isTrue(status?.conditions, 'Ready'))
    .flatMap(({ status }) => status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => address);
  const portOf = ({ spec }: Service) => spec.ports?.[0]?.port ?? 0;
  return [...new Set(services.map(portOf))].flatMap((port) => {
    const held = services.flatMap(({ status }) =>
      (status?.loadBalancer?.ingress ?? [])
        .filter(({ ports }) => ports?.some((one) => one.port === port))
        .map(({ ip }) => ip ?? ''),
    );
    const [is, wanted] = [sorted(held), sorted(ips)];
    return is === wanted
      ? []
      : [`load balancers: port ${port} is given at ${is}, wanted ${wanted}`];
  });
}

function budget(model: Model, one: PodDisruptionBudget): string[] {
  const selector = selectorFromLabelSelector(one.spec?.selector);
  const pods = model
    .all<Pod>('Pod')
    .filter(
      (each) =>
        each.metadata.namespace === one.metadata.namespace &&
        !isFinished(each) &&
        selector.matches(each.metadata.labels),
    );
  const healthy = pods.filter((each) => isActive(each) && isReady(each)).length;
  const { desiredHealthy = 0, expectedPods = 0 } = one.status ?? {};
  // Pods without a controller have no expected scale, and then no disruption is allowed.
  const allowed = expectedPods > 0 ? Math.max(0, healthy - desiredHealthy) : 0;
  return expect(one, {
    'observed generation': [one.status?.observedGeneration, one.metadata.generation],
    'status.currentHealthy': [one.status?.currentHealthy, healthy],
    'status.disruptionsAllowed': [one.status?.disruptionsAllowed, allowed],
    'disrupted pods': [Object.keys(one.status?.disruptedPods ?? {}).length, 0],
  });
}

function quota(model: Model, one: ResourceQuota): string[] {
  const inside = <T extends AnyObject>(kind: string) =>
    model.all<T>(kind).filter(({ metadata }) => metadata.namespace === one.metadata.namespace);
  const pods = inside<Pod>('Pod').filter((each) => !isFinished(each)).length;
  const used = (name: string) => one.status?.used?.[name] ?? 'not counted';
  return expect(one, {
    'pods used': [used('pods'), String(pods)],
    'cpu used': [used('requests.cpu'), pods ? `${10 * pods}m` : '0'],
    'services used': [used('services'), String(inside('Service').length)],
    'jobs used': [used('count/jobs.batch'), String(inside('Job').length)],
  });
}

function pod(model: Model, one: Pod): string[] {
  const { nodeName } = one.spec;
  if (!nodeName) return [`${nameOf(one)}: on no node`];
  if (!model.all<Node>('Node').some(({ metadata }) => metadata.name === nodeName))
    return [`${nameOf(one)}: on ${nodeName}, which is gone`];
  return !isFinished(one) && !isReady(one) ? [`${nameOf(one)}: not ready`] : [];
}

function node(one: Node): string[] {
  const taints = (one.spec.taints ?? []).map(({ key }) => key);
  return [
    ...(isTrue(one.status?.conditions, 'Ready') ? [] : [`${nameOf(one)}: not ready`]),
    ...taints.map((key) => `${nameOf(one)}: tainted ${key}`),
  ];
}

function garbage(model: Model, one: AnyObject): string[] {
  const { deletionTimestamp, ownerReferences = [], namespace } = one.metadata;
  if (one.kind === 'Event' || one.kind === 'Lease') return [];
  const owners = ownerReferences.filter(({ uid }) => model.uid(uid));
  const isHomeless =
    namespace !== undefined && !model.objects.has(`/registry/namespaces/${namespace}`);
  return [
    ...(deletionTimestamp ? [`${nameOf(one)}: being deleted since ${deletionTimestamp}`] : []),
    ...(ownerReferences.length && !owners.length
      ? [
          `${nameOf(one)}: its owner ${ownerReferences[0]!.kind} ${ownerReferences[0]!.name} is gone`,
        ]
      : []),
    ...(isHomeless ? [`${nameOf(one)}: its namespace is gone`] : []),
  ];
}

function runtimes(model: Model, { node: name, uids }: RunningPods): string[] {
  const wanted = model
    .all<Pod>('Pod')
    .filter((one) => one.spec.nodeName === name && !isFinished(one))
    .map((one) => one.metadata.uid!);
  return [
    ...wanted
      .filter((uid) => !uids.includes(uid))
      .map((uid) => `${nameOf(model.uid(uid)!)}: does not run on ${name}`),
    ...uids
      .filter((uid) => !wanted.includes(uid))
      .map((uid) => `${name} runs the pod ${uid}, which is no more`),
  ];
}
