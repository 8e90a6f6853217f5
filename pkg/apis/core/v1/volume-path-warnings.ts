// Warnings about files of a volume that hide each other: two keys with one path, or a path inside
// another (upstream warningsForOverlappingVirtualPaths in pkg/api/pod/warnings.go).
import type { Volume, VolumeProjection } from './types.js';

interface VirtualFile {
  path: string;
  /** Text of the projection that writes the file; absent outside projected volumes. */
  source: (() => string) | undefined;
}

const quote = (text: string | undefined): string => JSON.stringify(text ?? '');
const show = ({ path, source }: VirtualFile): string =>
  source ? `${quote(path)} (${source()})` : quote(path);

/** True for equal paths, and when one is a folder around the other. */
function collide(a: string, b: string): boolean {
  const [outer, inner] = a.length < b.length ? [a, b] : [b, a];
  return inner.startsWith(outer) && (inner.length === outer.length || inner[outer.length] === '/');
}

/** The folders that a path lies in: 'a' and 'a/b' of 'a/b/c'. */
function* foldersOf(path: string): Iterable<string> {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) yield path.slice(0, at);
}

/** The files of a volume that were seen. An index answers for many files in linear time. */
class Seen {
  private readonly files: VirtualFile[] = [];
  private index: { paths: Set<string>; folders: Set<string> } | undefined;

  add(file: VirtualFile): void {
    this.files.push(file);
    if (this.index) this.note(file.path);
    else if (this.files.length > FEW_FILES) {
      this.index = { paths: new Set(), folders: new Set() };
      for (const { path } of this.files) this.note(path);
    }
  }

  private note(path: string): void {
    this.index!.paths.add(path);
    for (const folder of foldersOf(path)) this.index!.folders.add(folder);
  }

  /** The earlier files that are equal to the path, inside of it or around it. */
  colliding(path: string): VirtualFile[] {
    if (this.index) {
      const { paths, folders } = this.index;
      const around = (): boolean => [...foldersOf(path)].some((folder) => paths.has(folder));
      if (!paths.has(path) && !folders.has(path) && !around()) return [];
    }
    return this.files.filter((other) => other.path && collide(other.path, path));
  }
}

const FEW_FILES = 16;

/** 'a with b' for each file and every earlier file that it collides with. */
function overlaps(files: readonly VirtualFile[], before = new Seen()): string[] {
  const found: string[] = [];
  for (const file of files) {
    const path = withoutSlashes(file.path);
    const trimmed = path === file.path ? file : { ...file, path };
    // The Warning header has no room for more, and the pairs of n equal paths are n * n.
    if (path && found.length < MAX_OVERLAPS)
      for (const other of before.colliding(path))
        found.push(`${show(trimmed)} with ${show(other)}`);
    before.add(trimmed);
  }
  return found;
}

const MAX_OVERLAPS = 100;

function withoutSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

const filesOf = (items: readonly { path?: string }[], source?: () => string): VirtualFile[] =>
  items.map(({ path }) => ({ path: path ?? '', source }));

/** Undefined when the projection does not name its files. */
function projectedFiles(projection: VolumeProjection): VirtualFile[] | undefined {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } = projection;
  if (configMap?.items) return filesOf(configMap.items, () => `ConfigMap ${quote(configMap.name)}`);
  if (secret?.items) return filesOf(secret.items, () => `Secret ${quote(secret.name)}`);
  if (downwardAPI?.items) return filesOf(downwardAPI.items, () => 'DownwardAPI');
  if (serviceAccountToken) return filesOf([serviceAccountToken], () => 'ServiceAccountToken');
  if (clusterTrustBundle) {
    const { name, signerName } = clusterTrustBundle;
    return filesOf([clusterTrustBundle], () => `ClusterTrustBundle ${quote(name ?? signerName)}`);
  }
  return undefined;
}

function projectedWarnings(volume: Volume, begin: string): string[] {
  const before = new Seen();
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
  const warnings: string[] = [];
  for (const volume of volumes ?? []) {
    const { configMap, secret, downwardAPI, projected } = volume;
    const begin = `volume ${quote(volume.name)}`;
    const add = (items: { path?: string }[] | undefined, kind: () => string): void => {
      for (const text of overlaps(filesOf(items ?? [])))
        warnings.push(`${begin} (${kind()}): overlapping paths: ${text}`);
    };
    if (configMap) add(configMap.items, () => `ConfigMap ${quote(configMap.name)}`);
    if (secret) add(secret.items, () => `Secret ${quote(secret.secretName)}`);
    if (downwardAPI) add(downwardAPI.items, () => 'DownwardAPI');
    if (projected) warnings.push(...projectedWarnings(volume, begin));
  }
  return warnings;
}
