// DefaultStorageClass and DefaultIngressClass: claims and ingresses that name no class get the
// class that is marked as default (upstream plugin/pkg/admission/storage/storageclass/setdefault,
// network/defaultingressclass).
import type { PersistentVolumeClaim } from '../apis/core/v1/types.js';
import type { Ingress } from '../apis/networking/v1/types.js';
import { INGRESS_CLASSES, STORAGE_CLASSES } from '../apis/resource-types.js';
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';
import { defaultClassOf, namedStorageClass } from '../component-helpers/volumes.js';

const INGRESS_DEFAULT = ['ingressclass.kubernetes.io/is-default-class'];
const INGRESS_CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

export const defaultStorageClass: AdmissionPluginFactory = ({ reader }) => ({
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],
  mutate(request) {
    if (request.subresource) return;
    const claim = request.object as PersistentVolumeClaim;
    if (!claim.spec || namedStorageClass(claim) !== undefined) return;
    const name = defaultClassOf(reader.list(STORAGE_CLASSES));
    if (name) claim.spec.storageClassName = name;
  },
});

export const defaultIngressClass: AdmissionPluginFactory = ({ reader }) => ({
  name: 'DefaultIngressClass',
  operations: ['CREATE'],
  resources: ['ingresses.networking.k8s.io'],
  mutate(request) {
    if (request.subresource) return;
    const ingress = request.object as Ingress;
    if (
      ingress.spec?.ingressClassName !== undefined ||
      ingress.metadata.annotations?.[INGRESS_CLASS_ANNOTATION] !== undefined
    )
      return;
    const name = defaultClassOf(reader.list(INGRESS_CLASSES), INGRESS_DEFAULT);
    if (name) (ingress.spec ??= {}).ingressClassName = name;
  },
});
