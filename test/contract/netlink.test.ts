// One suite for Netlink and for its witness over iproute2, in a network namespace of its own. Both
// must read what either writes. The suite needs root.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { openIpBatch } from '../support/ip-batch.js';
import type { Change, Netlink, NetlinkGroup } from '../../pkg/system/netlink/netlink.js';
import { loadNetlinkAddon } from '../../pkg/system/netlink/socket/addon.js';
import { openSocketNetlink } from '../../pkg/system/netlink/socket/socket-netlink.js';
import { needRoot } from '../support/skip.js';
import { createNetns, deleteNetns, type Netns } from '../../pkg/system/netns/netns.js';

const ADDON = join(resolve(import.meta.dirname, '../../..'), 'dist/native');
const MAC = 'be:27:79:b0:5a:16';

const IMPLEMENTATIONS: readonly { name: string; open: (netns: string) => Netlink }[] = [
  { name: 'ip-batch', open: (netns) => openIpBatch({ netns }) },
  { name: 'socket', open: (netns) => openSocketNetlink(loadNetlinkAddon(ADDON), netns) },
];

const SETUP: Change[] = [
  { type: 'link-add', link: { kind: 'veth', name: 'eth0', peer: 'peer0' } },
  { type: 'link-set', name: 'peer0', up: true },
  { type: 'address-replace', device: 'eth0', address: '192.168.77.1/24' },
  { type: 'address-replace', device: 'eth0', address: 'fd77::1/64' },
  { type: 'link-set', name: 'eth0', up: true, mtu: 1480 },
  { type: 'route-replace', route: { to: '0.0.0.0/0', via: '192.168.77.254', device: 'eth0' } },
  {
    type: 'link-add',
    link: {
      kind: 'vxlan',
      name: 'flannel.1',
      mac: '02:00:00:00:00:01',
      vxlan: {
        vni: 1,
        local: '192.168.77.1',
        device: 'eth0',
        port: 8472,
        learning: false,
        gbp: false,
      },
    },
  },
  { type: 'link-set', name: 'flannel.1', up: true, mtu: 1430 },
  { type: 'address-replace', device: 'flannel.1', address: '10.5.34.0/32' },
];
const PEER: Change[] = [
  { type: 'neigh-replace', device: 'flannel.1', address: '10.5.76.0', mac: MAC },
  { type: 'fdb-replace', device: 'flannel.1', mac: MAC, to: '192.168.77.2' },
  {
    type: 'route-replace',
    route: { to: '10.5.76.0/24', via: '10.5.76.0', device: 'flannel.1', onlink: true },
  },
];

describe('the netlink addon', () => {
  it('names the command that builds it when it does not load', () => {
    for (const folder of ['/nonexistent', import.meta.dirname])
      assert.throws(() => loadNetlinkAddon(folder), /run hack\/build-native/);
  });
});

