// flanneld's backends between real nodes: namespaces, a real etcd, pods attached by the CNI plugin.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parseLeaseAttrs } from '../../pkg/flannel/subnet/lease.js';
import { openIpBatch } from '../support/ip-batch.js';
import { needNetworks, eventually, OverlayLab, type LabNode, type Pod } from './overlay-lab.js';
import { Talk } from './talk.js';

const BACKENDS = [
  { Type: 'vxlan' },
  { Type: 'vxlan', DirectRouting: true },
  { Type: 'host-gw' },
  { Type: 'udp' },
  { Type: 'udp', Mode: 'simple' },
];

async function untilDown(node: LabNode): Promise<void> {
  const child = node.flanneld!;
  await new Promise<void>((done) => {
    child.once('exit', () => done());
    child.kill('SIGKILL');
  });
}

describe('flanneld', function () {
  this.timeout(60_000);
  before(function () {
    needNetworks(this);
  });

  for (const backend of BACKENDS) {
    describe(`with backend ${JSON.stringify(backend)}`, () => {
      let lab: OverlayLab;
      let pods: Pod[];
      before(async () => {
        lab = await OverlayLab.create(3);
        await lab.configure(backend);
        for (const node of lab.nodes) node.startFlanneld();
        await Promise.all(lab.nodes.map((node) => node.subnet()));
        pods = [
          await lab.nodes[0]!.addPod('a1'),
          await lab.nodes[0]!.addPod('a2'),
          await lab.nodes[1]!.addPod('b1'),
          await lab.nodes[2]!.addPod('c1'),
        ];
      });
      after(async () => lab?.close());

      const reaches = async (from: Pod, to: Pod) =>
        eventually(`${from.name} to ${to.name}`, async () => {
          const answer = await lab.ask(from.netns, to.ip);
          return answer && answer[0] === to.name ? answer : undefined;
        });

      it('connects every pair of pods, with their own addresses', async () => {
        for (const from of pods) {
          for (const to of pods.filter((pod) => pod !== from)) {
            const [, address] = await reaches(from, to);
            assert.equal(address, from.ip, `${from.name} to ${to.name}`);
          }
        }
      });

      it('connects nodes to pods of other nodes', async () => {
        for (const node of lab.nodes) {
          for (const pod of pods)
            assert.equal(
              (await lab.ask(node.netns, pod.ip))?.[0],
              pod.name,
              `${node.name} to ${pod.name}`,
            );
        }
      });

      it('forwards UDP', async () => {
        await eventually(
          'a UDP answer',
          async () => (await lab.askUdp(pods[0]!.netns, pods[2]!.ip))?.[0] === 'b1',
        );
      });

      it('masquerades traffic that leaves the overlay', async () => {
        await lab.nodes[0]!.serve({ name: 'outside', netns: lab.underlay }, 9999);
        const answer = await eventually('an answer from outside', () =>
          lab.ask(pods[0]!.netns, '172.30.7.1', 9999),
        );
        assert.deepEqual(answer.slice(0, 2), ['outside', '172.30.7.11']);
      });

      it("has a lease per node in flannel's format", async () => {
        const text = await lab.etcdctl(
          'get',
          '--prefix',
          '/coreos.com/network/subnets',
          '-w',
          'json',
        );
        const { kvs } = JSON.parse(text) as {
          kvs: { key: string; value: string; lease?: number }[];
        };
        assert.equal(kvs.length, 3);
        const owners = kvs.map((kv) => {
          assert.match(
            Buffer.from(kv.key, 'base64').toString(),
            /^\/coreos\.com\/network\/subnets\/10\.244\.\d+\.0-24$/,
          );
          assert.ok(kv.lease, 'the key is attached to an etcd lease');
          return parseLeaseAttrs(Buffer.from(kv.value, 'base64').toString())!.publicIP;
        });
        assert.deepEqual(owners.sort(), lab.nodes.map((node) => node.ip).sort());
      });

      it('keeps subnet, traffic and open connections when flanneld is killed and restarted', async () => {
        const [node] = lab.nodes;
        const before = await node!.subnet();
        const talk = await Talk.start(pods[2]!, pods[0]!);
        await untilDown(node!);
        await reaches(pods[0]!, pods[2]!);
        await reaches(pods[3]!, pods[0]!);
        const from = (await node!.log('flanneld')).length;
        node!.startFlanneld();
        await eventually('flanneld up again', async () =>
          (await node!.log('flanneld')).slice(from).includes('network is up'),
        );
        assert.equal(await node!.subnet(), before);
        await reaches(pods[2]!, pods[0]!);
        const [back, sent] = await talk.end();
        assert.ok(sent > 10);
        assert.equal(back, sent, 'every line came back over the one connection');
      });

      it('restores entries that another program removes', async () => {
        const [node] = lab.nodes;
        const netlink = openIpBatch({ netns: node!.netns.path });
        const device = (await netlink.links()).find((link) => link.name.startsWith('flannel'));
        const overlay = (await netlink.routes(4)).filter(
          (route) => route.to.startsWith('10.244.') && route.device !== 'cni0',
        );
        assert.ok(overlay.length > 0);
        if (device) await netlink.apply([{ type: 'link-delete', name: device.name }]);
        else
          await netlink.apply(
            overlay.map((route) => ({ type: 'route-delete' as const, route: { to: route.to } })),
          );
        await reaches(pods[0]!, pods[2]!);
        await eventually('the same routes', async () => {
          const now = (await netlink.routes(4)).filter(
            (route) => route.to.startsWith('10.244.') && route.device !== 'cni0',
          );
          return now.length === overlay.length;
        });
      });

      it('follows the MTU of the interface', async () => {
        const [, node] = lab.nodes;
        const mtu = async () =>
          Number(/FLANNEL_MTU=(\d+)/.exec(await readFile(node!.subnetFile, 'utf8'))?.[1]);
        const overhead = 1500 - (await mtu());
        await node!.run(['ip', 'link', 'set', 'eth0', 'mtu', '1400']);
        await eventually(
          'the new MTU in subnet.env',
          async () => (await mtu()) === 1400 - overhead,
        );
        await reaches(pods[2]!, pods[0]!);
        await node!.run(['ip', 'link', 'set', 'eth0', 'mtu', '1500']);
        await eventually(
          'the old MTU in subnet.env',
          async () => (await mtu()) === 1500 - overhead,
        );
        await reaches(pods[0]!, pods[2]!);
      });

      it('removes a node when its lease is deleted', async () => {
        const gone = lab.nodes[2]!;
        const subnet = (await gone.subnet()).replace(/\.1\/24$/, '.0-24');
        await untilDown(gone);
        await lab.etcdctl('del', `/coreos.com/network/subnets/${subnet}`);
        const netlink = openIpBatch({ netns: lab.nodes[0]!.netns.path });
        if (backend.Type === 'udp') return;
        await eventually(
          'no route',
          async () =>
            !(await netlink.routes(4)).some((route) => route.to === subnet.replace('-', '/')),
        );
        if (backend.Type === 'vxlan')
          assert.ok(!(await netlink.fdb('flannel.1')).some((entry) => entry.to === gone.ip));
      });
    });
  }
});
