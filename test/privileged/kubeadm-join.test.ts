// kubeadm join without the programs (test/e2e/join.test.ts has those), on machines with /etc,
// /var/lib and a host name of their own, which share the network with the control plane.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { startApiServer, type RunningApiServer } from '../../cmd/kube-apiserver/start.js';
import { parseOptions } from '../../cmd/kube-controller-manager/options.js';
import { runKubeControllerManager } from '../../cmd/kube-controller-manager/run.js';
import { createAll } from '../../hack/cluster/addons.js';
import type { ApiObject } from '../../pkg/apimachinery/meta/object.js';
import {
  CERTIFICATE_SIGNING_REQUESTS,
  CONFIG_MAPS,
  NODES,
  PODS,
  SERVICE_ACCOUNTS,
} from '../../pkg/apis/resource-types.js';
import type { Client } from '../../pkg/client/client.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { isNodeReady } from '../../pkg/component-helpers/nodes.js';
import { realEnv } from '../../pkg/system/env.js';
import { exec, tryExec, type ExecResult } from '../../pkg/system/exec.js';
import { eventually } from '../support/control-plane.js';
import { ROOT } from '../support/root.js';
import { needRoot } from '../support/skip.js';

const KUBEADM = join(ROOT, 'hack/plugins/kubeadm');
const APPROVAL = 'kubeadm:node-autoapprove-bootstrap';
/** As hack/cluster/node.ts prepares a node. */
const MACHINE = `set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/etc/upper /run/etc/work /run/lib
mount -t overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work overlay /etc
mount --bind /run/lib /var/lib
hostname "$0"
echo ready
exec sleep infinity`;

