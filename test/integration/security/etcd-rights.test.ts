// The certificates of a cluster at a real etcd, with the rights that hack/up gives them.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ETCD_RIGHTS } from '../../../hack/cluster/etcd-rights.js';
import { startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { loadKubeconfig } from '../../../pkg/client/kubeconfig.js';
import { CONFIG_MAPS } from '../../../pkg/apis/resource-types.js';
import { grantRights } from '../../../pkg/storage/etcd/auth.js';
import { openEtcdStorage } from '../../../pkg/storage/etcd/etcd-storage.js';
import type { Storage } from '../../../pkg/storage/storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import { ensureClusterPki, type ClusterPki } from '../../../pkg/system/pki/cluster-pki.js';
import { startEtcd, type EtcdProcess } from '../../support/etcd-process.js';

const DENIED = /permission denied/;
const NO_ADMINISTRATOR = /permission denied|user name not found/;
const VALUE = Buffer.from('value');
const SECRET = '/registry/secrets/default/token';
const SUBNETS = '/coreos.com/network/subnets/';
const CONFIG = '/coreos.com/network/config';

describe('rights at etcd', function () {
  this.timeout(60_000);
  const env = realEnv('test', 'error');
  const opened: Storage[] = [];
  let folder: string;
  let pki: ClusterPki;
  let etcd: EtcdProcess;

  const identity = (file: string) => {
    const { certPem, keyPem } = pki.certificates[file]!;
    return { ca: pki.etcdCa.certPem, cert: certPem, key: keyPem };
  };
  const as = (file: string): Storage => {
    const storage = openEtcdStorage({ endpoints: [etcd.endpoint], tls: identity(file), env });
    opened.push(storage);
    return storage;
  };
  const grant = (rights = ETCD_RIGHTS) =>
    grantRights({ endpoints: [etcd.endpoint], tls: identity('etcd/root'), env }, rights);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-etcd-rights-'));
    pki = await ensureClusterPki(folder);
    const file = (name: string) => join(folder, 'etcd', name);
    const client = identity('etcd/root');
    const own = { ca: file('ca.crt'), cert: file('server.crt'), key: file('server.key') };
    etcd = await startEtcd({ ...own, client });
    await grant();
    const root = as('etcd/root');
    for (const key of [SECRET, CONFIG, `${SUBNETS}10.0.0.0-24`, '/skydns/local/web'])
      await root.put(key, VALUE);
  });
  after(async () => {
    for (const storage of opened) await storage.close();
    await etcd.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const watchOnce = async (storage: Storage, prefix: string) => {
    const signal = AbortSignal.timeout(60_000);
    for await (const { events } of storage.watch(prefix, { fromRevision: 1, signal }))
      if (events.length) return;
  };

  for (const file of ['flanneld-etcd-client', 'skydns-etcd-client', 'etcd/healthcheck-client'])
    it(`${file} cannot read, list, watch or change the objects of the cluster`, async () => {
      const storage = as(file);
      await assert.rejects(storage.get(SECRET), DENIED);
      await assert.rejects(storage.list('/registry/'), DENIED);
      await assert.rejects(storage.list(''), DENIED);
      await assert.rejects(storage.list('/'), DENIED);
      await assert.rejects(watchOnce(storage, '/registry/secrets/'), DENIED);
      await assert.rejects(watchOnce(storage, ''), DENIED);
      await assert.rejects(storage.put(SECRET, VALUE), DENIED);
      await assert.rejects(storage.delete(SECRET), DENIED);
      await assert.rejects(
        storage.transact([{ key: '/nothing', modRevision: 0 }], [{ type: 'get', key: SECRET }]),
        DENIED,
      );
      // A comparison alone answers questions about a key.
      await assert.rejects(storage.transact([{ key: SECRET, modRevision: 0 }], []), DENIED);
    });

  it('flanneld keeps leases, and neither moves the network nor reads records', async () => {
    const storage = as('flanneld-etcd-client');
    assert.ok((await storage.get(CONFIG)).kv);
    const lease = await storage.grantLease(60);
    await storage.put(`${SUBNETS}10.0.1.0-24`, VALUE, { lease });
    await watchOnce(storage, SUBNETS);
    await assert.rejects(storage.put(CONFIG, VALUE), DENIED);
    await assert.rejects(storage.put('/coreos.com/networks', VALUE), DENIED);
    await assert.rejects(storage.list('/skydns/'), DENIED);
  });

  it('skydns reads records and changes none', async () => {
    const storage = as('skydns-etcd-client');
    assert.equal((await storage.list('/skydns/')).kvs.length, 1);
    await watchOnce(storage, '/skydns/');
    await assert.rejects(storage.put('/skydns/local/web', VALUE), DENIED);
    await assert.rejects(storage.list(SUBNETS), DENIED);
  });

  it('only the administrator changes rights', async () => {
    for (const file of ['apiserver-etcd-client', 'flanneld-etcd-client', 'etcd/server']) {
      const options = { endpoints: [etcd.endpoint], tls: identity(file), env };
      const all = { 'flanneld-etcd-client': [{ access: 'read', prefix: '' }] } as const;
      await assert.rejects(grantRights(options, all), NO_ADMINISTRATOR);
    }
  });

  it('takes back what is no longer granted', async () => {
    const more = [{ access: 'readwrite', prefix: '/more/' }] as const;
    await grant({ ...ETCD_RIGHTS, 'skydns-etcd-client': more });
    const storage = as('skydns-etcd-client');
    await storage.put('/more/a', VALUE);
    await grant();
    await assert.rejects(storage.put('/more/a', VALUE), DENIED);
    assert.equal((await storage.list('/skydns/')).kvs.length, 1);
  });

  it('the API server works with its rights, and writes no network', async () => {
    const storage = as('apiserver-etcd-client');
    await as('etcd/root').delete(SECRET);
    const server = await startApiServer({ storage });
    try {
      await server.ready();
      const client = createClient(await loadKubeconfig(server.kubeconfig), env);
      const metadata = { name: 'a', namespace: 'default' };
      await client.create(CONFIG_MAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        data: { a: 'b' },
      });
      assert.equal((await client.get(CONFIG_MAPS, metadata)).data?.['a'], 'b');
      await client.close();
      await assert.rejects(storage.put(CONFIG, VALUE), DENIED);
    } finally {
      await server.stop();
    }
  });
});
