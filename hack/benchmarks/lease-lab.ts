// A node with many peers, as a process in a network namespace with an etcd and a flanneld
// (overlay-leases.ts starts it). Arguments: a folder, the number of peers, the number of changes.
// Prints a LeaseRun as JSON.
import { formatNet, parseNet } from '../../pkg/util/netaddr/net.js';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TunControl } from '../../pkg/flannel/backend/tun-control.js';
import {
  desiredVxlan,
  parseVxlanOptions,
  peerEntriesOver,
} from '../../pkg/flannel/backend/vxlan.js';
import { parseNetworkConfig } from '../../pkg/flannel/config.js';
import { NOTHING_DESIRED, planUpdate } from '../../pkg/flannel/network/desired.js';
import { encodeLeaseAttrs, subnetKey, type Lease } from '../../pkg/flannel/subnet/lease.js';
import { openEtcdStorage } from '../../pkg/storage/etcd/etcd-storage.js';
import type { Storage } from '../../pkg/storage/storage.js';
import { realEnv } from '../../pkg/system/env.js';
import { exec } from '../../pkg/system/exec.js';
import type { Change } from '../../pkg/system/netlink/netlink.js';
import { loadNetlinkAddon } from '../../pkg/system/netlink/socket/addon.js';
import { openSocketNetlink } from '../../pkg/system/netlink/socket/socket-netlink.js';
import { binary, ROOT } from '../cluster/layout.js';

export interface LeaseRun {
  /**
   * Milliseconds for all peers: vxlan's entries in the kernel, the udp backend's in flannel-tun.
   */
  vxlan: number[];
  udp: number[];
  /**
   * Milliseconds per run from the first write of the peers' leases to etcd until flanneld's last
   * route.
   */
  all: number[];
  /**
   * Milliseconds from the write of one lease until its route, with the other peers present; and
   * from etcd's response to that write, or 0 when the route was earlier.
   */
  one: number[];
  answered: number[];
}

const NATIVE = join(ROOT, 'dist/native');
const ETCD = 'http://127.0.0.1:2379';
const SUBNETS = '/coreos.com/network/subnets/';
const CONFIG = JSON.stringify({
  Network: '10.0.0.0/8',
  SubnetLen: 24,
  SubnetMin: '10.200.0.0',
  SubnetMax: '10.200.9.0',
  Backend: { Type: 'vxlan' },
});
const ROUNDS = 5;
/** Operations per transaction: the default of etcd's --max-txn-ops. */
const OPERATIONS = 128;
const DEVICE = 'flannel.1';
/**
 * Changes come every 20 to 219 ms, so that they meet every phase of the pass that flanneld makes
 * after each change.
 */
const PAUSE_MS = (n: number) => 20 + ((n * 37) % 200);

const env = realEnv('lease-lab', 'error');
const netlink = openSocketNetlink(loadNetlinkAddon(NATIVE));
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

