// flanneld's path probes: real ICMP between nodes on the underlay, reported at /status and
// /metrics.
import assert from 'node:assert/strict';
import { needNetworks, eventually, NETWORK6, OverlayLab } from './overlay-lab.js';

interface Path {
  reachable: boolean;
  rttSeconds?: number;
  mtu?: number;
}

interface Status {
  peers: { publicIP: string; publicIPv6?: string; path?: Path; path6?: Path }[];
}

describe("flanneld's path probes", function () {
  this.timeout(60_000);
  let lab: OverlayLab;

  before(async function () {
    needNetworks(this);
    lab = await OverlayLab.create(2, { ipv6: true });
    await lab.configure({ Type: 'vxlan' }, { EnableIPv6: true, IPv6Network: NETWORK6 });
  });
  after(() => lab?.close());

  it('report reachable peers, round-trip times and path MTUs', async () => {
    const [near, far] = lab.nodes as [(typeof lab.nodes)[0], (typeof lab.nodes)[0]];
    await lab.etcdctl(
      'put',
      '/coreos.com/network/subnets/10.244.77.0-24&fd00:10:244:77::-64',
      '{"PublicIP":"172.30.7.99","PublicIPv6":"fd30:7::99","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"02:00:00:00:00:99"},"BackendV6Data":{"VNI":1,"VtepMAC":"02:00:00:00:00:98"}}',
    );
    // Only the path to the far node has a smaller MTU; both interfaces have 1500.
    const { exec } = await import('../../pkg/system/exec.js');
    await exec([...lab.underlay.enter, 'ip', 'link', 'set', far.name, 'mtu', '1400']);
    for (const node of lab.nodes)
      node.startFlanneld('--healthz-ip=127.0.0.1', '--healthz-port=8385');
    await Promise.all(lab.nodes.map((node) => node.subnet()));
    const get = (path: string) => near.run(['curl', '-sf', `http://127.0.0.1:8385${path}`]);
    const status = await eventually(
      'both paths',
      async () => {
        const now = JSON.parse(await get('/status')) as Status;
        return now.peers.filter((peer) => peer.path && peer.path6).length === 2 ? now : undefined;
      },
      30_000,
    );
    const path = (ip: string) => status.peers.find((peer) => peer.publicIP === ip)?.path;
    assert.deepEqual(path('172.30.7.99'), { reachable: false });
    assert.equal(path(far.ip)?.reachable, true);
    assert.equal(path(far.ip)?.mtu, 1400);
    assert.ok(path(far.ip)!.rttSeconds! > 0 && path(far.ip)!.rttSeconds! < 1);
    assert.equal(path(near.ip), undefined, 'a node does not probe itself');
    const path6 = (ip: string | undefined) =>
      status.peers.find((peer) => peer.publicIPv6 === ip)?.path6;
    assert.deepEqual(path6('fd30:7::99'), { reachable: false });
    assert.deepEqual([path6(far.ip6)?.reachable, path6(far.ip6)?.mtu], [true, 1400]);
    assert.equal(path6(near.ip6), undefined);
    const metrics = await get('/metrics');
    assert.match(metrics, new RegExp(`flannel_peer_reachable{peer="${far.ip}"} 1`));
    assert.match(metrics, /flannel_peer_reachable{peer="172.30.7.99"} 0/);
    assert.match(metrics, new RegExp(`flannel_peer_path_mtu_bytes{peer="${far.ip6}"} 1400`));
    assert.match(metrics, new RegExp(`flannel_peer_path_mtu_bytes{peer="${far.ip}"} 1400`));
  });
});
