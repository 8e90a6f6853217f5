// hack/images: builds the archive of all images and lists its content.
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseFlags } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { buildImage, writeArchive, type BuiltImage } from '../containers/archive.js';
import { catalog } from '../containers/catalog.js';
import { IMAGE_CACHE } from './layout.js';

export interface Built {
  archive: string;
  images: BuiltImage[];
}

/** Builds the images whose inputs changed since the last build. */
export async function buildImages(cache = IMAGE_CACHE): Promise<Built> {
  const images: BuiltImage[] = [];
  for (const image of await catalog(cache)) images.push(await buildImage(cache, image));
  return { archive: await writeArchive(cache, images), images };
}

async function main(argv: string[]): Promise<void> {
  parseFlags(
    'hack/images',
    'Builds the images of the add-ons and demos into one archive.',
    { 'no-build': { type: 'boolean', help: 'Take the bundles as they are.' } },
    argv,
  );
  const { archive, images } = await buildImages();
  for (const { names, manifest } of images)
    process.stdout.write(`${manifest.digest.slice(7, 19)}  ${names.join(', ')}\n`);
  process.stdout.write(`${archive} (${(statSync(archive).size / 1e6).toFixed(0)} MB)\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await runMain('hack/images', main);
