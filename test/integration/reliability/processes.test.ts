// Guarantees that hold while servers and etcd restart: unique values stay unique, outages are
// reported in time, informers recover, expired events are deleted, a terminated server finishes its
// requests.
import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG_MAPS } from '../../../pkg/apis/resource-types.js';
import type { Client } from '../../../pkg/client/client.js';
import { createInformer } from '../../../pkg/client/informer-factory.js';
import { loadKubeconfig } from '../../../pkg/client/kubeconfig.js';
import { StoreSetBack } from '../../../pkg/client/reflector.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { openEtcdStorage } from '../../../pkg/storage/etcd/etcd-storage.js';
import type { Storage } from '../../../pkg/storage/storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import type { Json, Reply } from './http-client.js';
import { startCluster, until, type Cluster, type Server } from './server-process.js';

const NS = '/api/v1/namespaces/default';
const CALL_MS = 30_000;
const EVENT_TTL_SECONDS = 100;

describe('apiserver processes', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let one: Server;
  let two: Server;
  let storage: Storage;
  const call = (server: Server, method: string, path: string, body?: unknown): Promise<Reply> =>
    server.client.call(method, path, body, CALL_MS);
  const ok = async (reply: Promise<Reply>): Promise<Json> => {
    const { status, json } = await reply;
    assert.ok(status === 200 || status === 201, `${status} ${JSON.stringify(json)}`);
    return json;
  };
  const keysBelow = async (prefix: string) =>
    new Map(
      (await storage.list(prefix)).kvs.map(({ key, value }) => [
        key,
        new TextDecoder().decode(value),
      ]),
    );

  before(async () => {
    cluster = await startCluster(2, [`--event-ttl=${EVENT_TTL_SECONDS}s`]);
    [one, two] = cluster.servers as [Server, Server];
    storage = openEtcdStorage({
      endpoints: [cluster.etcd.endpoint],
      env: realEnv('test', 'error'),
    });
  });
  after(async () => {
    await storage?.close();
    await cluster?.stop();
  });

  it('never allocate one address or node port twice while a server is killed, and leave no allocation behind', async () => {
    const create = (at: number) =>
      call(at % 2 ? one : two, 'POST', `${NS}/services`, {
        metadata: { name: `s${at}`, labels: { t: 'claims' } },
        spec: { type: 'NodePort', ports: [{ port: 80 }] },
      });
    const creating = Promise.all(Array.from({ length: 60 }, (_, at) => create(at)));
    await until(
      'the first services are there',
      async () => (await keysBelow('/registry/services/specs/default/')).size > 8,
    );
    await two.kill();
    const replies = await creating;
    two.start();
    await two.ready();
    const acknowledged = replies.flatMap(({ status, json }) =>
      status === 201 ? [String(json.metadata.name)] : [],
    );
    const list: Json[] = (await ok(call(two, 'GET', `${NS}/services?labelSelector=t%3Dclaims`)))
      .items;
    const names = new Set(list.map(({ metadata }) => String(metadata.name)));
    assert.ok(
      acknowledged.length > 20 && acknowledged.every((name) => names.has(name)),
      'an acknowledged service is lost',
    );
    for (const values of [
      list.map(({ spec }) => String(spec.clusterIP)),
      list.map(({ spec }) => String(spec.ports[0].nodePort)),
    ]) {
      assert.equal(new Set(values).size, list.length);
    }
    await Promise.all(
      list
        .filter((_, at) => at % 3 === 0)
        .map(({ metadata }) => ok(call(one, 'DELETE', `${NS}/services/${String(metadata.name)}`))),
    );
    const services = await keysBelow('/registry/services/specs/');
    const claims = await keysBelow('/registry/ranges/');
    for (const [claim, holder] of claims)
      assert.ok(services.has(holder), `${claim} is held by ${holder}, which is gone`);
    assert.ok(claims.size >= 2 * (list.length - Math.ceil(list.length / 3)));
  });

  it('count a quota exactly under concurrent creates on one server', async () => {
    await ok(call(one, 'POST', '/api/v1/namespaces', { metadata: { name: 'quota' } }));
    await ok(
      call(one, 'POST', '/api/v1/namespaces/quota/resourcequotas', {
        metadata: { name: 'q' },
        spec: { hard: { configmaps: '5' } },
      }),
    );
    const replies = await Promise.all(
      Array.from({ length: 20 }, () =>
        call(one, 'POST', '/api/v1/namespaces/quota/configmaps', {
          metadata: { generateName: 'c-' },
        }),
      ),
    );
    assert.deepEqual(
      [
        replies.filter(({ status }) => status === 201).length,
        replies.filter(({ status }) => status === 403).length,
      ],
      [5, 15],
    );
  });

  it('keep events by a lease and report each deletion to every watcher when it expires', async () => {
    const event = (at: number) => ({
      metadata: { name: `e${at}`, namespace: 'default' },
      involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' },
      reason: 'Test',
      type: 'Normal',
    });
    const told: string[] = [];
    const stop = new AbortController();
    const watching = two.client.watch(
      `${NS}/events?watch=1&resourceVersion=0`,
      ({ type, object }) => told.push(`${String(type)} ${String(object.metadata.name)}`),
      stop.signal,
      CALL_MS,
    );
    for (let at = 0; at < 5; at++) await ok(call(one, 'POST', `${NS}/events`, event(at)));
    const leases = new Set<string>();
    for (let at = 0; at < 5; at++)
      leases.add((await storage.get(`/registry/events/default/e${at}`)).kv!.lease!);
    for (const lease of leases) {
      const left = await storage.keepAliveLease(lease);
      assert.ok(left >= EVENT_TTL_SECONDS && left <= EVENT_TTL_SECONDS + 60, `lease of ${left} s`);
      await storage.revokeLease(lease); // as etcd does at expiry: all keys in one revision
    }
    await until('all are told deleted', () =>
      [0, 1, 2, 3, 4].every((at) => told.includes(`DELETED e${at}`)),
    );
    stop.abort();
    await watching;
    assert.equal((await call(one, 'GET', `${NS}/events/e1`)).status, 404);
  });

  it('report an outage of etcd in bounded time, serve requests that need no etcd, and recover without a restart', async () => {
    await ok(call(one, 'POST', `${NS}/configmaps`, { metadata: { name: 'kept' } }));
    cluster.etcd.pause();
    try {
      assert.equal((await call(one, 'GET', '/readyz')).status, 500);
      assert.equal((await call(one, 'GET', `${NS}/configmaps/kept?resourceVersion=0`)).status, 200);
      const replies = await Promise.all([
        call(one, 'GET', `${NS}/configmaps/kept`),
        call(one, 'GET', `${NS}/configmaps`),
        call(one, 'POST', `${NS}/configmaps`, { metadata: { name: 'unknown' } }),
        call(one, 'DELETE', `${NS}/configmaps/none`),
      ]);
      for (const { status, json } of replies)
        assert.deepEqual([status, json.kind, json.reason], [504, 'Status', 'Timeout']);
    } finally {
      cluster.etcd.resume();
    }
    await until('ready again', async () => (await call(one, 'GET', '/readyz')).status === 200);
    await ok(call(one, 'POST', `${NS}/configmaps`, { metadata: { name: 'after' } }));
    await ok(call(two, 'GET', `${NS}/configmaps/after`));
  });

  it('bring informers back to the current state after every fault', async () => {
    await call(one, 'POST', `${NS}/configmaps`, { metadata: { name: 'kept' } });
    const env = realEnv('test', 'error');
    const clients: Client[] = await Promise.all(
      cluster.servers.map(async (server) =>
        createClient(await loadKubeconfig(await cluster.kubeconfig(server)), env),
      ),
    );
    const stop = new AbortController();
    const begin = (client: Client) =>
      createInformer(env, client, CONFIG_MAPS, { namespace: 'default' });
    const informers = clients.map(begin);
    /** Begins anew, as the supervisor of a process lets it do. */
    const follow = async (client: Client, at: number): Promise<void> => {
      try {
        await informers[at]!.run(stop.signal);
      } catch (error) {
        if (!(error instanceof StoreSetBack)) throw error;
        informers[at] = begin(client);
        await follow(client, at);
      }
    };
    const running = clients.map(follow);
    const converged = async () => {
      const { items } = await ok(call(one, 'GET', `${NS}/configmaps`));
      const truth = (items as Json[])
        .map(({ metadata }) => `${String(metadata.name)}@${String(metadata.resourceVersion)}`)
        .sort()
        .join();
      return informers.every(
        (informer) =>
          informer.store
            .list()
            .map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`)
            .sort()
            .join() === truth,
      );
    };
    await until('informers have the current state', converged);
    const faults: Record<string, () => Promise<void>> = {
      'server killed': async () => {
        await two.kill();
        await ok(
          call(one, 'POST', `${NS}/configmaps`, { metadata: { name: 'while-two-was-gone' } }),
        );
        two.start();
        await two.ready();
      },
      'etcd killed': () => cluster.etcd.restart(),
      'server behind a compaction': async () => {
        two.pause();
        await ok(call(one, 'DELETE', `${NS}/configmaps/while-two-was-gone`));
        await cluster.etcd.restart();
        await storage.compact(await storage.currentRevision());
        two.resume();
      },
      'etcd put back from a backup': async () => {
        const { etcd, folder } = cluster;
        const backup = join(folder, 'backup');
        await etcd.kill();
        await cp(etcd.dataDir, backup, { recursive: true });
        await etcd.start();
        for (let at = 0; at < 30; at++)
          await ok(
            call(at % 2 ? one : two, 'POST', `${NS}/configmaps`, {
              metadata: { name: `lost-${at}` },
            }),
          );
        await until('informers have the state that will be lost', converged);
        await etcd.kill();
        await rm(etcd.dataDir, { recursive: true });
        await cp(backup, etcd.dataDir, { recursive: true });
        await etcd.start();
        for (const server of cluster.servers)
          assert.equal((await call(server, 'GET', `${NS}/configmaps/lost-1`)).status, 404);
      },
      'link cut': async () => {
        two.link.cut();
        await until('not ready', async () => (await call(two, 'GET', '/readyz')).status === 500);
        two.link.mend();
      },
    };
    for (const [name, fault] of Object.entries(faults)) {
      await fault();
      await until(
        `writes after: ${name}`,
        async () =>
          (
            await one.client.call(
              'PATCH',
              `${NS}/configmaps/kept`,
              { data: { fault: name } },
              CALL_MS,
              'application/merge-patch+json',
            )
          ).status === 200,
      );
      await until(`informers after: ${name}`, converged);
    }
    stop.abort(new Error('test over'));
    await Promise.all(running);
    await Promise.all(clients.map((client) => client.close()));
  });

  it('finish requests in flight and end watches cleanly on SIGTERM', async () => {
    await two.ready();
    const stop = new AbortController();
    let lines = 0;
    const watching = two.client.watch(
      `${NS}/configmaps?watch=1`,
      () => lines++,
      stop.signal,
      CALL_MS,
    );
    await until('the watch runs', () => lines > 0);
    two.link.delay(400);
    const inFlight = [
      ...Array.from({ length: 5 }, (_, at) =>
        call(two, 'POST', `${NS}/configmaps`, { metadata: { name: `last-${at}` } }),
      ),
      ...Array.from({ length: 5 }, () => call(two, 'GET', `${NS}/configmaps`)),
    ];
    await until('the server has them', async () =>
      /apiserver_current_inflight_requests\{request_kind="mutating"\} [1-9]/.test(
        (await call(two, 'GET', '/metrics')).text,
      ),
    );
    const ended = two.kill('SIGTERM');
    assert.deepEqual(
      (await Promise.all(inFlight)).map(({ status }) => status),
      [201, 201, 201, 201, 201, 200, 200, 200, 200, 200],
    );
    assert.equal(await watching, 200);
    await ended;
    const names = ((await ok(call(one, 'GET', `${NS}/configmaps`))).items as Json[]).map(
      ({ metadata }) => String(metadata.name),
    );
    assert.equal(names.filter((name) => name.startsWith('last-')).length, 5);
  });
});
