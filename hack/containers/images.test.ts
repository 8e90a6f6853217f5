import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { buildImage, writeArchive } from './archive.js';
import { buildLayer, type Entry } from './layer.js';

async function namesIn(file: string): Promise<string[]> {
  const names: string[] = [];
  const reader = extract();
  reader.on('entry', (header, stream, next) => {
    names.push(header.name);
    stream.on('end', next);
    stream.resume();
  });
  await pipeline(createReadStream(file), reader);
  return names;
}

describe('images', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'wheelhouse-images-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('builds the same layer from the same files, in any folder and order', async () => {
    const file = join(dir, 'program');
    writeFileSync(file, 'text');
    const entries: Entry[] = [
      { path: 'bin/program', source: file, mode: 0o755 },
      { path: 'etc/note', text: 'x' },
      { path: 'bin/other', link: 'program' },
    ];
    const first = await buildLayer(join(dir, 'a'), entries);
    const second = await buildLayer(join(dir, 'b'), entries.toReversed());
    assert.equal(first.digest, second.digest);
    writeFileSync(file, 'other text');
    assert.notEqual((await buildLayer(join(dir, 'a'), entries)).digest, first.digest);
  });

  it('stores a shared layer once', async () => {
    const base: Entry[] = [{ path: 'etc/base', text: 'shared' }];
    const images = [];
    for (const name of ['one', 'two'])
      images.push(
        await buildImage(dir, {
          names: [`docker.io/library/${name}:1`],
          layers: [base, [{ path: name, text: name }]],
        }),
      );
    const names = await namesIn(await writeArchive(dir, images));
    assert.equal(new Set(names).size, names.length);
    // the two documents, then 3 layers, 2 configurations, 2 manifests
    assert.equal(names.filter((name) => name.startsWith('blobs/')).length, 7);
  });
});
