// ImageLocality: prefers nodes that hold the pod's images. An image counts less when few nodes hold
// the image, so that not all pods gather there.
import { MAX_NODE_SCORE, type Plugin } from '../framework/framework.js';

const MIB = 2 ** 20;
/** Sizes below bring nothing, and sizes above bring no more (upstream: minThreshold and so on). */
const MIN_BYTES = 23 * MIB;
const MAX_BYTES_PER_CONTAINER = 1000 * MIB;

/** The name as nodes report images: with a tag or a digest. */
export const normalizedImageName = (name: string): string =>
  name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;

export const imageLocality: Plugin = {
  name: 'ImageLocality',
  prepareScore({ pod }, cluster) {
    const { initContainers = [], containers } = pod.spec;
    const images = [...initContainers, ...containers].map(({ image = '' }) => {
      const name = normalizedImageName(image);
      return { name, state: cluster.images.get(name) };
    });
    if (images.every(({ state }) => !state)) return undefined;
    const max = MAX_BYTES_PER_CONTAINER * images.length;
    return {
      score(node) {
        let sum = 0;
        for (const { name, state } of images)
          if (state && node.images.has(name))
            sum += Math.trunc(state.sizeBytes * (state.nodes / cluster.nodes.size));
        const bytes = Math.min(Math.max(sum, MIN_BYTES), max);
        return Math.floor((MAX_NODE_SCORE * (bytes - MIN_BYTES)) / (max - MIN_BYTES));
      },
    };
  },
  weight: 1,
  events: [],
};
