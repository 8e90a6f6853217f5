// flanneld with --kube-subnet-mgr and the real API server, with the permissions of
// manifests/flannel only: nodes use their podCIDRs of both families, and their pods reach each
// other.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { startApiServer, type RunningApiServer } from '../../cmd/kube-apiserver/start.js';
import { NODES } from '../../pkg/apis/resource-types.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import type { Client } from '../../pkg/client/client.js';
import { realEnv } from '../../pkg/system/env.js';
import { exec } from '../../pkg/system/exec.js';
import { eventually, needNetworks, OverlayLab, type LabNode, type Pod } from './overlay-lab.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const MANIFEST = join(ROOT, 'manifests/flannel/kube-flannel.yaml');
const PREFIX = 'flannel.alpha.coreos.com';
/** Forwards connections from the underlay to a unix socket, since the API server is outside. */
const RELAY =
  "require('net').createServer((a) => { const b = require('net').connect(process.argv[1]); a.pipe(b).pipe(a); a.on('error', () => b.destroy()); b.on('error', () => a.destroy()); }).listen(6443, '172.30.7.1', () => process.stdout.write('ready'))";

describe('flanneld with the kube subnet manager', function () {
  this.timeout(60_000);
  let lab: OverlayLab;
  let api: RunningApiServer;
  let client: Client;
  let door: Server;
  let pods: Pod[];

  const kubectl = (...words: string[]) =>
    exec(['kubectl', `--kubeconfig=${api.kubeconfig}`, ...words], { timeoutMs: 30_000 });
  const annotationsOf = async (name: string) =>
    (await client.get(NODES, { name })).metadata.annotations ?? {};

  function start(node: LabNode): void {
    const flags = [
      '--kube-subnet-mgr',
      '--kube-api-url=https://172.30.7.1:6443/',
      `--kubeconfig-file=${join(lab.dir, 'flannel.kubeconfig')}`,
      `--net-config-path=${join(lab.dir, 'net-conf.json')}`,
      `--subnet-file=${node.subnetFile}`,
      `--cni-conf-dir=${join(node.dir, 'cni')}`,
      `--cni-data-dir=${join(node.dir, 'ipam')}`,
      '--ip-masq',
    ];
    node.flanneld = node.start('flanneld', flags, { NODE_NAME: node.name });
  }

  before(async function () {
    needNetworks(this);
    lab = await OverlayLab.create(2, { etcd: false, ipv6: true });
    api = await startApiServer();
    await api.ready();
    const admin = await loadKubeconfig(api.kubeconfig);
    client = createClient(admin, realEnv('test', 'error'));
    door = createServer((socket) => {
      const { hostname, port } = new URL(admin.server);
      const inner = connect(Number(port), hostname);
      socket.on('error', () => inner.destroy()).pipe(inner);
      inner.on('error', () => socket.destroy()).pipe(socket);
    });
    const path = join(lab.dir, 'api.sock');
    await new Promise<void>((done) => door.listen(path, done));
    const relay = spawn(
      'nsenter',
      [`--net=${lab.underlay.path}`, '--', process.execPath, '-e', RELAY, path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    lab.nodes[0]!.processes.push(relay);
    await new Promise((done) => relay.stdout.once('data', done));

    await kubectl('apply', '-f', MANIFEST);
    const token = (await kubectl('create', 'token', 'flannel', '-n', 'kube-flannel')).trim();
    const cluster = {
      server: 'https://nowhere.invalid:1',
      'tls-server-name': 'kubernetes',
      'certificate-authority-data': Buffer.from(admin.ca!).toString('base64'),
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    await writeFile(join(lab.dir, 'flannel.kubeconfig'), stringify(config));
    const documents = parseAllDocuments(await readFile(MANIFEST, 'utf8')).map(
      (document) => document.toJS() as { kind: string; data?: Record<string, string> },
    );
    await writeFile(
      join(lab.dir, 'net-conf.json'),
      documents.find(({ kind }) => kind === 'ConfigMap')!.data!['net-conf.json']!,
    );
  });
  after(async () => {
    await lab?.close();
    door?.close();
    await client?.close();
    await api?.stop();
  });

  it('uses podCIDRs of both families and connects the pods', async () => {
    for (const [at, node] of lab.nodes.entries()) {
      const podCIDRs = [`10.244.${at + 1}.0/24`, `fd00:10:244:${at + 1}::/64`];
      await client.create(NODES, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: node.name },
        spec: { podCIDR: podCIDRs[0]!, podCIDRs },
      } as never);
      start(node);
    }
    assert.deepEqual(await Promise.all(lab.nodes.map((node) => node.subnet())), [
      '10.244.1.1/24',
      '10.244.2.1/24',
    ]);
    assert.match(
      await readFile(lab.nodes[1]!.subnetFile, 'utf8'),
      /FLANNEL_IPV6_SUBNET=fd00:10:244:2::1\/64/,
    );
    pods = [await lab.nodes[0]!.addPod('a1'), await lab.nodes[1]!.addPod('b1')];
    for (const [from, to] of [pods, pods.toReversed()] as [Pod, Pod][]) {
      for (const ip of [to.ip, to.ip6!])
        await eventually(
          `${from.name} to ${ip}`,
          async () => (await lab.ask(from.netns, ip))?.[0] === to.name,
        );
    }
  });

  it("writes flannel's annotations and node condition", async () => {
    const annotations = await annotationsOf('n1');
    const mac = /^\{"VNI":1,"VtepMAC":"([0-9a-f]{2}:){5}[0-9a-f]{2}"\}$/;
    assert.match(annotations[`${PREFIX}/backend-data`]!, mac);
    assert.match(annotations[`${PREFIX}/backend-v6-data`]!, mac);
    const rest = ['backend-type', 'public-ip', 'public-ipv6', 'kube-subnet-manager'].map(
      (key) => annotations[`${PREFIX}/${key}`],
    );
    assert.deepEqual(rest, ['vxlan', '172.30.7.11', 'fd30:7::11', 'true']);
    const condition = (await client.get(NODES, { name: 'n1' })).status?.conditions?.find(
      ({ type }) => type === 'NetworkUnavailable',
    );
    assert.deepEqual([condition?.status, condition?.reason], ['False', 'FlannelIsUp']);
  });

  it('handles a node that is deleted and created again', async () => {
    const routes = async () =>
      (await lab.nodes[0]!.run(['sh', '-c', 'ip route; ip -6 route']))
        .split('\n')
        .filter((line) => /^(10\.244\.2\.0|fd00:10:244:2::)/.test(line)).length;
    assert.equal(await routes(), 2);
    await client.delete(NODES, { name: 'n2' });
    await eventually('no routes', async () => (await routes()) === 0);
    const podCIDRs = ['10.244.2.0/24', 'fd00:10:244:2::/64'];
    await client.create(NODES, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n2' },
      spec: { podCIDR: podCIDRs[0]!, podCIDRs },
    } as never);
    await eventually('routes', async () => (await routes()) === 2);
    await eventually(
      'traffic',
      async () => (await lab.ask(pods[0]!.netns, pods[1]!.ip6!))?.[0] === 'b1',
    );
  });

  it('has no other permissions', async () => {
    const can = (...words: string[]) =>
      kubectl('auth', 'can-i', ...words, '--as=system:serviceaccount:kube-flannel:flannel').then(
        (text) => text.trim(),
        () => 'no',
      );
    assert.equal(await can('patch', 'nodes', '--subresource=status'), 'yes');
    for (const words of [
      ['patch', 'nodes'],
      ['delete', 'nodes'],
      ['list', 'pods'],
      ['get', 'secrets'],
    ])
      assert.equal(await can(...words), 'no', words.join(' '));
  });
});
