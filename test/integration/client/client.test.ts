// The client against the real API server: verbs, informers through a restart, elections.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import {
  CONFIG_MAPS,
  EVENTS,
  LEASES,
  NODES,
  SERVICE_ACCOUNTS,
} from '../../../pkg/apis/resource-types.js';
import type { ConfigMap } from '../../../pkg/apis/core/v1/types.js';
import type { Client } from '../../../pkg/client/client.js';
import { discover } from '../../../pkg/client/discovery.js';
import { createInformerFactory } from '../../../pkg/client/informer-factory.js';
import { loadKubeconfig } from '../../../pkg/client/kubeconfig.js';
import { runWithLeadership } from '../../../pkg/client/leader-election.js';
import { createEventRecorder } from '../../../pkg/client/record-events.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { realEnv } from '../../../pkg/system/env.js';
import { BOUND_MS, eventually } from '../../support/control-plane.js';

const env = realEnv('test', 'error');
const NAMESPACE = 'default';

const configMap = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: NAMESPACE, labels: { kind: 'test' } },
  data,
});

/** A TCP proxy between client and server whose connections a test can cut and restore. */
async function startWire(
  target: number,
): Promise<{ port: number; cut(): void; mend(): void; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => (sockets.delete(socket), other.destroy()));
    }
    if (!open) return void near.destroy();
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => void (open = true),
    close: () => (cut(), new Promise((resolve) => server.close(() => resolve()))),
  };
}

