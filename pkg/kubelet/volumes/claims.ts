// Resolves a claim to the persistent volume that it is bound to. No Node API.
import type { Pod } from '../../apis/core/v1/types.js';
import { NODES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import { isReachable } from '../../component-helpers/volumes.js';
import type { ClaimResolver } from './volumes.js';

export function claimResolver(client: Client | undefined, nodeName: string): ClaimResolver {
  return async (pod: Pod, name: string) => {
    if (!client) throw new Error('persistent volume claims need an API server');
    const namespace = pod.metadata.namespace ?? 'default';
    const claim = await client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name });
    const volumeName = claim.spec?.volumeName;
    if (claim.status?.phase !== 'Bound' || !volumeName)
      throw new Error(`PVC ${namespace}/${name} is not bound`);
    const volume = await client.get(PERSISTENT_VOLUMES, { name: volumeName });
    const { nodeAffinity } = volume.spec;
    if (nodeAffinity && !isReachable(volume, await client.get(NODES, { name: nodeName })))
      throw new Error('MountVolume.NodeAffinity check failed: no matching NodeSelectorTerms');
    return { volume, exclusive: claim.spec.accessModes?.includes('ReadWriteOncePod') === true };
  };
}
