// StorageObjectInUseProtection: gives volumes and claims a finalizer, which the protection
// controllers remove when no pod or claim uses the object (upstream
// plugin/pkg/admission/storage/storageobjectinuseprotection).
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';

const FINALIZERS: Record<string, string> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
};

export const storageObjectInUseProtection: AdmissionPluginFactory = () => ({
  name: 'StorageObjectInUseProtection',
  operations: ['CREATE'],
  resources: Object.keys(FINALIZERS),
  mutate(request) {
    const finalizer = FINALIZERS[request.resource.facts.resource];
    if (request.subresource || !finalizer) return;
    const { metadata } = request.object!;
    if (!metadata.finalizers?.includes(finalizer)) (metadata.finalizers ??= []).push(finalizer);
  },
});