function peer(at: number): Lease {
  const [high, low] = [at >> 8, at & 255];
  const mac = `02:00:00:00:${high.toString(16).padStart(2, '0')}:${low.toString(16).padStart(2, '0')}`;
  const subnet = parseNet(`10.${high}.${low}.0/24`, 4)!;
  return {
    key: SUBNETS + subnetKey({ subnet }),
    subnet,
    modRevision: 0,
    attrs: {
      publicIP: `172.29.${100 + high}.${low}`,
      backendType: 'vxlan',
      backendData: { VNI: 1, VtepMAC: mac },
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

async function apply(changes: readonly Change[]): Promise<void> {
  const [failed] = await netlink.apply(changes);
  if (failed) throw failed;
}

/** The work of the vxlan backend and the reconciler for new leases, in this process. */
async function tables(peers: readonly Lease[]): Promise<number[]> {
  const config = parseNetworkConfig(CONFIG);
  const options = parseVxlanOptions({}, 1500);
  await apply([
    {
      type: 'link-add',
      link: {
        kind: 'vxlan',
        name: DEVICE,
        mac: '02:00:00:00:ff:ff',
        vxlan: {
          vni: 1,
          local: '172.29.0.1',
          device: 'eth0',
          port: 8472,
          learning: false,
          gbp: false,
        },
      },
    },
  ]);
  await apply([
    { type: 'address-replace', device: DEVICE, address: '10.200.0.0/32' },
    { type: 'link-set', name: DEVICE, up: true },
  ]);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = peers.map((lease) => ({ ...lease }));
    const program = (leases: readonly Lease[]) =>
      desiredVxlan(
        { device: DEVICE, external: 'eth0' },
        options,
        config,
        peerEntriesOver({ device: DEVICE, external: 'eth0' }, 1),
        leases,
        [],
      );
    const desired = program(fresh);
    times.push(await timed(() => apply(planUpdate(NOTHING_DESIRED, program(fresh)))));
    await apply(planUpdate(desired, NOTHING_DESIRED));
  }
  await apply([{ type: 'link-delete', name: DEVICE }]);
  return times;
}

/** The work of the udp backend's setPeers. */
async function helperTable(
  dir: string,
  peers: readonly Lease[],
  children: ChildProcess[],
): Promise<number[]> {
  const socket = join(dir, 'tun.sock');
  const child = spawn(
    join(NATIVE, 'flannel-tun'),
    ['--local=172.29.0.1', '--network=10.0.0.0/8', '--subnet=10.200.0.0/24', `--socket=${socket}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  children.push(child);
  const control = await eventually(() => TunControl.open(socket, () => {}));
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(
      await timed(() =>
        control.call(
          'begin',
          ...peers.map(({ subnet, attrs }) => `set ${formatNet(subnet)} ${attrs.publicIP}`),
          'commit',
        ),
      ),
    );
    await control.call('begin', 'commit');
  }
  control.close();
  return times;
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries > 500) throw error;
      await pause(20);
    }
  }
}

/** Counts the kernel's notifications of overlay routes. */
async function watchRoutes(signal: AbortSignal) {
  let seen = 0;
  let wake = () => {};
  await netlink.watch(
    ['route'],
    (_group, device) => {
      if (device !== DEVICE) return;
      seen++;
      wake();
    },
    signal,
  );
  return async (
    count: number,
    work: () => Promise<unknown>,
  ): Promise<{ sinceWrite: number; sinceAnswer: number }> => {
    const until = seen + count;
    const began = performance.now();
    const answered = work().then(() => performance.now());
    while (seen < until) await new Promise<void>((next) => (wake = next));
    const ended = performance.now();
    return { sinceWrite: ended - began, sinceAnswer: Math.max(0, ended - (await answered)) };
  };
}

const put = (storage: Storage, { key, attrs }: Lease) =>
  storage.put(key, new TextEncoder().encode(encodeLeaseAttrs(attrs)));

async function forAll(
  storage: Storage,
  peers: readonly Lease[],
  type: 'put' | 'delete',
): Promise<void> {
  for (let at = 0; at < peers.length; at += OPERATIONS) {
    await storage.transact(
      [],
      peers
        .slice(at, at + OPERATIONS)
        .map(({ key, attrs }) =>
          type === 'put'
            ? { type, key, value: new TextEncoder().encode(encodeLeaseAttrs(attrs)) }
            : { type, key },
        ),
    );
  }
}

/** flanneld as a process, on a real etcd. */
async function program(
  dir: string,
  peers: readonly Lease[],
  changes: number,
  children: ChildProcess[],
  signal: AbortSignal,
): Promise<Pick<LeaseRun, 'all' | 'one' | 'answered'>> {
  children.push(
    spawn(
      'etcd',
      [
        '--data-dir',
        join(dir, 'etcd'),
        '--listen-client-urls',
        ETCD,
        '--advertise-client-urls',
        ETCD,
        '--listen-peer-urls',
        'http://127.0.0.1:2380',
        '--log-level',
        'error',
        '--unsafe-no-fsync',
      ],
      { stdio: 'ignore' },
    ),
  );
  const storage = openEtcdStorage({ endpoints: [ETCD], env });
  await eventually(() =>
    storage.put('/coreos.com/network/config', new TextEncoder().encode(CONFIG)),
  );
  const [file, ...words] = binary('flanneld');
  children.push(
    spawn(
      file!,
      [
        ...words,
        `--etcd-endpoints=${ETCD}`,
        `--subnet-file=${join(dir, 'run/subnet.env')}`,
        '--iface=eth0',
        '--log-level=error',
      ],
      { stdio: 'inherit' },
    ),
  );
  const routes = await watchRoutes(signal);
  await eventually(async () => {
    if (!(await netlink.links()).some((link) => link.name === DEVICE && link.up))
      throw new Error('flanneld does not come up');
  });
  await pause(1000);
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    all.push((await routes(peers.length, () => forAll(storage, peers, 'put'))).sinceWrite);
    if (round + 1 < ROUNDS) await routes(peers.length, () => forAll(storage, peers, 'delete'));
    await pause(1000);
  }
  const [one, answered]: [number[], number[]] = [[], []];
  for (let n = 0; n < changes; n++) {
    const lease = peers[((n >> 1) * 31) % peers.length]!;
    const took = await routes(1, () => (n % 2 ? put(storage, lease) : storage.delete(lease.key)));
    one.push(took.sinceWrite);
    answered.push(took.sinceAnswer);
    await pause(PAUSE_MS(n));
  }
  await storage.close();
  return { all, one, answered };
}

async function main(dir: string, count: number, changes: number): Promise<void> {
  const children: ChildProcess[] = [];
  const stop = new AbortController();
  try {
    await exec([
      'sh',
      '-ec',
      'ip link add eth0 type veth peer name wire; ip addr add 172.29.0.1/16 dev eth0; ip link set eth0 up; ip link set wire up',
    ]);
    const peers = Array.from({ length: count }, (_, at) => peer(at));
    const run: LeaseRun = {
      vxlan: await tables(peers),
      udp: await helperTable(dir, peers, children),
      ...(await program(dir, peers, changes, children, stop.signal)),
    };
    process.stdout.write(`${JSON.stringify(run)}\n`);
  } finally {
    stop.abort();
    for (const child of children) child.kill('SIGKILL');
    for (const child of children)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    netlink.close();
  }
}

const [dir, count, changes] = process.argv.slice(2);
await main(dir!, Number(count), Number(changes));