describe('netlink contract', function () {
  this.timeout(60_000);

  for (const { name, open } of IMPLEMENTATIONS) {
    describe(name, () => {
      let netns: Netns;
      let netlink: Netlink;
      let witness: Netlink;
      const stop = new AbortController();

      before(async function () {
        needRoot(this);
        netns = await createNetns(`whnl-${randomBytes(3).toString('hex')}`);
        netlink = open(netns.path);
        witness = IMPLEMENTATIONS.find((other) => other.name !== name)!.open(netns.path);
        assert.deepEqual(await netlink.apply(SETUP), []);
      });
      after(async () => {
        stop.abort();
        netlink?.close();
        witness?.close();
        if (netns) await deleteNetns(netns.name);
      });

      const both = async <T>(read: (from: Netlink) => Promise<T[]>): Promise<T[]> => {
        const mine = await read(netlink);
        const sorted = (list: T[]) =>
          list.map((item) => JSON.stringify(item, Object.keys(item as object).sort())).sort();
        assert.deepEqual(
          sorted(mine),
          sorted(await read(witness)),
          'both implementations read the same',
        );
        return mine;
      };

      it("makes and reads a vxlan device with flannel's attributes", async () => {
        const link = (await both((from) => from.links())).find(
          (candidate) => candidate.name === 'flannel.1',
        )!;
        assert.deepEqual(
          { ...link, index: 0 },
          {
            index: 0,
            name: 'flannel.1',
            mtu: 1430,
            up: true,
            running: true,
            mac: '02:00:00:00:00:01',
            kind: 'vxlan',
            vxlan: {
              vni: 1,
              local: '192.168.77.1',
              device: 'eth0',
              port: 8472,
              learning: false,
              gbp: false,
            },
          },
        );
      });

      it('makes bridges and puts ports on them', async () => {
        assert.deepEqual(
          await netlink.apply([
            { type: 'link-add', link: { kind: 'bridge', name: 'cni0' } },
            { type: 'link-add', link: { kind: 'veth', name: 'port0', peer: 'port1', mtu: 1400 } },
            { type: 'link-set', name: 'port0', master: 'cni0' },
          ]),
          [],
        );
        const port = (await both((from) => from.links())).find((link) => link.name === 'port0')!;
        assert.deepEqual(
          [port.kind, port.master, port.mtu, port.up],
          ['veth', 'cni0', 1400, false],
        );
        assert.deepEqual(
          await netlink.apply([
            { type: 'link-set', name: 'port0', master: null },
            { type: 'link-delete', name: 'cni0' },
            { type: 'link-delete', name: 'port0' },
          ]),
          [],
        );
      });

      it('reads addresses of both families', async () => {
        const addresses = await both(async (from) =>
          (await from.addresses()).map((a) => ({
            ...a,
            flags: a.flags.filter((flag) => flag !== 'tentative'),
          })),
        );
        assert.deepEqual(
          addresses
            .filter((a) => a.device === 'eth0' && a.scope === 'global')
            .map((a) => a.address),
          ['192.168.77.1/24', 'fd77::1/64'],
        );
        assert.deepEqual(
          (await netlink.addresses('flannel.1'))
            .filter((a) => !a.address.includes(':'))
            .map((a) => a.address),
          ['10.5.34.0/32'],
        );
      });

      it('replaces and removes addresses', async () => {
        assert.deepEqual(
          await netlink.apply([
            { type: 'address-replace', device: 'eth0', address: '192.168.77.1/24' },
            { type: 'address-replace', device: 'eth0', address: '10.9.9.9/32' },
          ]),
          [],
        );
        assert.deepEqual(
          await netlink.apply([{ type: 'address-delete', device: 'eth0', address: '10.9.9.9/32' }]),
          [],
        );
        const [error] = await netlink.apply([
          { type: 'address-delete', device: 'eth0', address: '10.9.9.9/32' },
        ]);
        assert.equal(error?.code, 'EADDRNOTAVAIL');
      });

      it('programs a peer: neighbour, forwarding entry, onlink route', async () => {
        assert.deepEqual(await netlink.apply([...PEER, ...PEER]), []);
        assert.deepEqual(await both((from) => from.neighbours('flannel.1')), [
          { device: 'flannel.1', address: '10.5.76.0', mac: MAC, permanent: true },
        ]);
        assert.deepEqual(
          (await both((from) => from.fdb('flannel.1'))).filter((entry) => entry.to),
          [{ device: 'flannel.1', mac: MAC, to: '192.168.77.2', permanent: true }],
        );
        const route = (await both((from) => from.routes(4))).find((r) => r.to === '10.5.76.0/24');
        assert.deepEqual(route, {
          to: '10.5.76.0/24',
          via: '10.5.76.0',
          device: 'flannel.1',
          type: 'unicast',
          onlink: true,
          protocol: 'boot',
          scope: 'global',
          metric: 0,
        });
      });

      it('programs an IPv6 peer over an IPv6 device of the same VNI', async () => {
        const vxlan = {
          vni: 1,
          local: 'fd77::1',
          device: 'eth0',
          port: 8472,
          learning: false,
          gbp: false,
        };
        const peer: Change[] = [
          { type: 'neigh-replace', device: 'flannel-v6.1', address: 'fd00:5:0:4c::', mac: MAC },
          { type: 'fdb-replace', device: 'flannel-v6.1', mac: MAC, to: 'fd77::2' },
          {
            type: 'route-replace',
            route: {
              to: 'fd00:5:0:4c::/64',
              via: 'fd00:5:0:4c::',
              device: 'flannel-v6.1',
              onlink: true,
            },
          },
        ];
        assert.deepEqual(
          await netlink.apply([
            {
              type: 'link-add',
              link: { kind: 'vxlan', name: 'flannel-v6.1', mac: '02:00:00:00:00:02', vxlan },
            },
            { type: 'address-replace', device: 'flannel-v6.1', address: 'fd00:5:0:22::/128' },
            { type: 'link-set', name: 'flannel-v6.1', up: true, mtu: 1410 },
            ...peer,
            ...peer,
          ]),
          [],
        );
        assert.deepEqual(
          (await both((from) => from.links())).find((link) => link.name === 'flannel-v6.1')?.vxlan,
          vxlan,
        );
        assert.deepEqual(
          (await both((from) => from.neighbours('flannel-v6.1'))).filter((n) => n.permanent),
          [{ device: 'flannel-v6.1', address: 'fd00:5:0:4c::', mac: MAC, permanent: true }],
        );
        assert.deepEqual(
          (await both((from) => from.fdb('flannel-v6.1'))).filter((entry) => entry.to),
          [{ device: 'flannel-v6.1', mac: MAC, to: 'fd77::2', permanent: true }],
        );
        const route = (await both((from) => from.routes(6))).find(
          (r) => r.to === 'fd00:5:0:4c::/64',
        );
        assert.deepEqual(route, {
          to: 'fd00:5:0:4c::/64',
          via: 'fd00:5:0:4c::',
          device: 'flannel-v6.1',
          type: 'unicast',
          onlink: true,
          protocol: 'boot',
          scope: 'global',
          metric: 1024,
        });
        assert.deepEqual(
          await netlink.apply([
            { type: 'route-delete', route: { to: 'fd00:5:0:4c::/64' } },
            { type: 'link-delete', name: 'flannel-v6.1' },
          ]),
          [],
        );
      });

      it('moves a forwarding entry to another address without leaving the old one', async () => {
        assert.deepEqual(
          await netlink.apply([
            { type: 'fdb-replace', device: 'flannel.1', mac: MAC, to: '192.168.77.3' },
          ]),
          [],
        );
        assert.deepEqual(
          (await netlink.fdb('flannel.1')).filter((entry) => entry.to).map((entry) => entry.to),
          ['192.168.77.3'],
        );
        assert.deepEqual(
          await netlink.apply([
            { type: 'fdb-replace', device: 'flannel.1', mac: MAC, to: '192.168.77.2' },
          ]),
          [],
        );
      });

      it('adds, lists and removes routes of every kind', async () => {
        assert.deepEqual(
          await netlink.apply([
            { type: 'route-replace', route: { to: '10.77.0.0/16', type: 'blackhole' } },
            { type: 'route-replace', route: { to: '10.78.0.0/16', type: 'unreachable' } },
            {
              type: 'route-replace',
              route: { to: '10.79.0.0/16', device: 'eth0', metric: 50, source: '192.168.77.1' },
            },
            { type: 'route-replace', route: { to: 'fd99::/64', via: 'fd77::9', device: 'eth0' } },
          ]),
          [],
        );
        const routes = await both(async (from) =>
          (await from.routes()).filter((r) => !/^(fe80|ff00)/.test(r.to)),
        );
        const lines = routes
          .filter((r) => /^10\.7[789]|^fd99|^0\.0/.test(r.to))
          .map((r) => [r.to, r.type, r.via ?? '-', r.metric, r.scope].join(' '));
        assert.deepEqual(lines.sort(), [
          '0.0.0.0/0 unicast 192.168.77.254 0 global',
          '10.77.0.0/16 blackhole - 0 global',
          '10.78.0.0/16 unreachable - 0 global',
          '10.79.0.0/16 unicast - 50 link',
          'fd99::/64 unicast fd77::9 1024 global',
        ]);
      });

      it('asks the kernel for a route', async () => {
        assert.deepEqual(
          [(await netlink.routeTo('192.168.77.9'))?.via, (await netlink.routeTo('8.8.8.8'))?.via],
          [undefined, '192.168.77.254'],
        );
        assert.equal((await netlink.routeTo('192.168.77.9'))?.source, '192.168.77.1');
        assert.equal(await netlink.routeTo('10.78.1.1'), undefined);
      });

      it('continues after a failed change and reports it', async () => {
        const wrong: Change = { type: 'route-delete', route: { to: '10.123.0.0/16' } };
        const gone: Change = {
          type: 'neigh-replace',
          device: 'nosuch0',
          address: '10.0.0.1',
          mac: MAC,
        };
        const errors = await netlink.apply([
          wrong,
          { type: 'route-replace', route: { to: '10.124.0.0/16', type: 'blackhole' } },
          gone,
          { type: 'link-add', link: { kind: 'bridge', name: 'eth0' } },
        ]);
        assert.deepEqual(
          errors.map((error) => error.code),
          ['ESRCH', 'ENODEV', 'EEXIST'],
        );
        assert.deepEqual(
          errors.slice(0, 2).map((error) => error.change),
          [wrong, gone],
        );
        assert.ok((await netlink.routes(4)).some((r) => r.to === '10.124.0.0/16'));
      });

      it('programs a thousand peers', async () => {
        const peers = Array.from({ length: 1000 }, (_, n): Change[] => {
          const net = `10.${100 + (n >> 8)}.${n & 255}`;
          const mac = `02:11:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`;
          return [
            { type: 'neigh-replace', device: 'flannel.1', address: `${net}.0`, mac },
            { type: 'fdb-replace', device: 'flannel.1', mac, to: '192.168.77.9' },
            {
              type: 'route-replace',
              route: { to: `${net}.0/24`, via: `${net}.0`, device: 'flannel.1', onlink: true },
            },
          ];
        });
        assert.deepEqual(await netlink.apply(peers.flat()), []);
        assert.equal((await netlink.routes(4)).filter((r) => r.onlink).length, 1001);
        assert.equal(
          (await both((from) => from.fdb('flannel.1'))).filter(
            (entry) => entry.to === '192.168.77.9',
          ).length,
          1000,
        );
        assert.equal((await both((from) => from.neighbours('flannel.1'))).length, 1001);
      });

      it('reports changes with their device', async () => {
        const seen = new Set<string>();
        const watching = new AbortController();
        await netlink.watch(
          ['link', 'address', 'route', 'neigh'],
          (group: NetlinkGroup, device) => seen.add(`${group} ${device ?? ''}`),
          watching.signal,
        );
        const wanted = ['route flannel.1', 'neigh flannel.1', 'address eth0', 'link dum0'];
        const end = Date.now() + 40_000;
        // The monitor needs a moment until it listens; the test repeats the changes until it
        // reports them.
        for (let n = 0; !wanted.every((event) => seen.has(event)); n++) {
          assert.ok(Date.now() < end, `saw only ${[...seen].join(', ')}`);
          await witness.apply([
            {
              type: 'route-replace',
              route: { to: '10.66.0.0/24', via: '10.66.0.0', device: 'flannel.1', onlink: true },
            },
            { type: 'route-delete', route: { to: '10.66.0.0/24' } },
            {
              type: 'neigh-replace',
              device: 'flannel.1',
              address: '10.66.0.0',
              mac: n % 2 ? MAC : '02:00:00:00:00:09',
            },
            { type: 'address-replace', device: 'eth0', address: '10.66.6.6/32' },
            { type: 'address-delete', device: 'eth0', address: '10.66.6.6/32' },
            { type: 'link-add', link: { kind: 'bridge', name: 'dum0' } },
            { type: 'link-delete', name: 'dum0' },
          ]);
          await new Promise((done) => setTimeout(done, 20));
        }
        watching.abort();
      });

      if (name === 'socket') {
        it('does not report peers that it added or removed itself', async () => {
          const seen: string[] = [];
          const watching = new AbortController();
          await netlink.watch(
            ['link', 'address', 'route', 'neigh'],
            (group: NetlinkGroup, device) => seen.push(`${group} ${device ?? ''}`),
            watching.signal,
          );
          const own: Change[] = [
            {
              type: 'neigh-replace',
              device: 'flannel.1',
              address: '10.67.0.0',
              mac: '02:00:00:00:00:67',
            },
            {
              type: 'fdb-replace',
              device: 'flannel.1',
              mac: '02:00:00:00:00:67',
              to: '192.168.77.67',
            },
            {
              type: 'route-replace',
              route: { to: '10.67.0.0/24', via: '10.67.0.0', device: 'flannel.1', onlink: true },
            },
            { type: 'neigh-delete', device: 'flannel.1', address: '10.67.0.0' },
            {
              type: 'fdb-delete',
              device: 'flannel.1',
              mac: '02:00:00:00:00:67',
              to: '192.168.77.67',
            },
            { type: 'route-delete', route: { to: '10.67.0.0/24' } },
          ];
          for (let n = 0; n < 3; n++) assert.deepEqual(await netlink.apply(own), []);
          assert.deepEqual(
            await witness.apply([
              {
                type: 'fdb-replace',
                device: 'flannel.1',
                mac: '02:00:00:00:00:68',
                to: '192.168.77.68',
              },
            ]),
            [],
          );
          for (const end = Date.now() + 40_000; !seen.length;) {
            assert.ok(Date.now() < end, 'the change of another program is told');
            await new Promise((done) => setTimeout(done, 5));
          }
          assert.deepEqual(seen, ['neigh flannel.1']);
          watching.abort();
          assert.deepEqual(
            await witness.apply([
              {
                type: 'fdb-delete',
                device: 'flannel.1',
                mac: '02:00:00:00:00:68',
                to: '192.168.77.68',
              },
            ]),
            [],
          );
        });
      }

      it("removes a peer in flannel's order, and a device with its routes and neighbours", async () => {
        assert.deepEqual(
          await netlink.apply([
            { type: 'neigh-delete', device: 'flannel.1', address: '10.5.76.0' },
            { type: 'fdb-delete', device: 'flannel.1', mac: MAC, to: '192.168.77.2' },
            { type: 'route-delete', route: { to: '10.5.76.0/24' } },
          ]),
          [],
        );
        assert.deepEqual(await netlink.apply([{ type: 'link-delete', name: 'flannel.1' }]), []);
        assert.equal((await netlink.routes(4)).filter((r) => r.onlink).length, 0);
        await assert.rejects(async () => netlink.fdb('flannel.1'), {
          name: 'NetlinkError',
          code: 'ENODEV',
        });
      });
    });
  }
});
