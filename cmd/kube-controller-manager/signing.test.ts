import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCa } from '../../pkg/system/pki/certificates.js';
import { parseOptions } from './options.js';
import { signingAuthorities } from './run.js';

describe('authorities of signers', () => {
  let folder: string;
  let flags: (name: string, file: string) => string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-signers-'));
    for (const name of ['one', 'two']) {
      const { certPem, keyPem } = createCa(name);
      await writeFile(join(folder, `${name}.crt`), certPem);
      await writeFile(join(folder, `${name}.key`), keyPem);
    }
    flags = (name, file) => [
      `--cluster-signing${name}-cert-file=${join(folder, `${file}.crt`)}`,
      `--cluster-signing${name}-key-file=${join(folder, `${file}.key`)}`,
    ];
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('are one for all, or one for each that signs', async () => {
    const all = await signingAuthorities(parseOptions(flags('', 'one')));
    assert.equal(all.size, 4);
    assert.equal(new Set(all.values()).size, 1);
    const own = await signingAuthorities(
      parseOptions([...flags('-kubelet-serving', 'one'), ...flags('-legacy-unknown', 'two')]),
    );
    assert.deepEqual(
      [...own.keys()],
      ['kubernetes.io/kubelet-serving', 'kubernetes.io/legacy-unknown'],
    );
    assert.equal(new Set([...own.values()].map(({ certPem }) => certPem)).size, 2);
    assert.equal((await signingAuthorities(parseOptions([]))).size, 0);
  });

  it('are not mixed, and have both files', async () => {
    await assert.rejects(
      signingAuthorities(parseOptions([...flags('', 'one'), ...flags('-kubelet-client', 'two')])),
      /cannot specify --cluster-signing-\{cert,key\}-file and other/,
    );
    await assert.rejects(
      signingAuthorities(parseOptions(flags('-kubelet-client', 'one').slice(0, 1))),
      /go together/,
    );
  });
});
