// service-lb-controller: gives services of type LoadBalancer addresses of nodes (upstream:
// k8s.io/cloud-provider/controllers/service). The services share the ports of the nodes, so there
// is one key, and each sync plans for all services.
import { equalJson } from '../../apimachinery/meta/clone.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Service } from '../../apis/core/v1/types.js';
import { ENDPOINT_SLICES, NODES, PODS, SERVICES } from '../../apis/resource-types.js';
import { serviceKeyOf } from '../endpointslice/plan.js';
import { runAll } from '../runtime/batches.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { updateStatus } from '../../client/requests.js';
import {
  CLEANUP_FINALIZER,
  heldPorts,
  ingressOf,
  isBalanced,
  NO_NODES,
  nodeFacts,
  nodePortsOf,
  planLoadBalancers,
  type Balancing,
} from './plan.js';

const ALL = ['all'];
/** Until another look without an event (upstream: nodeSyncPeriod). */
const REPAIR_MS = 100_000;
const API_SERVICE = 'default/kubernetes';

const concerns = (service: Service | undefined): boolean =>
  service !== undefined && (isBalanced(service) || nodePortsOf(service).length > 0);

const changed = (old: unknown, now: unknown) => (equalJson(old, now) ? [] : ALL);

export function createServiceController(context: ControllerContext): Controller {
  const services = context.informers.informer(SERVICES);
  const nodes = context.informers.informer(NODES);
  const pods = context.informers.informer(PODS);
  const slices = context.informers.informer(ENDPOINT_SLICES);
  pods.addIndexers({ hostPorts: (pod) => (heldPorts(pod).length ? [pod.spec.nodeName!] : []) });
  slices.addIndexers({ balanced: (slice) => [serviceKeyOf(slice)] });
  const recorder = context.events('service-controller');
  /** The last problem of each service by its uid, so that one event tells it. */
  let told = new Map<string, string | undefined>();

  const slicesOf = (service: string) => slices.store.byIndex('balanced', service);

  /** Writes finalizer and status at once; a newer version of the service refuses the write. */
  async function apply({ ingress, isOver, service }: Balancing) {
    const { finalizers = [] } = service.metadata;
    const before = ingressOf(service);
    const others = finalizers.filter((each) => each !== CLEANUP_FINALIZER);
    const isKept = others.length < finalizers.length;
    if (isOver ? !isKept : isKept && equalJson(before, ingress)) return;
    const note = (verb: string, more = '') =>
      recorder.event(service, 'Normal', `${verb}LoadBalancer`, `${verb} load balancer${more}`);
    if (isOver || !before.length) note(isOver ? 'Deleting' : 'Ensuring');
    const next = isOver ? others : [...others, CLEANUP_FINALIZER];
    const object = { ...service, metadata: { ...service.metadata, finalizers: next } };
    const status = { ...service.status, loadBalancer: ingress.length ? { ingress } : {} };
    await updateStatus(context.client, SERVICES, object, status);
    if (isOver) note('Deleted');
    else if (before.length && ingress.length) note('Updated', ' with new hosts');
    else if (ingress.length) note('Ensured');
  }

  return {
    watches: [
      watch(services, (service, old) => (concerns(service) || concerns(old) ? ALL : [])),
      watch(nodes, (node, old) => changed(old && nodeFacts(old), nodeFacts(node))),
      watch(pods, (pod, old) => changed(old ? heldPorts(old) : [], heldPorts(pod))),
      watch(slices, (slice) => {
        const service = services.store.get(serviceKeyOf(slice));
        const isLocal = service?.spec.externalTrafficPolicy === 'Local' && isBalanced(service);
        return isLocal || serviceKeyOf(slice) === API_SERVICE ? ALL : [];
      }),
    ],
    async reconcile() {
      const all = services.store.list();
      if (!all.some(isBalanced)) return;
      const plans = planLoadBalancers({
        services: all,
        nodes: nodes.store.list(),
        podsOn: (node) => pods.store.byIndex('hostPorts', node),
        endpointsOf: (service) =>
          slicesOf(keyOf(service)).flatMap(({ endpoints }) => endpoints ?? []),
        apiPorts: slicesOf(API_SERVICE).flatMap(({ ports }) => ports ?? []),
      });
      for (const { problem, service } of plans) {
        const reason = problem === NO_NODES ? 'UnAvailableLoadBalancer' : 'SyncLoadBalancerFailed';
        if (problem !== undefined && problem !== told.get(service.metadata.uid!))
          recorder.event(service, 'Warning', reason, problem);
      }
      told = new Map(plans.map(({ problem, service }) => [service.metadata.uid!, problem]));
      const errors: unknown[] = [];
      // Ports are given back before others get them.
      for (const isHolder of [true, false]) {
        const group = plans.filter(({ service }) => ingressOf(service).length > 0 === isHolder);
        errors.push(...(await runAll(group, apply)));
      }
      if (errors.length) throw errors[0];
      return { requeueAfterMs: REPAIR_MS };
    },
  };
}
