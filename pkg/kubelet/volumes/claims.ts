// Resolves a claim to a host path, for persistent volumes of type hostPath and local. No Node API.
import type { Pod } from '../../apis/core/v1/types.js';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import type { ClaimResolver } from './volumes.js';

export function claimResolver(client: Client | undefined, signal: AbortSignal): ClaimResolver {
  return async (pod: Pod, name: string) => {
    if (!client) throw new Error('persistent volume claims need an API server');
    const namespace = pod.metadata.namespace ?? 'default';
    const claim = await client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name }, { signal });
    const volumeName = claim.spec?.volumeName;
    if (claim.status?.phase !== 'Bound' || !volumeName)
      throw new Error(`PVC ${namespace}/${name} is not bound`);
    const volume = await client.get(PERSISTENT_VOLUMES, { name: volumeName }, { signal });
    const path = volume.spec?.local?.path ?? volume.spec?.hostPath?.path;
    if (!path) throw new Error(`no volume plugin matched for persistent volume "${volumeName}"`);
    return { path };
  };
}
