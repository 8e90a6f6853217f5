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

export interface DiskUse {
  totalBytes: number;
  usedBytes: number;
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

export class ImageCollector {
  private readonly lastUsed = new Map<string, number>();

  constructor(
    private readonly runtime: Runtime,
    private readonly log: Log,
    private readonly options: ImageGcOptions,
  ) {}

  async collect(disk: DiskUse, now: number): Promise<void> {
    const [images, containers] = await Promise.all([
      this.runtime.images(),
      this.runtime.containers(),
    ]);
    const used = new Set(containers.flatMap((c) => [c.image, c.imageRef]));
    for (const image of images) {
      const isUsed = namesOf(image).some((n) => used.has(n));
      if (isUsed || !this.lastUsed.has(image.id)) this.lastUsed.set(image.id, now);
    }
    for (const id of this.lastUsed.keys())
      if (!images.some((i) => i.id === id)) this.lastUsed.delete(id);
    const { totalBytes, usedBytes } = disk;
    if (!totalBytes || (usedBytes / totalBytes) * 100 < this.options.highPercent) return;
    let toFree = usedBytes - (totalBytes * this.options.lowPercent) / 100;
    for (const image of removable(images, used, this.lastUsed, now, this.options)) {
      if (toFree <= 0) break;
      await this.runtime.removeImage(image.id);
      this.log.info('image removed to free disk', {
        image: image.repoTags[0] ?? image.id,
        bytes: image.sizeBytes,
      });
      toFree -= image.sizeBytes;
    }
  }
}
