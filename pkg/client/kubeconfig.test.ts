import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { inClusterConfig, loadKubeconfig } from './kubeconfig.js';

describe('kubeconfig', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const write = async (user: object, cluster: object = {}): Promise<string> => {
    const path = join(directory, 'config');
    await writeFile(
      path,
      stringify({
        'current-context': 'c',
        contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'n' } }],
        clusters: [{ name: 'k', cluster: { server: 'https://h:1/', ...cluster } }],
        users: [{ name: 'u', user }],
      }),
    );
    return path;
  };

  it('reads JSON, which is YAML', async () => {
    const path = await write({ token: 't' });
    await writeFile(path, JSON.stringify(parse(await readFile(path, 'utf8'))));
    assert.deepEqual(await loadKubeconfig(path), {
      server: 'https://h:1',
      token: 't',
      namespace: 'n',
    });
  });

  it('reads certificates from the file and from relative paths', async () => {
    await writeFile(join(directory, 'ca.crt'), 'CA');
    const config = await loadKubeconfig(
      await write(
        {
          'client-certificate-data': btoa('CERT'),
          'client-key-data': btoa('KEY'),
          tokenFile: 'token',
        },
        { 'certificate-authority': 'ca.crt' },
      ),
    );
    assert.equal(config.server, 'https://h:1');
    assert.deepEqual([config.ca, config.cert, config.key].map(String), ['CA', 'CERT', 'KEY']);
    assert.equal(config.tokenFile, join(directory, 'token'));
    assert.equal(config.namespace, 'n');
  });

  it('follows a pair in files, not one in the text', async () => {
    for (const file of ['a.pem', 'b.pem']) await writeFile(join(directory, file), file);
    const inFiles = { 'client-certificate': 'a.pem', 'client-key': 'b.pem' };
    const { cert, key, pairFiles } = await loadKubeconfig(await write(inFiles));
    assert.deepEqual([cert, key].map(String), ['a.pem', 'b.pem']);
    assert.deepEqual(pairFiles, [join(directory, 'a.pem'), join(directory, 'b.pem')]);
    const half = await loadKubeconfig(await write({ ...inFiles, 'client-key-data': btoa('K') }));
    assert.equal(half.pairFiles, undefined);
  });

  it('names the missing field', async () => {
    await assert.rejects(loadKubeconfig(await write({}), 'other'), /no context "other"/);
    await assert.rejects(loadKubeconfig(await write({ exec: {} })), /credentials of kind "exec"/);
  });

  it('reads the service account of a pod', async () => {
    await Promise.all(
      ['token', 'ca.crt', 'namespace'].map((name) => writeFile(join(directory, name), name)),
    );
    const config = await inClusterConfig(
      { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' },
      directory,
    );
    assert.equal(config.server, 'https://[fd00::1]:443');
    assert.equal(config.tokenFile, join(directory, 'token'));
    await assert.rejects(inClusterConfig({}, directory), /must be defined/);
  });
});
