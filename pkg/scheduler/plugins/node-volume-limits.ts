// NodeVolumeLimits: a CSI driver says in the CSINode how many of its volumes the node can hold.
import { storageClassOf } from '../../component-helpers/volumes.js';
import { rejection, type Plugin } from '../framework/framework.js';
import type { VolumeLister } from '../framework/snapshot.js';

const REJECTION = rejection('node(s) exceed max volume count');

/** The driver of a claim's volume, and a name of the volume; undefined without a driver. */
function driverVolume(key: string, volumes: VolumeLister): [string, string] | undefined {
  const claim = volumes.claim(key);
  const csi = volumes.volume(claim?.spec.volumeName ?? '')?.spec.csi;
  if (csi) return [csi.driver, csi.volumeHandle];
  if (!claim || claim.spec.volumeName) return undefined;
  const provisioner = volumes.storageClass(storageClassOf(claim))?.provisioner;
  return provisioner === undefined ? undefined : [provisioner, `unbound ${key}`];
}

export const nodeVolumeLimits: Plugin = {
  name: 'NodeVolumeLimits',
  prepareFilter({ claims }, { volumes }) {
    const wanted = claims.flatMap((key) => {
      const found = driverVolume(key, volumes);
      return found ? [found] : [];
    });
    if (!wanted.length) return undefined;
    return (node) => {
      for (const { name, allocatable } of volumes.csiNode(node.name)?.spec.drivers ?? []) {
        const added = wanted.flatMap(([driver, handle]) => (driver === name ? [handle] : []));
        if (!added.length || allocatable?.count === undefined) continue;
        const held = new Set<string>();
        for (const pod of node.pods.values())
          for (const key of pod.claims) {
            const [driver, handle] = driverVolume(key, volumes) ?? [];
            if (driver === name) held.add(handle!);
          }
        const all = new Set([...held, ...added]);
        if (all.size > held.size && all.size > allocatable.count) return REJECTION;
      }
      return undefined;
    };
  },
  events: ['NodeAdd', 'AssignedPodDelete', 'CsiNodeChanged', 'ClaimChanged', 'VolumeChanged'],
};