describe('kubeadm join', function () {
  this.timeout(180_000);
  let dir: string;
  let api: RunningApiServer;
  let client: Client;
  let socket: Server;
  let manager: Promise<void>;
  const over = new AbortController();
  const children: ChildProcess[] = [];
  let rights: ApiObject[];
  let words: string[];

  /** The words before a command that runs on a new machine. */
  const machine = async (name: string): Promise<string[]> => {
    const holder = spawn(
      'unshare',
      ['-m', '-u', '--propagation', 'private', 'sh', '-c', MACHINE, name],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    children.push(holder);
    await once(holder.stdout, 'data');
    return ['nsenter', '-t', String(holder.pid), '-m', '-u', '--'];
  };
  const kubeadm = async (...args: string[]): Promise<string> =>
    (await exec([KUBEADM, ...args, `--kubeconfig=${api.kubeconfig}`])).trim();
  const joinWords = (given = words): string[] => [
    KUBEADM,
    ...given.slice(1),
    `--cri-socket=unix://${join(dir, 'cri.sock')}`,
    '--ignore-preflight-errors=Port-10250',
    '--discovery-timeout=20s',
    '--skip-phases=kubelet-start',
  ];
  const succeeds = ({ code, stdout, stderr }: ExecResult): string => {
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const refused = async (at: string[], given: string[]): Promise<string> => {
    const { code, stdout, stderr } = await tryExec([...at, ...given], { timeoutMs: 60_000 });
    assert.equal(code, 1, stdout);
    return stderr;
  };
  const requests = async () => (await client.list(CERTIFICATE_SIGNING_REQUESTS)).items;

  before(async function () {
    needRoot(this);
    dir = mkdtempSync(join(tmpdir(), 'wheelhouse-join-'));
    socket = createServer((peer) => peer.end()).listen(join(dir, 'cri.sock'));
    api = await startApiServer();
    await api.ready();
    client = createClient(await loadKubeconfig(api.kubeconfig), realEnv('test', 'error'));
    const [cert, key, conf] = ['ca.crt', 'ca.key', 'cm.conf'].map((name) => join(dir, name));
    writeFileSync(cert!, api.pki.ca.certPem);
    writeFileSync(key!, api.pki.ca.keyPem);
    writeFileSync(conf!, api.kubeconfigFor('system:kube-controller-manager'));
    manager = runKubeControllerManager(
      parseOptions([
        `--kubeconfig=${conf}`,
        '--secure-port=0',
        '--log-level=error',
        '--controllers=csrapproving,csrsigning,bootstrapsigner,tokencleaner',
        `--cluster-signing-cert-file=${cert}`,
        `--cluster-signing-key-file=${key}`,
      ]),
      realEnv('kube-controller-manager', 'error'),
      over.signal,
    );
    const file = join(ROOT, 'manifests/addons/kubelet-bootstrap-rbac.yaml');
    rights = parseAllDocuments(readFileSync(file, 'utf8')).map((one) => one.toJS() as ApiObject);
    await createAll(
      client,
      rights.filter(({ metadata }) => metadata.name !== APPROVAL),
    );
    const data = Buffer.from(api.caPem).toString('base64');
    const cluster = { server: api.url, 'certificate-authority-data': data };
    await createAll(client, [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'kube-public', name: 'cluster-info' },
        data: { kubeconfig: JSON.stringify({ clusters: [{ name: '', cluster }] }) },
      } as ApiObject,
      ...['Role', 'RoleBinding'].map(
        (kind) =>
          ({
            apiVersion: 'rbac.authorization.k8s.io/v1',
            kind,
            metadata: { namespace: 'kube-public', name: 'cluster-info' },
            ...(kind === 'Role'
              ? { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }] }
              : {
                  roleRef: {
                    apiGroup: 'rbac.authorization.k8s.io',
                    kind: 'Role',
                    name: 'cluster-info',
                  },
                  subjects: [
                    {
                      apiGroup: 'rbac.authorization.k8s.io',
                      kind: 'User',
                      name: 'system:anonymous',
                    },
                  ],
                }),
          }) as unknown as ApiObject,
      ),
    ]);
    words = (await kubeadm('token', 'create', '--print-join-command')).split(' ');
    assert.deepEqual(words.slice(0, 3), ['kubeadm', 'join', new URL(api.url).host]);
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    over.abort(new Error('test over'));
    await manager;
    await client?.close();
    await api?.stop();
    socket?.close();
    if (dir) rmSync(dir, { recursive: true });
  });

  it('goes on with the same request when it was killed in the middle', async () => {
    const at = await machine('m1');
    const [program, ...args] = [...at, ...joinWords()];
    const first = spawn(program!, args, { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
    await eventually('a request', async () => (await requests()).length === 1);
    process.kill(-first.pid!, 'SIGKILL');
    await once(first, 'exit');
    const left = await exec([
      ...at,
      'sh',
      '-c',
      'stat -c "%a %n" /etc/kubernetes/*.conf; cat /etc/kubernetes/pki/ca.crt',
    ]);
    assert.equal(left, `600 /etc/kubernetes/bootstrap-kubelet.conf\n${api.caPem}`);
    const again = tryExec([...at, ...joinWords()], { timeoutMs: 120_000 });
    const [request] = await requests();
    const condition = { type: 'Approved', status: 'True', reason: 'Tested', message: 'by a test' };
    await client.update(
      CERTIFICATE_SIGNING_REQUESTS,
      { ...request!, status: { conditions: [condition] } } as typeof request & object,
      { subresource: 'approval' },
    );
    assert.match(succeeds(await again), /^\nThis node has joined the cluster:\n/);
    assert.equal((await requests()).length, 1);
    assert.equal(
      await exec([...at, 'sh', '-c', 'stat -c "%a %n" /etc/kubernetes/*.conf']),
      '600 /etc/kubernetes/kubelet.conf\n',
    );
    assert.match(
      await refused(at, joinWords()),
      /error execution phase preflight: \[preflight\] Some fatal errors occurred:\n\t\[ERROR FileAvailable--etc-kubernetes-kubelet\.conf\]: \/etc\/kubernetes\/kubelet\.conf already exists\n/,
    );
    assert.ok(!existsSync('/etc/kubernetes/kubelet.conf'), 'on the host');
  });

  it('lets the kubelet run pods, and refuses a second machine of the name', async () => {
    await createAll(
      client,
      rights.filter(({ metadata }) => metadata.name === APPROVAL),
    );
    const at = await machine('m2');
    succeeds(await tryExec([...at, ...joinWords()], { timeoutMs: 120_000 }));
    const flags = [
      '--runtime=hollow',
      '--kubeconfig=/etc/kubernetes/kubelet.conf',
      '--rotate-certificates',
      '--node-ip=127.0.0.1',
      '--port=0',
      '--healthz-port=0',
    ];
    const [program, ...args] = [
      ...at,
      process.execPath,
      join(ROOT, 'dist/cmd/kubelet/main.js'),
      ...flags,
    ];
    children.push(spawn(program!, args, { stdio: 'inherit' }));
    await eventually('the node is ready', async () =>
      isNodeReady(await client.get(NODES, { name: 'm2' })),
    );
    const metadata = { name: 'first', namespace: 'default' };
    await client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'default' },
    });
    await client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { nodeName: 'm2', containers: [{ name: 'main', image: 'anything' }] },
    } as never);
    await eventually(
      'the pod runs',
      async () => (await client.get(PODS, metadata)).status?.phase === 'Running',
    );
    const text =
      'a Node with name "m2" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node';
    const other = await machine('m3');
    const said = await refused(other, [...joinWords(), '--node-name=m2']);
    assert.ok(said.includes(text), said);
    const shouted = words.map((word) => (word.startsWith('sha256:') ? word.toUpperCase() : word));
    succeeds(await tryExec([...other, ...joinWords(shouted)], { timeoutMs: 120_000 }));
  });

  it('refuses a wrong hash, a token that has expired, and a machine that is not fit', async () => {
    const at = await machine('m4');
    const other = words.map((word) => word.replace(/^sha256:.*/, `sha256:${'0'.repeat(64)}`));
    assert.match(
      await refused(at, joinWords(other)),
      /cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "sha256:[0-9a-f]{64}" are pinned/,
    );
    const expired = await kubeadm('token', 'create', '--ttl=1s');
    const signature = `jws-kubeconfig-${expired.slice(0, 6)}`;
    const info = { namespace: 'kube-public', name: 'cluster-info' };
    await eventually('the token expires', async () => {
      const listed = await kubeadm('token', 'list');
      const { data = {} } = await client.get(CONFIG_MAPS, info);
      return !listed.includes(expired) && data[signature] === undefined;
    });
    const late = words.map((word, n) => (words[n - 1] === '--token' ? expired : word));
    assert.ok(
      (await refused(at, [...joinWords(late), '--discovery-timeout=1s'])).includes(
        `could not find a JWS signature in the cluster-info ConfigMap for token ID "${expired.slice(0, 6)}"`,
      ),
    );
    const unpinned = words.slice(0, 5);
    assert.match(
      await refused(at, joinWords(unpinned)),
      /using token-based discovery without caCertHashes can be unsafe/,
    );
    assert.match(
      await refused(at, [...joinWords(), '--cri-socket=unix:///nowhere']),
      /\t\[ERROR CRI\]: container runtime is not running: unix:\/\/\/nowhere\n/,
    );
    assert.equal((await tryExec([...at, 'ls', '/etc/kubernetes'])).code, 2, 'nothing is left');
    succeeds(
      await tryExec(
        [...at, ...joinWords(unpinned), '--discovery-token-unsafe-skip-ca-verification'],
        { timeoutMs: 120_000 },
      ),
    );
  });

  it('is undone by reset, which leaves other files', async () => {
    const at = await machine('m5');
    await exec([
      ...at,
      'sh',
      '-c',
      'mkdir -p /etc/kubernetes/manifests /var/lib/kubelet/pki; echo 1 > /etc/kubernetes/manifests/own.yaml; echo 2 > /var/lib/kubelet/pki/own.pem',
    ]);
    const state = () =>
      exec([...at, 'sh', '-c', 'find /etc/kubernetes /var/lib/kubelet -type f | sort']);
    const before = await state();
    succeeds(await tryExec([...at, ...joinWords()], { timeoutMs: 120_000 }));
    assert.notEqual(await state(), before);
    assert.equal((await tryExec([...at, KUBEADM, 'reset'])).code, 2, 'without --force');
    assert.notEqual(await state(), before);
    assert.match(
      succeeds(await tryExec([...at, KUBEADM, 'reset', '--force'])),
      /^\[reset\] Deleting files: \[\/etc\/kubernetes\/kubelet\.conf /,
    );
    assert.equal(await state(), before);
    succeeds(await tryExec([...at, KUBEADM, 'reset', '--force']));
    succeeds(await tryExec([...at, ...joinWords()], { timeoutMs: 120_000 }));
  });
});
