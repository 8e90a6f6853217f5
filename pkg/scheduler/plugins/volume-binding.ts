// VolumeBinding: bound volumes must be reachable from the node, and claims that wait for their pod
// must find volumes there or a provisioner that makes them. Reserve and PreBind, which carry the
// placement out, are volumes/volume-binder.ts.
import type { Plugin } from '../framework/framework.js';
import { preparePlacement } from '../volumes/placement.js';

export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  prepareFilter(pod, { volumes }) {
    if (!pod.claims.length) return undefined;
    const judge = preparePlacement(pod, volumes);
    if (typeof judge === 'string') return { reasons: [judge], unresolvable: true };
    return (node) => {
      const found = judge(node);
      return Array.isArray(found) ? { reasons: found, unresolvable: true } : undefined;
    };
  },
  events: ['NodeAdd', 'NodeLabelsChanged', 'ClaimChanged', 'VolumeChanged', 'StorageClassChanged'],
};
