// Warnings about files of a volume that hide each other: two keys with one path, or a path inside
// another (upstream warningsForOverlappingVirtualPaths in pkg/api/pod/warnings.go).
import type { Volume, VolumeProjection } from './types.js';

interface VirtualFile {
  path: string;
  /** Text of the projection that writes the file; '' outside projected volumes. */
  source: string;
}

const quote = (text: string | undefined): string => JSON.stringify(text ?? '');
const show = ({ path, source }: VirtualFile): string =>
  source ? `${quote(path)} (${source})` : quote(path);

function collide(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

/** 'a with b' for each file and every earlier file that it collides with. */
function overlaps(files: readonly VirtualFile[], before: VirtualFile[] = []): string[] {
  return files.flatMap((file) => {
    const trimmed = { ...file, path: file.path.replace(/\/+$/, '') };
    const found = trimmed.path
      ? before.filter((other) => other.path && collide(other.path, trimmed.path))
      : [];
    before.push(trimmed);
    return found.map((other) => `${show(trimmed)} with ${show(other)}`);
  });
}

const filesOf = (items: readonly { path?: string }[], source: string): VirtualFile[] =>
  items.map(({ path }) => ({ path: path ?? '', source }));

/** Undefined when the projection does not name its files. */
function projectedFiles(projection: VolumeProjection): VirtualFile[] | undefined {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } = projection;
  if (configMap?.items) return filesOf(configMap.items, `ConfigMap ${quote(configMap.name)}`);
  if (secret?.items) return filesOf(secret.items, `Secret ${quote(secret.name)}`);
  if (downwardAPI?.items) return filesOf(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return filesOf([serviceAccountToken], 'ServiceAccountToken');
  if (clusterTrustBundle) {
    const { name, signerName } = clusterTrustBundle;
    return filesOf([clusterTrustBundle], `ClusterTrustBundle ${quote(name ?? signerName)}`);
  }
  return undefined;
}

function projectedWarnings(volume: Volume, begin: string): string[] {
  const before: VirtualFile[] = [];
  // Upstream compares the files of the previous projection again when a projection names none.
  let files: VirtualFile[] = [];
  return (volume.projected?.sources ?? []).flatMap((projection) => {
    if (Object.keys(projection).length === 0)
      return [`volume ${quote(volume.name)} (Projected) has no sources provided`];
    files = projectedFiles(projection) ?? files;
    return overlaps(files, before).map(
      (text) => `${begin} (Projected): overlapping paths: ${text}`,
    );
  });
}

export function overlappingPathWarnings(volumes: readonly Volume[] | undefined): string[] {
  return (volumes ?? []).flatMap((volume) => {
    const begin = `volume ${quote(volume.name)}`;
    const { configMap, secret, downwardAPI } = volume;
    const named: [items: { path?: string }[] | undefined, kind: string][] = [
      [configMap?.items, `ConfigMap ${quote(configMap?.name)}`],
      [secret?.items, `Secret ${quote(secret?.secretName)}`],
      [downwardAPI?.items, 'DownwardAPI'],
    ];
    return [
      ...named.flatMap(([items, kind]) =>
        overlaps(filesOf(items ?? [], '')).map(
          (text) => `${begin} (${kind}): overlapping paths: ${text}`,
        ),
      ),
      ...projectedWarnings(volume, begin),
    ];
  });
}
