// VolumeRestrictions: a ReadWriteOncePod claim serves one pod in the cluster.
import { rejection, type Plugin } from '../framework/framework.js';

const REJECTION = rejection(
  'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
);

export const volumeRestrictions: Plugin = {
  name: 'VolumeRestrictions',
  prepareFilter(pod, { volumes, claimUsers }) {
    const exclusive = pod.claims.filter((claim) =>
      volumes.claim(claim)?.spec.accessModes?.includes('ReadWriteOncePod'),
    );
    if (!exclusive.length) return undefined;
    // Read for each node: preemption asks again without its victims.
    return () => (exclusive.some((claim) => claimUsers.has(claim)) ? REJECTION : undefined);
  },
  events: ['AssignedPodDelete', 'ClaimChanged'],
};
