// DefaultStorageClass and DefaultIngressClass: claims and ingresses that name no class get the
// class that is marked as default (upstream plugin/pkg/admission/storage/storageclass/setdefault,
// network/defaultingressclass).
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { PersistentVolumeClaim } from '../apis/core/v1/types.js';
import type { Ingress } from '../apis/networking/v1/types.js';
import { INGRESS_CLASSES, STORAGE_CLASSES } from '../apis/resource-types.js';
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';

const STORAGE_DEFAULT = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
const INGRESS_DEFAULT = ['ingressclass.kubernetes.io/is-default-class'];
const STORAGE_CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const INGRESS_CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** Name of the default class: the newest of several, and the first by name of equally old ones. */
function defaultOf(
  classes: readonly ApiObject[],
  annotations: readonly string[],
): string | undefined {
  return classes
    .filter(({ metadata }) =>
      annotations.some((annotation) => metadata.annotations?.[annotation] === 'true'),
    )
    .toSorted((a, b) => {
      const newer = (b.metadata.creationTimestamp ?? '').localeCompare(
        a.metadata.creationTimestamp ?? '',
      );
      return newer || a.metadata.name.localeCompare(b.metadata.name);
    })[0]?.metadata.name;
}

export const defaultStorageClass: AdmissionPluginFactory = ({ reader }) => ({
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],
  mutate(request) {
    if (request.subresource) return;
    const { metadata, spec } = request.object as PersistentVolumeClaim;
    if (
      !spec ||
      spec.storageClassName !== undefined ||
      metadata.annotations?.[STORAGE_CLASS_ANNOTATION] !== undefined
    )
      return;
    const name = defaultOf(reader.list(STORAGE_CLASSES), STORAGE_DEFAULT);
    if (name) spec.storageClassName = name;
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
    const name = defaultOf(reader.list(INGRESS_CLASSES), INGRESS_DEFAULT);
    if (name) (ingress.spec ??= {}).ingressClassName = name;
  },
});
