// hack/image imports an image archive into every node of a cluster, or builds and imports the image
// of a program for Node.js.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runMain } from '../../cmd/run.js';
import { buildImage, writeArchive } from '../containers/archive.js';
import { programImage } from '../containers/catalog.js';
import { importImage } from './containerd.js';
import { IMAGE_CACHE } from './layout.js';
import { checkName, requireRecord } from './record.js';

const USAGE = `Usage: hack/image import [--name CLUSTER] FILE.tar [NAME]
       hack/image build [--name CLUSTER] ENTRY.ts NAME

Imports an OCI or docker archive into every node. NAME is what manifests call it; without it the archive's own names count.
  docker save app:1 -o app.tar && hack/image import app.tar
  hack/image import --name two app.tar registry.example/app:1
"build" bundles ENTRY (TypeScript or JavaScript) with its npm packages, and imports an image that runs it with Node.js.
  hack/image build examples/operator/src/main.ts example.com/operator:1
`;

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

async function main(argv: string[]): Promise<void> {
  const words = argv.filter((word) => word !== '--no-build');
  let cluster = 'local';
  const at = words.findIndex((word) => word === '--name' || word.startsWith('--name='));
  if (at >= 0) {
    const [flag] = words.splice(at, 1);
    cluster = flag === '--name' ? (words.splice(at, 1)[0] ?? '') : flag!.slice('--name='.length);
  }
  const [verb, file, name, ...more] = words;
  const isBuild = verb === 'build' && name !== undefined;
  if ((verb !== 'import' && !isBuild) || !file || file.startsWith('-') || more.length) {
    const help = verb === '--help' || verb === '-h';
    (help ? process.stdout : process.stderr).write(USAGE);
    process.exitCode = help ? 0 : 2;
    return;
  }
  checkName(cluster);
  const record = requireRecord(cluster);
  if (!existsSync(file)) throw new Error(`${file}: no such file`);
  const archive = isBuild ? await buildProgram(resolve(file), name) : resolve(file);
  for (const node of record.nodes) {
    const names = await importImage(cluster, node.name, archive, name);
    process.stdout.write(`${node.name}: ${names.join(', ')}\n`);
  }
}

await runMain('hack/image', main);
