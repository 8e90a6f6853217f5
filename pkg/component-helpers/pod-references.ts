// Objects of the pod's namespace to which the pod refers by name, in containers and volumes of
// every kind (VisitPodSecretNames and VisitPodConfigmapNames of upstream's pkg/api/v1/pod/util.go;
// ephemeral.VolumeClaimName of k8s.io/component-helpers/storage). Pure.
import type { Container, Pod, Volume } from '../apis/core/v1/types.js';
import { allContainers } from './pods.js';

/** Names, without duplicates. */
export interface PodReferences {
  secrets: Set<string>;
  configMaps: Set<string>;
  /** Names of PersistentVolumeClaims. */
  claims: Set<string>;
  serviceAccounts: Set<string>;
}

type Add = (kind: keyof PodReferences, name: string | undefined) => void;

/** The secret of each volume source that has a field for one. */
const VOLUME_SECRETS: readonly ((volume: Volume) => string | undefined)[] = [
  (volume) => volume.azureFile?.secretName,
  (volume) => volume.cephfs?.secretRef?.name,
  (volume) => volume.cinder?.secretRef?.name,
  (volume) => volume.csi?.nodePublishSecretRef?.name,
  (volume) => volume.flexVolume?.secretRef?.name,
  (volume) => volume.iscsi?.secretRef?.name,
  (volume) => volume.rbd?.secretRef?.name,
  (volume) => volume.scaleIO?.secretRef?.name,
  (volume) => volume.secret?.secretName,
  (volume) => volume.storageos?.secretRef?.name,
];

const CONTAINER_LISTS = [
  ['initContainers', 'init container'],
  ['containers', 'container'],
  ['ephemeralContainers', 'ephemeral container'],
] as const;

function addContainer(container: Container, add: Add): void {
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    add('secrets', secretRef?.name);
    add('configMaps', configMapRef?.name);
  }
  for (const { valueFrom } of container.env ?? []) {
    add('secrets', valueFrom?.secretKeyRef?.name);
    add('configMaps', valueFrom?.configMapKeyRef?.name);
  }
}

function addVolume(volume: Volume, add: Add): void {
  for (const secretOf of VOLUME_SECRETS) add('secrets', secretOf(volume));
  add('configMaps', volume.configMap?.name);
  for (const { configMap, secret } of volume.projected?.sources ?? []) {
    add('secrets', secret?.name);
    add('configMaps', configMap?.name);
  }
}

/** Name of the volume's claim. The claim of an ephemeral volume is named POD-VOLUME. */
export function claimNameOf(pod: Pod, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral ? `${pod.metadata.name}-${volume.name}` : undefined;
}

/** Names of the claims of the pod's volumes, those of ephemeral volumes included. */
export function claimNames(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => claimNameOf(pod, volume) ?? []);
}

export function podReferences(pod: Pod): PodReferences {
  const { spec } = pod;
  const found: PodReferences = {
    secrets: new Set(),
    configMaps: new Set(),
    claims: new Set(claimNames(pod)),
    serviceAccounts: new Set(),
  };
  const add: Add = (kind, name) => {
    if (name) found[kind].add(name);
  };
  add('serviceAccounts', spec.serviceAccountName);
  for (const { name } of spec.imagePullSecrets ?? []) add('secrets', name);
  for (const container of allContainers(spec)) addContainer(container, add);
  for (const volume of spec.volumes ?? []) addVolume(volume, add);
  return found;
}

export interface SecretUse {
  /** The place in the words of upstream's ServiceAccount admission: 'container c with envFrom'. */
  place: string;
  secret: string;
}

/** Each use of a secret by volumes and containers, in order. Pull secrets are not among them. */
export function secretUses(pod: Pod): SecretUse[] {
  const uses: SecretUse[] = [];
  for (const volume of pod.spec.volumes ?? [])
    addVolume(volume, (kind, secret) => {
      if (kind === 'secrets' && secret) uses.push({ place: 'volume with', secret });
    });
  for (const [list, noun] of CONTAINER_LISTS)
    for (const { name, env = [], envFrom = [] } of pod.spec[list] ?? []) {
      const add = (how: string, secret: string | undefined) => {
        if (secret) uses.push({ place: `${noun} ${name} with ${how} referencing`, secret });
      };
      for (const { name: variable, valueFrom } of env)
        add(`envVar ${variable}`, valueFrom?.secretKeyRef?.name);
      for (const { secretRef } of envFrom) add('envFrom', secretRef?.name);
    }
  return uses;
}
