// Defaults of volumes in pods and of the sources that persistent volumes share with them.
import type { PersistentVolumeSpec, Volume } from './types.js';

/** 0644, in decimal because JSON has no octal. */
const DEFAULT_MODE = 420;
const TOKEN_SECONDS = 3600;

function defaultDownwardItems(
  items:
    | { fieldRef?: { apiVersion?: string }; resourceFieldRef?: { divisor?: string } }[]
    | undefined,
): void {
  for (const item of items ?? []) {
    if (item.fieldRef) item.fieldRef.apiVersion ||= 'v1';
    if (item.resourceFieldRef) item.resourceFieldRef.divisor ??= '0';
  }
}

const hasSource = (volume: Volume): boolean =>
  Object.entries(volume).some(
    ([key, value]) => key !== 'name' && value !== undefined && value !== null,
  );

/** Defaults of sources that both pods and persistent volumes have. */
export function defaultSharedSources(source: Volume | PersistentVolumeSpec): void {
  if (source.hostPath) source.hostPath.type ??= '';
  if (source.iscsi) source.iscsi.iscsiInterface ||= 'default';
  if (source.rbd) {
    source.rbd.pool ||= 'rbd';
    source.rbd.user ||= 'admin';
    source.rbd.keyring ||= '/etc/ceph/keyring';
  }
  if (source.azureDisk) {
    source.azureDisk.cachingMode ??= 'ReadWrite';
    source.azureDisk.kind ??= 'Shared';
    source.azureDisk.fsType ??= 'ext4';
    source.azureDisk.readOnly ??= false;
  }
  if (source.scaleIO) {
    source.scaleIO.storageMode ||= 'ThinProvisioned';
    source.scaleIO.fsType ||= 'xfs';
  }
}

function defaultProjected(volume: Volume): void {
  const { projected } = volume;
  if (!projected) return;
  projected.defaultMode ??= DEFAULT_MODE;
  for (const source of projected.sources ?? []) {
    if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= TOKEN_SECONDS;
    defaultDownwardItems(source.downwardAPI?.items);
  }
}

export function defaultVolume(volume: Volume): void {
  if (!hasSource(volume)) volume.emptyDir = {};
  if (volume.secret) volume.secret.defaultMode ??= DEFAULT_MODE;
  if (volume.configMap) volume.configMap.defaultMode ??= DEFAULT_MODE;
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= DEFAULT_MODE;
    defaultDownwardItems(volume.downwardAPI.items);
  }
  defaultProjected(volume);
  const claim = volume.ephemeral?.volumeClaimTemplate;
  if (claim) {
    claim.spec ??= {};
    claim.spec.volumeMode ??= 'Filesystem';
  }
  defaultSharedSources(volume);
}
