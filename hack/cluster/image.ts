// hack/image import [--name CLUSTER] FILE.tar [NAME]: imports an image archive into every node of a
// cluster.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runMain } from '../../cmd/run.js';
import { importImage } from './containerd.js';
import { checkName, requireRecord } from './record.js';

const USAGE = `Usage: hack/image import [--name CLUSTER] FILE.tar [NAME]

Imports an OCI or docker archive into every node. NAME is what manifests call it; without it the archive's own names count.
  docker save app:1 -o app.tar && hack/image import app.tar
  hack/image import --name two app.tar registry.example/app:1
`;

async function main(argv: string[]): Promise<void> {
  const words = argv.filter((word) => word !== '--no-build');
  let cluster = 'local';
  const at = words.findIndex((word) => word === '--name' || word.startsWith('--name='));
  if (at >= 0) {
    const [flag] = words.splice(at, 1);
    cluster = flag === '--name' ? (words.splice(at, 1)[0] ?? '') : flag!.slice('--name='.length);
  }
  const [verb, file, name, ...more] = words;
  if (verb !== 'import' || !file || file.startsWith('-') || more.length) {
    const help = verb === '--help' || verb === '-h';
    (help ? process.stdout : process.stderr).write(USAGE);
    process.exitCode = help ? 0 : 2;
    return;
  }
  checkName(cluster);
  const record = requireRecord(cluster);
  const archive = resolve(file);
  if (!existsSync(archive)) throw new Error(`${file}: no such file`);
  for (const node of record.nodes) {
    const names = await importImage(cluster, node.name, archive, name);
    process.stdout.write(`${node.name}: ${names.join(', ')}\n`);
  }
}

await runMain('hack/image', main);
