// A machine beside the cluster becomes a worker of it by kubeadm join, and is as before after
// kubeadm reset. It has network, mount and host name of its own, and runs nothing but containerd.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupFiles, cgroupOf } from '../../hack/cluster/cgroups.js';
import { writeContainerdConfig, mayLowerOomScore } from '../../hack/cluster/containerd.js';
import { IMAGE_CACHE, enterNode, layoutOf, nodeLayoutOf } from '../../hack/cluster/layout.js';
import { createNode } from '../../hack/cluster/node.js';
import { requireRecord } from '../../hack/cluster/record.js';
import { until } from '../../hack/cluster/wait.js';
import { buildImages } from '../../hack/cluster/images.js';
import { buildStore, linkStore } from '../../hack/containers/store.js';
import { exec, quote, tryExec, type ExecResult } from '../../pkg/system/exec.js';
import { ROOT } from '../support/root.js';
import { TestCluster } from './cluster.js';

const KUBEADM = join(ROOT, 'hack/plugins/kubeadm');
const NAME = 'worker';
const TOKENS = 'system:bootstrappers:kubeadm:default-node-token';
/** Folders of the runtime itself, and what time changes. */
const FOREIGN = /^\/(run|var\/lib)\/containerd|^\/run\/(etc|lock|mount|netns)/;

const container = {
  name: 'main',
  image: 'busybox:1',
  imagePullPolicy: 'IfNotPresent',
  command: [
    'sh',
    '-c',
    'mkdir /www; hostname > /www/index.html; echo up; exec httpd -f -p 80 -h /www',
  ],
  readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
};
const podOn = (name: string, nodeName: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: { nodeName, terminationGracePeriodSeconds: 0, containers: [container] },
});
const serviceOf = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});

interface Request {
  metadata: { name: string };
  spec: { signerName: string };
}