describe('client', function () {
  this.timeout(3 * BOUND_MS);
  let api: RunningApiServer;
  let client: Client;
  before(async () => {
    api = await startApiServer();
    await api.ready();
    client = createClient(
      { ...(await loadKubeconfig(api.kubeconfig)), userAgent: 'client-test/1' },
      env,
    );
  });
  after(async () => {
    await client.close();
    await api.stop();
  });
  afterEach(() =>
    client.deleteCollection(CONFIG_MAPS, { namespace: NAMESPACE, labelSelector: 'kind=test' }),
  );

  it('creates, reads, changes and deletes', async () => {
    const made = await client.create(CONFIG_MAPS, configMap('a', { x: '1' }));
    assert.equal(made.metadata.managedFields?.[0]?.manager, 'client-test');
    assert.deepEqual(await client.get(CONFIG_MAPS, { namespace: NAMESPACE, name: 'a' }), made);
    const updated = await client.update(CONFIG_MAPS, { ...made, data: { x: '2' } });
    await assert.rejects(client.update(CONFIG_MAPS, { ...made, data: { x: '3' } }), (error) =>
      isReason(error, 'Conflict'),
    );
    const patched = await client.patch(
      CONFIG_MAPS,
      { namespace: NAMESPACE, name: 'a' },
      { data: { y: '1' } },
      { type: 'strategic' },
    );
    assert.deepEqual(patched.data, { x: '2', y: '1' });
    const applied = await client.patch(
      CONFIG_MAPS,
      { namespace: NAMESPACE, name: 'a' },
      configMap('a', { z: '1' }),
      { type: 'apply', fieldManager: 'me', force: true },
    );
    assert.equal(applied.data?.['z'], '1');
    const dry = await client.create(CONFIG_MAPS, configMap('dry'), { dryRun: true });
    assert.ok(dry.metadata.uid);
    await assert.rejects(client.get(CONFIG_MAPS, { namespace: NAMESPACE, name: 'dry' }), (error) =>
      isReason(error, 'NotFound'),
    );
    await assert.rejects(
      client.delete(
        CONFIG_MAPS,
        { namespace: NAMESPACE, name: 'a' },
        { preconditions: { uid: 'other' } },
      ),
      (error) => isReason(error, 'Conflict'),
    );
    await client.delete(
      CONFIG_MAPS,
      { namespace: NAMESPACE, name: 'a' },
      { preconditions: { uid: updated.metadata.uid! } },
    );
    await assert.rejects(client.get(CONFIG_MAPS, { namespace: NAMESPACE, name: 'a' }), (error) =>
      isReason(error, 'NotFound'),
    );
  });

  it('lists in pages, by selector, with kinds filled in', async () => {
    await Promise.all(
      Array.from({ length: 25 }, (_, i) => client.create(CONFIG_MAPS, configMap(`p${i}`))),
    );
    const names: string[] = [];
    let next: string | undefined;
    do {
      const page = await client.list(CONFIG_MAPS, {
        namespace: NAMESPACE,
        labelSelector: 'kind=test',
        limit: 10,
        ...(next ? { continue: next } : {}),
      });
      assert.ok(page.items.length <= 10);
      for (const item of page.items) {
        assert.equal(item.kind, 'ConfigMap');
        names.push(item.metadata.name);
      }
      next = page.metadata.continue;
    } while (next);
    assert.equal(new Set(names).size, 25);
    const one = await client.list(CONFIG_MAPS, { fieldSelector: 'metadata.name=p7' });
    assert.deepEqual(
      one.items.map(({ metadata }) => metadata.name),
      ['p7'],
    );
  });

  it('creates tokens and requests any path', async () => {
    const account = {
      apiVersion: 'v1' as const,
      kind: 'ServiceAccount' as const,
      metadata: { name: 'robot', namespace: NAMESPACE },
    };
    await client.create(SERVICE_ACCOUNTS, account);
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: {},
      spec: { audiences: [] },
    };
    const { status } = await client.createSubresource<{ status: { token: string } }>(
      SERVICE_ACCOUNTS,
      account.metadata,
      'token',
      request,
    );
    const robot = createClient({ server: api.url, ca: api.caPem, token: status.token }, env);
    await assert.rejects(
      robot.list(CONFIG_MAPS, { namespace: NAMESPACE }),
      (error) =>
        isReason(error, 'Forbidden') &&
        /system:serviceaccount:default:robot/.test((error as Error).message),
    );
    await robot.close();
    const directory = await mkdtemp(join(tmpdir(), 'token-'));
    await writeFile(join(directory, 'token'), status.token);
    const mounted = createClient(
      { server: api.url, ca: api.caPem, tokenFile: join(directory, 'token') },
      env,
    );
    const refusals = await Promise.all(
      Array.from({ length: 5 }, () =>
        mounted.list(CONFIG_MAPS, { namespace: NAMESPACE }).then(
          () => '',
          (error: Error) => error.message,
        ),
      ),
    );
    assert.deepEqual(
      refusals.filter((text) => !text.includes('system:serviceaccount:default:robot')),
      [],
      'nobody goes without the token',
    );
    await mounted.close();
    await rm(directory, { recursive: true });
    const answer = await client.raw('GET', '/readyz');
    assert.deepEqual([answer.status, new TextDecoder().decode(answer.body)], [200, 'ok']);
    const { failed, resources } = await discover(client, AbortSignal.timeout(BOUND_MS));
    assert.equal(failed.size, 0);
    assert.ok(
      resources.some(
        ({ type, verbs }) =>
          type.resource === 'deployments' && type.group === 'apps' && verbs.includes('watch'),
      ),
    );
    assert.ok(!resources.some(({ type }) => type.resource.includes('/')));
  });

  it('informers catch up with changes during a broken connection', async () => {
    const wire = await startWire(api.port);
    const config = await loadKubeconfig(api.kubeconfig);
    const far = createClient({ ...config, server: `https://127.0.0.1:${wire.port}` }, env);
    const abort = new AbortController();
    const factory = createInformerFactory(far, env);
    const informer = factory.informer(CONFIG_MAPS, {
      namespace: NAMESPACE,
      labelSelector: 'kind=test',
      indexers: { value: ({ data }) => [data?.['v'] ?? ''] },
    });
    const seen: string[] = [];
    informer.addHandler({
      added: ({ metadata }) => seen.push(`+${metadata.name}`),
      updated: ({ metadata }) => seen.push(`~${metadata.name}`),
      deleted: ({ metadata }) => seen.push(`-${metadata.name}`),
    });
    await client.create(CONFIG_MAPS, configMap('old', { v: '1' }));
    const running = factory.run(abort.signal);
    await factory.waitForSync(AbortSignal.timeout(BOUND_MS));
    await client.create(CONFIG_MAPS, configMap('new', { v: '1' }));
    await eventually(
      'creation seen',
      async () => informer.store.byIndex('value', '1').length === 2,
    );

    wire.cut();
    await client.patch(
      CONFIG_MAPS,
      { namespace: NAMESPACE, name: 'old' },
      { data: { v: '2' } },
      { type: 'merge' },
    );
    await client.delete(CONFIG_MAPS, { namespace: NAMESPACE, name: 'new' });
    await client.create(CONFIG_MAPS, configMap('later', { v: '2' }));
    assert.equal(informer.store.byIndex('value', '1').length, 2, 'nothing can be known yet');
    wire.mend();
    await eventually('caught up', async () => informer.store.byIndex('value', '2').length === 2);
    assert.deepEqual(seen, ['+old', '+new', '~old', '-new', '+later']);
    abort.abort(new Error('test over'));
    await running;
    await far.close();
    await wire.close();
  });

  it('lets the second candidate lead when the first stops', async () => {
    const led: string[] = [];
    const candidate = (identity: string) => {
      const abort = new AbortController();
      const options = {
        name: 'election',
        namespace: NAMESPACE,
        identity,
        leaseDurationMs: 3000,
        renewDeadlineMs: 2000,
        retryPeriodMs: 100,
      };
      const run = runWithLeadership(
        client,
        env,
        options,
        (signal) =>
          new Promise(
            (resolve) => (led.push(identity), signal.addEventListener('abort', () => resolve())),
          ),
        abort.signal,
      );
      return () => (abort.abort(new Error('stop')), run);
    };
    const stopA = candidate('a');
    await eventually('a leads', async () => led.length === 1);
    const stopB = candidate('b');
    const { spec } = await client.get(LEASES, { namespace: NAMESPACE, name: 'election' });
    assert.deepEqual([spec.holderIdentity, spec.leaseDurationSeconds], ['a', 3]);
    await stopA();
    await eventually('b leads', async () => led[1] === 'b');
    assert.equal(
      (await client.get(LEASES, { namespace: NAMESPACE, name: 'election' })).spec.leaseTransitions,
      1,
    );
    await stopB();
  });

  it('events are written, counted and shown for cluster-scoped objects too', async () => {
    const abort = new AbortController();
    const recorder = createEventRecorder(
      client,
      env,
      { component: 'tester', host: 'n1' },
      abort.signal,
    );
    const node = await client.create(NODES, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'event-node' },
      spec: {},
    });
    for (let i = 0; i < 3; i++) recorder.event(node, 'Normal', 'Starting', 'Starting kubelet.');
    await recorder.flush();
    abort.abort();
    const { items } = await client.list(EVENTS, {
      namespace: 'default',
      fieldSelector: 'involvedObject.name=event-node',
    });
    assert.deepEqual(
      items.map(({ count, reason, source }) => [count, reason, source]),
      [[3, 'Starting', { component: 'tester', host: 'n1' }]],
    );
    await client.delete(NODES, { name: 'event-node' });
  });
});
