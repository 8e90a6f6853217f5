// node-ipam-controller: allocates pod ranges to nodes, with --allocate-node-cidrs only (upstream:
// pkg/controller/nodeipam, range allocator). flannel with etcd leases its subnets itself and needs
// no ranges. One worker: a range is chosen and recorded before the next node is reconciled.
import { NODES } from '../../apis/resource-types.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { nextNodeCidrs, parseNodeRanges, type MaskSizes } from './plan.js';

export function createNodeIpamController(
  context: ControllerContext,
  options: { clusterCidr: string; nodeCidrMaskSizes: MaskSizes },
): Controller {
  const ranges = parseNodeRanges(options.clusterCidr, options.nodeCidrMaskSizes);
  const nodes = context.informers.informer(NODES);
  const events = context.events('cidrAllocator');
  /** Written ranges by node name, which the cache may not show yet. */
  const given = new Map<string, string[]>();
  return {
    watches: [
      watch(nodes, (node, _old, change) => {
        const { name } = node.metadata;
        if (change === 'deleted' || node.spec.podCIDR) given.delete(name);
        return change === 'deleted' || node.spec.podCIDR ? [] : [name];
      }),
    ],
    async reconcile(name) {
      const node = nodes.store.get(name);
      if (!node || node.spec.podCIDR) return;
      const taken = nodes.store
        .list()
        .flatMap(({ spec }) => spec.podCIDRs ?? (spec.podCIDR ? [spec.podCIDR] : []));
      const cidrs =
        given.get(name) ?? nextNodeCidrs(ranges, [...taken, ...[...given.values()].flat()]);
      if (!cidrs) {
        const message = `Node ${name} status is now: CIDRNotAvailable`;
        events.event(node, 'Normal', 'CIDRNotAvailable', message);
        throw new Error(`no range of ${options.clusterCidr} is left for node ${name}`);
      }
      given.set(name, cidrs);
      const body = {
        metadata: { uid: node.metadata.uid },
        spec: { podCIDR: cidrs[0], podCIDRs: cidrs },
      };
      await context.client.patch(NODES, { name }, body, { type: 'strategic' });
    },
  };
}
