// Two controller managers, each with its own server. By the history of the Lease, no instance takes
// over before the lease of its predecessor has expired or was released, whatever is killed, paused
// or cut off meanwhile.
import assert from 'node:assert/strict';
import type { Lease } from '../../../pkg/apis/coordination/v1/types.js';
import { openEtcdStorage } from '../../../pkg/storage/etcd/etcd-storage.js';
import type { Storage } from '../../../pkg/storage/storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import { binary, startCluster, until, type Cluster, type Process } from './server-process.js';

const KEY = '/registry/leases/kube-system/kube-controller-manager';
const LEASE_SECONDS = 3;

/**
 * The defects in the history of a lease. The times are those of the holders, which share one clock
 * here.
 */
function wrongTakeovers(history: readonly Lease[]): string[] {
  const problems: string[] = [];
  history.forEach(({ spec }, at) => {
    const before = history[at - 1]?.spec;
    if (
      !before?.holderIdentity ||
      before.holderIdentity === spec.holderIdentity ||
      !spec.holderIdentity
    )
      return;
    const gap = Date.parse(spec.acquireTime!) - Date.parse(before.renewTime!);
    if (gap < before.leaseDurationSeconds! * 1000)
      problems.push(
        `${spec.holderIdentity} took over ${gap} ms after ${before.holderIdentity} renewed`,
      );
    if (spec.leaseTransitions !== (before.leaseTransitions ?? 0) + 1)
      problems.push(`transitions ${before.leaseTransitions ?? 0} to ${spec.leaseTransitions ?? 0}`);
  });
  return problems;
}

const lease = (
  holderIdentity: string,
  renew: number,
  acquire: number,
  leaseTransitions: number,
): Lease =>
  ({
    metadata: { name: 'l' },
    spec: {
      holderIdentity,
      leaseDurationSeconds: 3,
      acquireTime: new Date(acquire).toISOString(),
      renewTime: new Date(renew).toISOString(),
      leaseTransitions,
    },
  }) as Lease;

describe('leadership of controller managers', function () {
  this.timeout(90_000);
  let cluster: Cluster;
  let storage: Storage;
  let managers: Process[] = [];
  const history: Lease[] = [];
  const stop = new AbortController();

  before(async () => {
    cluster = await startCluster(2);
    storage = openEtcdStorage({
      endpoints: [cluster.etcd.endpoint],
      env: realEnv('test', 'error'),
    });
    void (async () => {
      for await (const { events } of storage.watch(KEY, { fromRevision: 1, signal: stop.signal })) {
        for (const { kv } of events)
          history.push(JSON.parse(new TextDecoder().decode(kv.value)) as Lease);
      }
    })().catch(() => {});
    managers = await Promise.all(
      cluster.servers.map(async (server) =>
        binary('kube-controller-manager', [
          `--kubeconfig=${await cluster.kubeconfig(server)}`,
          '--controllers=serviceaccount',
          '--secure-port=0',
          '--log-level=info',
          `--leader-elect-lease-duration=${LEASE_SECONDS}s`,
          '--leader-elect-renew-deadline=2s',
          '--leader-elect-retry-period=300ms',
        ]),
      ),
    );
  });
  after(async () => {
    stop.abort(new Error('test over'));
    for (const manager of managers) await manager.kill();
    await storage?.close();
    await cluster?.stop();
  });

  const holder = () => history.at(-1)?.spec.holderIdentity ?? '';
  /** The process that logged that it took this identity. */
  const indexOf = (identity: string) =>
    managers.findIndex((manager) => manager.log().includes(identity));
  const waitForLeader = async (not = ''): Promise<number> => {
    await until(
      'someone leads',
      () => holder() !== '' && holder() !== not && indexOf(holder()) >= 0,
    );
    return indexOf(holder());
  };

  it('detects invalid takeovers', () => {
    assert.deepEqual(
      wrongTakeovers([
        lease('a', 0, 0, 0),
        lease('a', 1_000, 0, 0),
        lease('b', 4_000, 4_000, 1),
        lease('', 5_000, 4_000, 1),
        lease('a', 5_100, 5_100, 2),
      ]),
      [],
    );
    assert.equal(wrongTakeovers([lease('a', 1_000, 0, 0), lease('b', 3_500, 3_500, 1)]).length, 1);
    assert.equal(wrongTakeovers([lease('a', 1_000, 0, 0), lease('b', 4_500, 4_500, 0)]).length, 1);
  });

  it('never has two leaders, and always gets one again', async () => {
    for (const manager of managers) manager.start();
    const faults: ((leader: number) => Promise<void>)[] = [
      async (leader) => {
        await managers[leader]!.kill();
        managers[leader]!.start();
      },
      async (leader) => {
        const before = holder();
        managers[leader]!.pause();
        await waitForLeader(before);
        managers[leader]!.resume();
      },
      async (leader) => {
        const before = holder();
        cluster.servers[leader]!.pause();
        await waitForLeader(before);
        cluster.servers[leader]!.resume();
      },
      async (leader) => {
        const before = holder();
        cluster.servers[leader]!.link.cut();
        await waitForLeader(before);
        cluster.servers[leader]!.link.mend();
      },
      () => cluster.etcd.restart(),
      async (leader) => {
        await managers[leader]!.kill('SIGTERM');
        managers[leader]!.start();
      },
    ];
    for (const fault of faults) {
      const leader = await waitForLeader();
      const count = history.length;
      await fault(leader);
      await until('the lease is renewed', () => history.length > count + 1 && holder() !== '');
    }
    const leaders = history.flatMap(({ spec }) => spec.holderIdentity || []);
    const changes = leaders.filter((identity, at) => at > 0 && identity !== leaders[at - 1]);
    assert.ok(changes.length >= 3, `leadership went over only to ${changes.join()}`);
    assert.deepEqual(wrongTakeovers(history), []);
    // A paused leader that was replaced must have noticed.
    await until('the previous leader has stopped', () =>
      managers.some((manager) => manager.log().includes('lost leadership')),
    );
  });
});
