// Values at rest, as somebody sees them who can read the store.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEncryption } from '../../../cmd/kube-apiserver/encryption.js';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { CONFIG_MAPS, SECRETS } from '../../../pkg/apis/resource-types.js';
import type { Client } from '../../../pkg/client/client.js';
import { loadKubeconfig } from '../../../pkg/client/kubeconfig.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { createMemoryStorage } from '../../../pkg/storage/memory/memory-storage.js';
import type { Storage } from '../../../pkg/storage/storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import { startKmsPlugin, type KmsPlugin } from '../../support/kms-plugin.js';

const env = realEnv('test', 'error');
const KEY = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const key = (name: string, fill: number) => `{ name: ${name}, secret: ${KEY(fill)} }`;
const PASSWORD = 'correct horse battery staple';
const DATA = { password: Buffer.from(PASSWORD).toString('base64') };

const config = (...entries: [resources: string, providers: string][]) => `
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
${entries.map(([resources, providers]) => `- resources: [${resources}]\n  providers: [${providers}]`).join('\n')}
`;

interface Running {
  server: RunningApiServer;
  client: Client;
  checks: Readonly<Record<string, () => Promise<void>>>;
  stop(): Promise<void>;
}

describe('encryption at rest', function () {
  this.timeout(60_000);
  let folder: string;
  let file: string;
  let storage: Storage;
  let running: Running | undefined;

  const write = async (text: string) => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  /** Starts a server on the same store, with this configuration; without one, a plain server. */
  const start = async (text?: string, reload = false): Promise<Running> => {
    await running?.stop();
    if (text !== undefined) await write(text);
    const controller = new AbortController();
    const encryption = text === undefined ? undefined : await openEncryption(file, reload, env);
    const server = await startApiServer({ storage, ...(encryption ? { encryption } : {}) });
    await server.ready();
    const loop = encryption?.run(controller.signal);
    const client = createClient(await loadKubeconfig(server.kubeconfig), env);
    const stop = async () => {
      controller.abort(new Error('test over'));
      await loop;
      await client.close();
      await server.stop();
      running = undefined;
    };
    running = { server, client, checks: encryption?.checks ?? {}, stop };
    return running;
  };
  const stored = async (path: string) =>
    Buffer.from((await storage.get(`/registry/${path}`)).kv!.value).toString('latin1');
  const secret = (name: string) => ({
    apiVersion: 'v1' as const,
    kind: 'Secret' as const,
    metadata: { name, namespace: 'default' },
    data: DATA,
  });
  const read = (name: string) => running!.client.get(SECRETS, { name, namespace: 'default' });
  const until = async (ask: () => Promise<unknown>) => {
    const end = Date.now() + 40_000;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (Date.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-encryption-'));
    file = join(folder, 'encryption.yaml');
    storage = createMemoryStorage(env);
  });
  afterEach(async () => {
    await running?.stop();
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const provider of ['aesgcm', 'aescbc', 'secretbox'])
    it(`writes secrets by ${provider}, and nothing else`, async () => {
      const { client } = await start(
        config(['secrets', `{ ${provider}: { keys: [${key('one', 1)}] } }`]),
      );
      await client.create(SECRETS, secret('a'));
      await client.create(CONFIG_MAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', namespace: 'default' },
        data: { text: PASSWORD },
      });
      const value = await stored('secrets/default/a');
      assert.ok(value.startsWith(`k8s:enc:${provider}:v1:one:`), value.slice(0, 40));
      assert.ok(!value.includes(DATA.password) && !value.includes('Secret'));
      assert.ok((await stored('configmaps/default/a')).includes(PASSWORD));
      assert.deepEqual((await read('a')).data, DATA);
      await client.patch(
        SECRETS,
        { name: 'a', namespace: 'default' },
        { data: { more: 'YQ==' } },
        { type: 'merge' },
      );
      assert.ok((await stored('secrets/default/a')).startsWith(`k8s:enc:${provider}:v1:one:`));
      await start(config(['secrets', `{ ${provider}: { keys: [${key('one', 1)}] } }`]));
      assert.deepEqual((await read('a')).data, { ...DATA, more: 'YQ==' });
      await running!.client.delete(SECRETS, { name: 'a', namespace: 'default' });
      await assert.rejects(read('a'), /not found/);
    });

  it('takes another key for what is written again, with nothing changed', async () => {
    const first = await start(config(['secrets', `{ aescbc: { keys: [${key('one', 1)}] } }`]));
    await first.client.create(SECRETS, secret('a'));
    await start(
      config([
        'secrets',
        `{ aesgcm: { keys: [${key('two', 2)}] } }, { aescbc: { keys: [${key('one', 1)}] } }`,
      ]),
    );
    const before = await read('a');
    assert.ok((await stored('secrets/default/a')).startsWith('k8s:enc:aescbc:v1:one:'));
    const after = await running!.client.update(SECRETS, before);
    assert.ok((await stored('secrets/default/a')).startsWith('k8s:enc:aesgcm:v1:two:'));
    assert.notEqual(after.metadata.resourceVersion, before.metadata.resourceVersion);
    // A second time there is nothing to write.
    const again = await running!.client.update(SECRETS, after);
    assert.equal(again.metadata.resourceVersion, after.metadata.resourceVersion);
    await start(config(['secrets', `{ aesgcm: { keys: [${key('two', 2)}] } }`]));
    assert.deepEqual((await read('a')).data, DATA);
  });

  it('leads into encryption and out of it', async () => {
    const plain = await start();
    await plain.client.create(SECRETS, secret('a'));
    const cipher = `{ secretbox: { keys: [${key('one', 1)}] } }`;
    await start(config(['secrets', `${cipher}, { identity: {} }`]));
    await running!.client.update(SECRETS, await read('a'));
    assert.ok((await stored('secrets/default/a')).startsWith('k8s:enc:secretbox:v1:one:'));
    await start(config(['secrets', `{ identity: {} }, ${cipher}`]));
    await running!.client.update(SECRETS, await read('a'));
    assert.ok((await stored('secrets/default/a')).startsWith('{'));
    await start();
    assert.deepEqual((await read('a')).data, DATA);
  });

  it('a value that cannot be decrypted costs its resource only', async () => {
    const cipher = `{ aesgcm: { keys: [${key('one', 1)}] } }`;
    const { client } = await start(config(['secrets', cipher]));
    await client.create(SECRETS, secret('a'));
    await client.create(SECRETS, secret('b'));
    // Moved from one name to another: the store's key is authenticated.
    await storage.put(
      '/registry/secrets/default/b',
      (await storage.get('/registry/secrets/default/a')).kv!.value,
    );
    const broken =
      /Internal error occurred: unable to transform key "\/registry\/secrets\/default\/b": cipher: message authentication failed/;
    for (const round of ['seen by the watch', 'seen at the start']) {
      await until(() => assert.rejects(read('b'), broken, round));
      await assert.rejects(running!.client.list(SECRETS, { namespace: 'default' }), broken);
      await assert.rejects(
        running!.client.delete(SECRETS, { name: 'b', namespace: 'default' }),
        broken,
      );
      assert.deepEqual((await read('a')).data, DATA);
      await running!.client.list(CONFIG_MAPS, { namespace: 'default' });
      await start(config(['secrets', cipher]));
    }
    await start();
    await assert.rejects(read('a'), /Internal error occurred/);
    await running!.client.list(CONFIG_MAPS, { namespace: 'default' });
  });

  it('covers wildcards and custom groups, the most exact rule first', async () => {
    const rules = config(
      ['configmaps', `{ identity: {} }`],
      ['"*."', `{ aesgcm: { keys: [${key('core', 1)}] } }`],
      ['"*.*"', `{ aescbc: { keys: [${key('rest', 2)}] } }`],
    );
    const { client } = await start(rules);
    await client.create(SECRETS, secret('a'));
    assert.ok((await stored('secrets/default/a')).startsWith('k8s:enc:aesgcm:v1:core:'));
    assert.ok((await stored('namespaces/default')).startsWith('k8s:enc:aesgcm:v1:core:'));
    assert.ok((await stored('services/specs/default/kubernetes')).startsWith('k8s:enc:aesgcm:'));
    assert.ok((await stored('clusterroles/cluster-admin')).startsWith('k8s:enc:aescbc:v1:rest:'));
    assert.ok(
      (await stored('configmaps/kube-system/extension-apiserver-authentication')).startsWith('{'),
    );
  });

  it('follows its file, keeps the last good one, and reads what a new key opens', async () => {
    const [one, two] = [key('one', 1), key('two', 2)];
    const { client } = await start(config(['secrets', `{ aesgcm: { keys: [${one}] } }`]), true);
    await client.create(SECRETS, secret('a'));
    await write(config(['secrets', `{ aesgcm: { keys: [${two}] } }`]));
    await until(async () => {
      await client.delete(SECRETS, { name: 'b', namespace: 'default' }).catch(() => {});
      await client.create(SECRETS, secret('b'));
      assert.ok((await stored('secrets/default/b')).startsWith('k8s:enc:aesgcm:v1:two:'));
    });
    await write('not: [a configuration');
    await client.create(SECRETS, secret('c'));
    assert.ok((await stored('secrets/default/c')).startsWith('k8s:enc:aesgcm:v1:two:'));
    await start(config(['secrets', `{ aesgcm: { keys: [${two}] } }`]), true);
    await assert.rejects(read('a'), /no matching key was found for the provided AES transformer/);
    await write(config(['secrets', `{ aesgcm: { keys: [${two}, ${one}] } }`]));
    await until(async () => assert.deepEqual((await read('a')).data, DATA));
  });

  describe('with a KMS plugin', () => {
    let plugin: KmsPlugin;
    const kms = (timeout = '3s') =>
      config([
        'secrets',
        `{ kms: { apiVersion: v2, name: vault, endpoint: "${plugin.endpoint}", timeout: ${timeout} } }`,
      ]);

    beforeEach(async () => {
      plugin = await startKmsPlugin();
    });
    afterEach(() => plugin.stop());

    it('asks it once for many values', async () => {
      const { client, checks } = await start(kms());
      for (const name of ['a', 'b', 'c']) await client.create(SECRETS, secret(name));
      const value = await stored('secrets/default/a');
      assert.ok(value.startsWith('k8s:enc:kms:v2:vault:') && !value.includes(DATA.password));
      assert.deepEqual([plugin.calls.encrypt, plugin.calls.decrypt], [1, 0]);
      await checks['kms-provider-0']!();
      await start(kms());
      assert.equal((await running!.client.list(SECRETS, { namespace: 'default' })).items.length, 3);
      assert.deepEqual([plugin.calls.encrypt, plugin.calls.decrypt], [2, 1]);
    });

    it('writes again what its old key encrypted', async () => {
      await start(kms());
      await running!.client.create(SECRETS, secret('a'));
      plugin.state.keyId = 'key-2';
      await start(kms());
      const before = await read('a');
      const after = await running!.client.update(SECRETS, before);
      assert.notEqual(after.metadata.resourceVersion, before.metadata.resourceVersion);
      assert.ok((await stored('secrets/default/a')).includes('key-2'));
      assert.deepEqual((await read('a')).data, DATA);
    });

    it('its absence costs the secrets, until it is back', async () => {
      await start(kms());
      await running!.client.create(SECRETS, secret('a'));
      await running!.stop();
      await plugin.halt();
      const { client, checks } = await start(kms('200ms'));
      await assert.rejects(read('a'), /unable to transform key .* failed to decrypt DEK/);
      await assert.rejects(client.create(SECRETS, secret('b')), /Internal error occurred/);
      await client.list(CONFIG_MAPS, { namespace: 'default' });
      await assert.rejects(checks['kms-provider-0']!(), /failed to perform status section/);
      await plugin.start();
      await until(async () => assert.deepEqual((await read('a')).data, DATA));
      await until(() => client.create(SECRETS, secret('b')));
    });

    it('its word that it is ill is believed', async () => {
      plugin.state.healthz = 'no connection to the vault';
      const { client, checks } = await start(kms());
      await assert.rejects(
        checks['kms-provider-0']!(),
        /kmsv2 Provider vault is not healthy, error: got unexpected healthz status: no connection/,
      );
      await assert.rejects(client.create(SECRETS, secret('a')), /Internal error occurred/);
    });
  });
});
