// The Kubernetes subnet manager against the real API server: two nodes find each other by
// annotations.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { NODES } from '../../../pkg/apis/resource-types.js';
import type { Client } from '../../../pkg/client/client.js';
import { createInformerFactory } from '../../../pkg/client/informer-factory.js';
import { loadKubeconfig } from '../../../pkg/client/kubeconfig.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { formatNet } from '../../../pkg/util/netaddr/net.js';
import { KubeSubnetManager } from '../../../pkg/flannel/subnet/kube-manager.js';
import type { Leases } from '../../../pkg/flannel/subnet/manager.js';
import { realEnv } from '../../../pkg/system/env.js';
import { BOUND_MS, eventually } from '../../support/control-plane.js';

const env = realEnv('test', 'error');
const PREFIX = 'flannel.alpha.coreos.com';

describe('flannel kube subnet manager', function () {
  this.timeout(3 * BOUND_MS);
  let api: RunningApiServer;
  let client: Client;
  let dir: string;
  const stop = new AbortController();
  const running: Promise<unknown>[] = [];

  before(async () => {
    api = await startApiServer();
    await api.ready();
    client = createClient(await loadKubeconfig(api.kubeconfig), env);
    dir = await mkdtemp(join(tmpdir(), 'wh-kube-subnet-'));
    await writeFile(
      join(dir, 'net-conf.json'),
      '{"Network":"10.244.0.0/16","Backend":{"Type":"vxlan"}}',
    );
  });
  after(async () => {
    stop.abort();
    await Promise.allSettled(running);
    await client?.close();
    await api?.stop();
    if (dir) await rm(dir, { recursive: true });
  });

  const manager = (nodeName: string) => {
    const informers = createInformerFactory(client, env);
    const made = new KubeSubnetManager(env, client, informers, {
      nodeName,
      annotationPrefix: PREFIX,
      netConfigPath: join(dir, 'net-conf.json'),
      setNodeNetworkUnavailable: true,
    });
    running.push(informers.run(stop.signal));
    return made;
  };
  const attrs = (last: number) => ({
    publicIP: `192.0.2.${last}`,
    backendType: 'vxlan',
    backendData: { VNI: 1, VtepMAC: `02:00:00:00:00:0${last}` },
  });
  const create = (name: string, spec: object) =>
    client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec } as never);

  it('leases podCIDRs, follows peers, and writes the annotations that peers read', async () => {
    const a = manager('node-a');
    const b = manager('node-b');
    const config = await a.config(stop.signal);
    const waiting = a.acquire(config, attrs(1), undefined, stop.signal);
    await create('node-a', {});
    await create('node-b', { podCIDR: '10.244.2.0/24', podCIDRs: ['10.244.2.0/24'] });
    await client.patch(
      NODES,
      { name: 'node-a' },
      { spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] } },
      { type: 'strategic' },
    );
    const leaseA = await waiting;
    assert.equal(formatNet(leaseA.subnet), '10.244.1.0/24');
    let seen: Leases = new Map();
    const lost = a.run(leaseA, (leases) => (seen = new Map(leases)), stop.signal);
    running.push(lost);
    const leaseB = await b.acquire(config, attrs(2), undefined, stop.signal);
    await eventually('the peer', async () => isDeepStrictEqual(seen.get('node-b'), leaseB));

    const node = await client.get(NODES, { name: 'node-a' });
    assert.equal(
      node.metadata.annotations![`${PREFIX}/backend-data`],
      '{"VNI":1,"VtepMAC":"02:00:00:00:00:01"}',
    );
    assert.equal(node.metadata.annotations![`${PREFIX}/public-ip`], '192.0.2.1');
    assert.equal(node.metadata.annotations![`${PREFIX}/kube-subnet-manager`], 'true');
    const condition = node.status?.conditions?.find((one) => one.type === 'NetworkUnavailable');
    assert.deepEqual([condition?.status, condition?.reason], ['False', 'FlannelIsUp']);

    await client.delete(NODES, { name: 'node-b' });
    await eventually('the peer to go', async () => [...seen.keys()].join() === 'node-a');

    // A recreated Node gets its annotations back; a Node with another podCIDR ends the lease.
    await client.patch(
      NODES,
      { name: 'node-a' },
      { metadata: { annotations: { [`${PREFIX}/kube-subnet-manager`]: null } } },
      { type: 'strategic' },
    );
    await eventually(
      'the annotation',
      async () =>
        (await client.get(NODES, { name: 'node-a' })).metadata.annotations?.[
          `${PREFIX}/kube-subnet-manager`
        ] === 'true',
    );
    await client.delete(NODES, { name: 'node-a' });
    await create('node-a', { podCIDR: '10.244.9.0/24', podCIDRs: ['10.244.9.0/24'] });
    await lost;
    assert.equal(
      formatNet((await a.acquire(config, attrs(1), undefined, stop.signal)).subnet),
      '10.244.9.0/24',
    );
  });
});
