// hack/image: the images in the nodes of a cluster.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { FlagError, parseCommand } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { buildImage, writeArchive } from '../containers/archive.js';
import { programImage } from '../containers/catalog.js';
import { IMAGE_FLAGS } from './flags.generated.js';
import { importImage, listImages, normalizeImage, removeImage } from './containerd.js';
import { IMAGE_CACHE } from './layout.js';
import { table } from './output.js';
import { requireRecord, type ClusterRecord } from './record.js';

const ABOUT = `Imports, builds, lists and removes images in every node of a cluster.

  import FILE.tar [NAME]  imports an OCI or docker archive; NAME is what manifests call its image,
                          without it the archive's own names count
  build ENTRY.ts NAME     bundles a program for Node.js (TypeScript or JavaScript) with its npm
                          packages, and imports an image that runs it
  list                    prints the images and the nodes that have them
  remove NAME...          removes images

  docker save app:1 -o app.tar && hack/image import app.tar
  hack/image import --name two app.tar registry.example/app:1
  hack/image build examples/operator/src/main.ts example.com/operator:1`;

/** CommonJS packages call require() for Node's own modules. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** The archive of an image that runs the bundle of a module. */
async function buildProgram(entry: string, name: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: REQUIRE },
    write: false,
    logLevel: 'warning',
  });
  const image = await programImage(name, outputFiles[0]!.text);
  return writeArchive(IMAGE_CACHE, [await buildImage(IMAGE_CACHE, image)], 'program-');
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function importAll(record: ClusterRecord, archive: string, name?: string): Promise<void> {
  for (const node of record.nodes)
    print(`${node.name}: ${(await importImage(record.name, node.name, archive, name)).join(', ')}`);
}

function existing(file: string): string {
  if (!existsSync(file)) throw new Error(`${file}: no such file`);
  return resolve(file);
}

async function list(record: ClusterRecord): Promise<void> {
  const found = new Map<string, { size: string; nodes: string[] }>();
  for (const { name } of record.nodes)
    for (const [image, size] of await listImages(record.name, name)) {
      const entry = found.get(image) ?? { size, nodes: [] };
      found.set(image, { ...entry, nodes: [...entry.nodes, name] });
    }
  const isEverywhere = (nodes: string[]) => nodes.length === record.nodes.length;
  const rows = [...found].map(([image, { size, nodes }]) => [
    image,
    size,
    isEverywhere(nodes) ? 'all' : nodes.join(', '),
  ]);
  print(table([['IMAGE', 'SIZE', 'NODES'], ...rows]));
}

async function remove(record: ClusterRecord, names: readonly string[]): Promise<void> {
  for (const name of names.map(normalizeImage)) {
    const nodes: string[] = [];
    for (const node of record.nodes)
      if (await removeImage(record.name, node.name, name)) nodes.push(node.name);
    if (!nodes.length)
      throw new Error(`no node of "${record.name}" has ${name}; see hack/image list`);
    print(`${name}: removed from ${nodes.join(', ')}`);
  }
}

interface Verb {
  /** The least and the greatest number of words after the verb. */
  words: readonly [number, number];
  run(record: ClusterRecord, words: readonly string[]): Promise<void>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  import: {
    words: [1, 2],
    run: (record, [file, name]) => importAll(record, existing(file!), name),
  },
  build: {
    words: [2, 2],
    run: async (record, [entry, name]) =>
      importAll(record, await buildProgram(existing(entry!), name!), name),
  },
  list: { words: [0, 0], run: list },
  remove: { words: [1, Infinity], run: remove },
};

async function main(argv: string[]): Promise<void> {
  const { flags, operands } = parseCommand('hack/image', ABOUT, IMAGE_FLAGS, argv, [
    '<verb>',
    '[word...]',
  ]);
  const [name = '', ...words] = operands;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name]! : undefined;
  const wrong = (why: string) => new FlagError(`hack/image: ${why}\nSee 'hack/image --help'.`);
  if (!verb) throw wrong(`"${name}" is none of ${Object.keys(VERBS).join(', ')}`);
  const [least, most] = verb.words;
  if (words.length < least) throw wrong(`"${name}" needs ${least} words after it`);
  if (words.length > most) throw wrong(`unexpected argument "${words[most]}"`);
  // Before anything is built, imported or removed.
  for (const image of words.slice(name === 'remove' ? 0 : 1)) normalizeImage(image);
  await verb.run(requireRecord(flags.name), words);
}

await runMain('hack/image', main);
