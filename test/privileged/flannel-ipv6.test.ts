// Both families over flanneld's backends between real nodes: pods reach each other over IPv6 with
// their own addresses, the kernel has flannel's entries, and entries that another program removes
// are restored.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseLeaseAttrs, parseSubnetKey } from '../../pkg/flannel/subnet/lease.js';
import { openIpBatch } from '../support/ip-batch.js';
import type { Change, Netlink } from '../../pkg/system/netlink/netlink.js';
import {
  eventually,
  needNetworks,
  NETWORK6,
  OverlayLab,
  type LabNode,
  type Pod,
} from './overlay-lab.js';
import { Talk } from './talk.js';

const FLANNELD = resolve(import.meta.dirname, '../../cmd/flanneld/main.js');
const DUAL = { EnableIPv6: true, IPv6Network: NETWORK6 };

async function restart(node: LabNode): Promise<void> {
  const ended = new Promise<void>((done) => node.flanneld!.once('exit', () => done()));
  node.flanneld!.kill('SIGKILL');
  await ended;
  const from = (await node.log('flanneld')).length;
  node.startFlanneld();
  await eventually('flanneld up again', async () =>
    (await node.log('flanneld')).slice(from).includes('network is up'),
  );
}

describe('flanneld with IPv6', function () {
  this.timeout(60_000);
  before(function () {
    needNetworks(this);
  });

  for (const backend of [
    { Type: 'vxlan' },
    { Type: 'vxlan', DirectRouting: true },
    { Type: 'host-gw' },
  ]) {
    const tunnels = backend.Type === 'vxlan' && !('DirectRouting' in backend);
    describe(`over ${JSON.stringify(backend)}`, () => {
      let lab: OverlayLab;
      let pods: Pod[];
      let netlink: Netlink;
      before(async () => {
        lab = await OverlayLab.create(2, { ipv6: true });
        await lab.configure(backend, DUAL);
        for (const node of lab.nodes) node.startFlanneld();
        await Promise.all(lab.nodes.map((node) => node.subnet()));
        pods = [
          await lab.nodes[0]!.addPod('a1'),
          await lab.nodes[0]!.addPod('a2'),
          await lab.nodes[1]!.addPod('b1'),
        ];
        netlink = openIpBatch({ netns: lab.nodes[0]!.netns.path });
      });
      after(async () => lab?.close());

      const reaches = (from: Pod, to: Pod) =>
        eventually(`${from.name} to ${to.name}`, async () => {
          const answer = await lab.ask(from.netns, to.ip6!);
          return answer && answer[0] === to.name ? answer : undefined;
        });
      const overlayRoutes = async () =>
        (await netlink.routes()).filter(
          (route) => /^(10\.244\.|fd00:10:244:)/.test(route.to) && route.via !== undefined,
        );

      it('connects pods over both families, with their own addresses', async () => {
        for (const from of pods) {
          for (const to of pods.filter((pod) => pod !== from)) {
            assert.equal((await reaches(from, to))[1], from.ip6, `${from.name} to ${to.name}`);
            assert.equal((await lab.ask(from.netns, to.ip))?.[1], from.ip);
          }
        }
        for (const node of lab.nodes)
          for (const pod of pods)
            assert.equal(
              (await lab.ask(node.netns, pod.ip6!))?.[0],
              pod.name,
              `${node.name} to ${pod.name}`,
            );
      });

      it('masquerades traffic that leaves the overlay', async () => {
        await lab.nodes[0]!.serve({ name: 'outside', netns: lab.underlay }, 9999);
        const answer = await eventually('an answer from outside', () =>
          lab.ask(pods[0]!.netns, 'fd30:7::1', 9999),
        );
        assert.deepEqual(answer.slice(0, 2), ['outside', 'fd30:7::11']);
      });

      it('writes leases, subnet.env and conflist with both families', async () => {
        const { kvs } = JSON.parse(
          await lab.etcdctl('get', '--prefix', '/coreos.com/network/subnets/', '-w', 'json'),
        ) as { kvs: { key: string; value: string }[] };
        assert.equal(kvs.length, 2);
        for (const kv of kvs) {
          const name = Buffer.from(kv.key, 'base64').toString().split('/').at(-1)!;
          assert.match(name, /^10\.244\.\d+\.0-24&fd00:10:244:[0-9a-f]+::-64$/);
          assert.ok(parseSubnetKey(name)?.subnet6);
          const attrs = parseLeaseAttrs(Buffer.from(kv.value, 'base64').toString())!;
          const node = lab.nodes.find((one) => one.ip === attrs.publicIP)!;
          assert.equal(attrs.publicIPv6, node.ip6);
          assert.equal(
            typeof attrs.backendV6Data,
            backend.Type === 'vxlan' ? 'object' : 'undefined',
          );
          const env = await readFile(node.subnetFile, 'utf8');
          const mtu = backend.Type === 'vxlan' ? 1430 : 1500;
          assert.match(
            env,
            new RegExp(
              `^FLANNEL_NETWORK=.*\nFLANNEL_SUBNET=10\\.244\\.\\d+\\.1/24\nFLANNEL_IPV6_NETWORK=${NETWORK6}\nFLANNEL_IPV6_SUBNET=fd00:10:244:[0-9a-f]+::1/64\nFLANNEL_MTU=${mtu}\n`,
            ),
          );
          const conflist = await readFile(join(node.dir, 'cni/10-flannel.conflist'), 'utf8');
          assert.ok(conflist.includes(name.split('&')[1]!.replace('-', '/')));
        }
      });

      if (tunnels) {
        it("programs flannel's device and entries", async () => {
          const device = (await netlink.links()).find((link) => link.name === 'flannel-v6.1');
          assert.deepEqual(
            [device?.mtu, device?.up, device?.vxlan],
            [
              1430,
              true,
              {
                vni: 1,
                local: 'fd30:7::11',
                device: 'eth0',
                port: 8472,
                learning: false,
                gbp: false,
              },
            ],
          );
          const [peer] = (await overlayRoutes()).filter((route) => route.to.includes(':'));
          const gateway = peer!.to.replace('/64', '');
          assert.deepEqual(
            [peer!.via, peer!.device, peer!.onlink, peer!.protocol],
            [gateway, 'flannel-v6.1', true, 'boot'],
          );
          const neighbour = (await netlink.neighbours('flannel-v6.1')).find(
            (one) => one.address === gateway,
          );
          assert.equal(neighbour?.permanent, true);
          assert.deepEqual(
            (await netlink.fdb('flannel-v6.1')).filter((entry) => entry.to),
            [{ device: 'flannel-v6.1', mac: neighbour!.mac!, to: 'fd30:7::12', permanent: true }],
          );
        });
      }

      it('restores devices, routes and neighbours of each family', async () => {
        const wanted = (await overlayRoutes()).map((route) => `${route.to} ${route.device}`).sort();
        assert.equal(wanted.length, 2);
        const whole = async () => {
          if (
            (await overlayRoutes())
              .map((route) => `${route.to} ${route.device}`)
              .sort()
              .join() !== wanted.join()
          )
            return false;
          for (const device of tunnels ? ['flannel.1', 'flannel-v6.1'] : []) {
            if (
              !(await netlink.neighbours(device)).some((one) => one.permanent) ||
              !(await netlink.fdb(device)).some((entry) => entry.to)
            )
              return false;
            if (!(await netlink.addresses(device)).some((one) => one.scope === 'global'))
              return false;
          }
          return true;
        };
        const damages: Change[][] = (await overlayRoutes()).map((route) => [
          { type: 'route-delete', route: { to: route.to } },
        ]);
        if (tunnels) {
          for (const name of ['flannel.1', 'flannel-v6.1']) {
            const [neighbour] = (await netlink.neighbours(name)).filter((one) => one.permanent);
            const [entry] = (await netlink.fdb(name)).filter((one) => one.to);
            const [address] = (await netlink.addresses(name)).filter(
              (one) => one.scope === 'global',
            );
            damages.push(
              [{ type: 'neigh-delete', device: name, address: neighbour!.address }],
              [{ type: 'fdb-delete', device: name, mac: entry!.mac, to: entry!.to! }],
              [{ type: 'address-delete', device: name, address: address!.address }],
              [{ type: 'link-set', name, up: false }],
              [{ type: 'link-delete', name }],
            );
          }
        }
        for (const damage of damages) {
          assert.deepEqual(await netlink.apply(damage), []);
          await eventually(`repair of ${JSON.stringify(damage)}`, whole);
        }
        await reaches(pods[0]!, pods[2]!);
      });

      it('follows the MTU of the interface, with the overhead of each family', async () => {
        const node = lab.nodes[0]!;
        const overhead = backend.Type === 'vxlan' ? 70 : 0;
        for (const mtu of [1400, 1500]) {
          await node.run(['ip', 'link', 'set', 'eth0', 'mtu', String(mtu)]);
          await eventually(`MTU ${mtu}`, async () =>
            (await readFile(node.subnetFile, 'utf8')).includes(`FLANNEL_MTU=${mtu - overhead}\n`),
          );
          const mtus = (await netlink.links())
            .filter((link) => link.name.startsWith('flannel'))
            .map((link) => `${link.name} ${link.mtu}`);
          assert.deepEqual(
            mtus.sort(),
            backend.Type === 'vxlan' ? [`flannel-v6.1 ${mtu - 70}`, `flannel.1 ${mtu - 50}`] : [],
          );
        }
        await reaches(pods[0]!, pods[2]!);
      });

      it('keeps an open connection when flanneld is killed and restarted', async () => {
        const talk = await Talk.start(
          { ...pods[2]!, ip: pods[2]!.ip6! },
          { ...pods[0]!, ip: pods[0]!.ip6! },
        );
        await restart(lab.nodes[0]!);
        await reaches(pods[0]!, pods[2]!);
        const [back, sent] = await talk.end();
        assert.ok(sent > 10);
        assert.equal(back, sent, 'every line came back over the one connection');
      });

      it('leaves nothing behind after --cleanup', async () => {
        const node = lab.nodes[0]!;
        const ended = new Promise<void>((done) => node.flanneld!.once('exit', () => done()));
        node.flanneld!.kill('SIGKILL');
        await ended;
        const list = () =>
          node.run([
            process.execPath,
            FLANNELD,
            '--list-owned',
            `--subnet-file=${node.subnetFile}`,
          ]);
        const owned = (await list()).trim().split('\n').sort();
        const devices =
          tunnels || backend.Type === 'vxlan' ? ['device flannel-v6.1', 'device flannel.1'] : [];
        const routes = tunnels
          ? []
          : (await overlayRoutes()).map((route) => `route ${route.to} via ${route.via} dev eth0`);
        assert.deepEqual(
          owned,
          [
            ...devices,
            `file ${node.subnetFile}`,
            ...routes,
            'table ip flannel-ipv4',
            'table ip6 flannel-ipv6',
          ].sort(),
        );
        const code = await new Promise<number | null>((done) =>
          node
            .start('flanneld', ['--cleanup', `--subnet-file=${node.subnetFile}`])
            .once('exit', done),
        );
        assert.equal(code, 0);
        assert.equal(await list(), '');
        assert.deepEqual(await overlayRoutes(), []);
        assert.deepEqual(
          (await netlink.links()).filter((link) => link.name.startsWith('flannel')),
          [],
        );
        assert.doesNotMatch(await node.run(['nft', 'list', 'tables']), /flannel/);
      });
    });
  }

  it('can be enabled and disabled, and each node keeps its IPv4 subnet', async () => {
    const lab = await OverlayLab.create(1, { ipv6: true });
    try {
      const node = lab.nodes[0]!;
      const tables = () => node.run(['nft', 'list', 'tables']);
      await lab.configure({ Type: 'vxlan' });
      node.startFlanneld();
      const subnet = await node.subnet();
      assert.doesNotMatch(await tables(), /ip6 flannel/);
      await lab.configure({ Type: 'vxlan' }, DUAL);
      await restart(node);
      assert.equal(await node.subnet(), subnet);
      assert.match(await readFile(node.subnetFile, 'utf8'), /FLANNEL_IPV6_SUBNET=/);
      assert.match(await tables(), /ip6 flannel-ipv6/);
      await lab.configure({ Type: 'vxlan' });
      await restart(node);
      assert.equal(await node.subnet(), subnet);
      assert.doesNotMatch(await readFile(node.subnetFile, 'utf8'), /IPV6/);
      assert.doesNotMatch(await tables(), /ip6 flannel/);
    } finally {
      await lab.close();
    }
  });

  it('is refused by the udp backend, which supports IPv4 only', async () => {
    const lab = await OverlayLab.create(1, { ipv6: true });
    try {
      await lab.configure({ Type: 'udp' }, DUAL);
      lab.nodes[0]!.startFlanneld();
      await eventually('the reason', async () =>
        (await lab.nodes[0]!.log('flanneld')).includes('carries IPv4 only'),
      );
    } finally {
      await lab.close();
    }
  });
});
