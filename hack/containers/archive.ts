// OCI images over layer blobs, and one archive with all images for `ctr images import`. Layers stay
// uncompressed, because the archive never leaves the machine and every node unpacks it.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { blobPath, buildLayer, writeJsonBlob, type Blob, type Entry } from './layer.js';

export interface Image {
  /** Full names, e.g. 'docker.io/library/redis:7'. Manifests use the first. */
  names: string[];
  layers: Entry[][];
  entrypoint?: string[];
  command?: string[];
  workingDir?: string;
  env?: Record<string, string>;
  ports?: number[];
}

const OCI = 'application/vnd.oci.image';
const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };

/** The descriptor of a built image's manifest. */
export interface BuiltImage {
  names: string[];
  manifest: Blob;
  blobs: Blob[];
}

export async function buildImage(cache: string, image: Image): Promise<BuiltImage> {
  const layers: Blob[] = [];
  for (const entries of image.layers) layers.push(await buildLayer(cache, entries));
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...image.env,
  };
  const config = writeJsonBlob(cache, {
    created: new Date(0).toISOString(),
    architecture: ARCHITECTURES[process.arch] ?? process.arch,
    os: 'linux',
    config: {
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      ...(image.entrypoint && { Entrypoint: image.entrypoint }),
      ...(image.command && { Cmd: image.command }),
      ...(image.workingDir && { WorkingDir: image.workingDir }),
      ...(image.ports && {
        ExposedPorts: Object.fromEntries(image.ports.map((port) => [`${port}/tcp`, {}])),
      }),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  });
  const manifest = writeJsonBlob(cache, {
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: { mediaType: `${OCI}.config.v1+json`, ...config },
    layers: layers.map((layer) => ({ mediaType: `${OCI}.layer.v1.tar`, ...layer })),
  });
  return {
    names: image.names,
    manifest,
    blobs: [...new Map([manifest, config, ...layers].map((blob) => [blob.digest, blob])).values()],
  };
}

function indexOf(images: readonly BuiltImage[]): string {
  const manifests = images.flatMap(({ names, manifest }) =>
    names.map((name) => ({
      mediaType: `${OCI}.manifest.v1+json`,
      ...manifest,
      annotations: { 'io.containerd.image.name': name },
    })),
  );
  return JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests });
}

/**
 * Writes the archive of `images`, unless it exists. Its name is the prefix and a hash of its
 * content. Former archives with that prefix are removed.
 */
export async function writeArchive(
  cache: string,
  images: readonly BuiltImage[],
  prefix = 'all-',
): Promise<string> {
  const index = indexOf(images);
  const name = `${prefix}${createHash('sha256').update(index).digest('hex').slice(0, 16)}.tar`;
  const file = join(cache, name);
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  const tar = pack();
  const temporary = `${file}.new-${process.pid}`;
  const written = pipeline(tar, createWriteStream(temporary));
  const fixed = { mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 };
  tar.entry({ ...fixed, name: 'oci-layout' }, JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  tar.entry({ ...fixed, name: 'index.json' }, index);
  const sizes = new Map(images.flatMap(({ blobs }) => blobs.map((b) => [b.digest, b.size])));
  for (const [digest, size] of [...sizes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const entry = tar.entry({ ...fixed, name: `blobs/${digest.replace(':', '/')}`, size });
    await pipeline(createReadStream(blobPath(cache, digest)), entry);
  }
  tar.finalize();
  await written;
  renameSync(temporary, file);
  for (const old of readdirSync(cache))
    if (old.startsWith(prefix) && old.endsWith('.tar') && old !== name) rmSync(join(cache, old));
  return file;
}
