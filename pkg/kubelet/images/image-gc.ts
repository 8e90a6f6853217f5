// Image garbage collection: when disk usage passes the high threshold, unused images are removed,
// least recently used first, until usage is below the low threshold (upstream:
// pkg/kubelet/images/image_gc_manager.go).
import type { Log } from '../../util/env/env.js';
import type { Runtime, RuntimeImage } from '../runtime/runtime.js';

export interface ImageGcOptions {
  highPercent: number;
  lowPercent: number;
  /** Milliseconds for which an image must have been unused. */
  minimumAge: number;
  /** Never removed. */
  keep: ReadonlySet<string>;
}

const namesOf = (image: RuntimeImage) => [image.id, ...image.repoTags, ...image.repoDigests];

/** Images that may be removed, in order of removal. Pure. */
export function removable(
  images: readonly RuntimeImage[],
  used: ReadonlySet<string>,
  lastUsed: ReadonlyMap<string, number>,
  now: number,
  options: ImageGcOptions,
): RuntimeImage[] {
  const inUse = (i: RuntimeImage) => namesOf(i).some((n) => used.has(n) || options.keep.has(n));
  // An image without a repository digest was imported by hand and cannot be pulled again.
  return images
    .filter(
      (i) =>
        !i.pinned &&
        i.repoDigests.length > 0 &&
        !inUse(i) &&
        now - (lastUsed.get(i.id) ?? now) >= options.minimumAge,
    )
    .sort((a, b) => (lastUsed.get(a.id) ?? 0) - (lastUsed.get(b.id) ?? 0));
}

export type CollectImages = (
  disk: { totalBytes: number; usedBytes: number },
  now: number,
) => Promise<void>;

export function imageCollector(runtime: Runtime, log: Log, options: ImageGcOptions): CollectImages {
  const lastUsed = new Map<string, number>();
  return async ({ totalBytes, usedBytes }, now) => {
    const [images, containers] = await Promise.all([runtime.images(), runtime.containers()]);
    const used = new Set(containers.flatMap((c) => [c.image, c.imageRef]));
    for (const image of images) {
      const isUsed = namesOf(image).some((n) => used.has(n));
      if (isUsed || !lastUsed.has(image.id)) lastUsed.set(image.id, now);
    }
    for (const id of lastUsed.keys()) if (!images.some((i) => i.id === id)) lastUsed.delete(id);
    if (!totalBytes || (usedBytes / totalBytes) * 100 < options.highPercent) return;
    let toFree = usedBytes - (totalBytes * options.lowPercent) / 100;
    for (const image of removable(images, used, lastUsed, now, options)) {
      if (toFree <= 0) break;
      await runtime.removeImage(image.id);
      const [name = image.id] = image.repoTags;
      log.info('image removed to free disk', { image: name, bytes: image.sizeBytes });
      toFree -= image.sizeBytes;
    }
  };
}