describe('a machine that joins', function () {
  this.timeout(120_000);
  const cluster = new TestCluster();
  const children: ChildProcess[] = [];
  let snapshotter: 'overlayfs' | 'native';
  let at: string[];
  let words: string[];

  const run = (...command: string[]): Promise<string> => exec([...at, ...command]);
  const kubeadm = (...args: string[]): Promise<ExecResult> =>
    tryExec([...at, KUBEADM, ...args], { timeoutMs: 100_000 });
  const joinWords = async (): Promise<string[]> => {
    const { kubeconfig } = layoutOf(cluster.name);
    const line = ['token', 'create', '--print-join-command', `--kubeconfig=${kubeconfig}`];
    return (await exec([KUBEADM, ...line])).trim().split(' ').slice(1);
  };
  const readyIs = (state: string): Promise<unknown> =>
    until(
      async () =>
        (await cluster
          .jsonPath(`node ${NAME}`, '{.status.conditions[?(@.type=="Ready")].status}')
          .catch(() => '')) === state,
      60_000,
      `the node is not Ready=${state}`,
    );
  const reaches = (name: string): Promise<unknown> =>
    until(
      async () => {
        const ip = await cluster.jsonPath(`service ${name}`, '{.spec.clusterIP}');
        const { stdout } = await tryExec([...at, 'curl', '-s', '-m', '2', `http://${ip}`]);
        return stdout.trim() === name;
      },
      20_000,
      `${name} does not answer`,
    );

  /** Kills a join as soon as the file is there; in the root folder of a process of the machine. */
  const joinUntil = async (path: string): Promise<void> => {
    const holder = spawn(at[0]!, [...at.slice(1), 'sleep', '1000'], { stdio: 'ignore' });
    const [program, ...args] = [...at, KUBEADM, ...words];
    const killed = spawn(program!, args, { stdio: 'ignore', detached: true });
    try {
      const isThere = () => existsSync(`/proc/${holder.pid}/root/${path}`);
      await until(isThere, 60_000, `${path} does not come`);
    } finally {
      process.kill(-killed.pid!, 'SIGKILL');
      holder.kill('SIGKILL');
    }
    await once(killed, 'exit');
  };

  /** The commands of the machine's processes, by their mount namespace. */
  function processes(): string[] {
    const own = statSync(nodeLayoutOf(cluster.name, NAME).mnt).ino;
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid))
      .flatMap((pid) => {
        try {
          if (readlinkSync(`/proc/${pid}/ns/mnt`) !== `mnt:[${own}]`) return [];
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 2).join(' ');
        } catch {
          return []; // has ended
        }
      });
  }

  /** Files, links, addresses, routes, tables, mounts, cgroups and processes of the machine. */
  async function traces(): Promise<string[]> {
    const [files, ...others] = await Promise.all([
      run('find', '/etc', '/run', '/var/lib', '/var/log', '-not', '-path', '/run/etc/*'),
      run('ip', '-o', 'address'),
      run('ip', 'route', 'show', 'table', 'all'),
      run('ip', 'rule'),
      run('nft', 'list', 'ruleset'),
      run('findmnt', '-rno', 'TARGET'),
      run(
        'sh',
        '-c',
        `find /sys/fs/cgroup -type d -path '*${cgroupOf(cluster.name, NAME)}/kubepods*'`,
      ),
    ]);
    const lines = others.flatMap((text) => text.split('\n'));
    return [...files.split('\n'), ...lines, ...processes()]
      .map((line) => line.replace(/valid_lft.*/, ''))
      .filter((line) => line && !line.includes('fe80::') && !FOREIGN.test(line))
      .sort();
  }

  before(async function () {
    this.timeout(300_000);
    await cluster.up('--nodes', '1');
    const record = requireRecord(cluster.name);
    const { archive } = await buildImages();
    const address = record.gateway.replace(/1$/, '99');
    const machine = { name: NAME, address, link: `whl${record.index}w` };
    await createNode({ ...record, nodes: [machine] }, NAME);
    // In the machine's cgroup, where hack/down finds whatever a failed test leaves.
    const files = cgroupFiles(cgroupOf(cluster.name, `${NAME}/system`)).map(quote);
    const enter = files.map((file) => `echo $$ > ${file}; `).join('');
    at = ['sh', '-c', `${enter}exec "$@"`, 'sh', ...enterNode(cluster.name, NAME)];
    const config = readFileSync(
      join(nodeLayoutOf(cluster.name, 'node-1').config, 'containerd.toml'),
      'utf8',
    );
    snapshotter = config.includes('snapshotter = "native"') ? 'native' : 'overlayfs';
    const lowers = mayLowerOomScore(readFileSync('/proc/self/status', 'utf8'));
    const options = { mayLowerOomScore: lowers, snapshotter };
    const toml = writeContainerdConfig(cluster.name, NAME, options);
    const store = await buildStore(IMAGE_CACHE, archive, snapshotter);
    linkStore(store, join(nodeLayoutOf(cluster.name, NAME).lib, 'containerd'));
    const [program, ...args] = [...at, 'containerd', '--config', toml];
    children.push(spawn(program!, args, { stdio: 'ignore' }));
    await until(
      async () => (await tryExec([...at, 'ctr', 'version'])).code === 0,
      20_000,
      'containerd does not answer',
    );
    const extra = `KUBELET_EXTRA_ARGS=--cgroup-root=${cgroupOf(cluster.name, NAME)}`;
    await run(
      'sh',
      '-c',
      `rmdir /var/log/pods; mkdir -p /etc/default; echo ${extra} > /etc/default/kubelet`,
    );
    words = await joinWords();
  });
  after(async () => {
    await cluster.down();
    for (const child of children) child.kill('SIGKILL');
  });

  it('is a worker like the others, and leaves no trace when it is reset', async () => {
    const before = await traces();
    const isAsBefore = async (): Promise<void> => {
      const reset = await kubeadm('reset', '--force');
      assert.equal(reset.code, 0, reset.stderr);
      const now = await traces();
      const changed = [
        ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
        ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
      ];
      assert.deepEqual(changed, []);
    };
    for (const path of ['etc/kubernetes/bootstrap-kubelet.conf', 'var/lib/flanneld/tls.key']) {
      await joinUntil(path);
      await isAsBefore();
    }
    await joinUntil('var/lib/wheelhouse/kubelet/supervise/ok');
    const again = await kubeadm(...words);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /^\nThis node has joined the cluster:\n/);
    await readyIs('True');

    for (const [name, node] of [
      ['far', 'node-1'],
      ['near', NAME],
    ] as const) {
      await cluster.create(JSON.stringify(podOn(name, node)));
      await cluster.create(JSON.stringify(serviceOf(name)));
    }
    await cluster.readyPods('app in (far, near)', 2);
    // Services from the machine, and pods of each node from the other node's.
    for (const name of ['far', 'near']) await reaches(name);
    const requests = await cluster.kubectl('get', 'csr', '-o', 'json');
    const serving = (JSON.parse(requests) as { items: Request[] }).items.filter(
      ({ spec }) => spec.signerName === 'kubernetes.io/kubelet-serving',
    );
    assert.equal(serving.length, 1);
    await cluster.kubectl('certificate', 'approve', serving[0]!.metadata.name);
    for (const [from, to] of [
      ['far', 'near'],
      ['near', 'far'],
    ] as const) {
      let said = '';
      const wget = ['exec', from, '--', 'wget', '-qO-', '-T', '3', `http://${to}.default`];
      await until(
        async () => {
          const { stdout, stderr } = await cluster.tryKubectl(wget);
          said = stdout + stderr;
          return said.trim() === to;
        },
        30_000,
        () => `${from} does not reach ${to}: ${said}`,
      );
    }
    assert.equal(await cluster.kubectl('logs', 'near'), 'up\n');

    const mayGet = async (what: string, ...as: string[]): Promise<boolean> => {
      const ask = ['auth', 'can-i', 'get', what, '-n', 'kube-system', ...as];
      return (await cluster.tryKubectl(ask)).stdout.trim() === 'yes';
    };
    const token = ['--as=system:bootstrap:abcdef', `--as-group=${TOKENS}`];
    const node = [`--as=system:node:${NAME}`, '--as-group=system:nodes'];
    for (const [what, byToken, byNode] of [
      ['configmaps/kubelet-config', true, true],
      ['configmaps/flanneld', false, true],
      ['secrets/flanneld-etcd-client', false, true],
      ['secrets/kube-proxy', false, true],
      ['secrets', false, false],
      [`secrets/bootstrap-token-${words[2]!.slice(0, 6)}`, false, false],
    ] as const)
      assert.deepEqual(
        [await mayGet(what, ...token), await mayGet(what, ...node)],
        [byToken, byNode],
        what,
      );

    // The kubelet is alone now, and would make anew what reset removes.
    const pid = (await run('cat', '/var/lib/wheelhouse/kubelet/supervise/pid')).trim();
    const [, parent] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
    assert.equal(readFileSync(`/proc/${parent}/comm`, 'utf8'), 'runsv\n');
    process.kill(Number(parent), 'SIGKILL');
    await isAsBefore();
  });
});
