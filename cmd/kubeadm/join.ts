// kubeadm join makes this machine a node: it comes to trust the cluster, gets its certificate with
// a bootstrap token, and starts the node's programs. The file with the token is removed last, so
// that a join that was killed can be repeated; the key of its open request is kept and asks again.
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { NODES } from '../../pkg/apis/resource-types.js';
import { ignoreNotFound } from '../../pkg/client/requests.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { tokenParts } from '../../pkg/component-helpers/bootstrap-tokens.js';
import { isNodeReady } from '../../pkg/component-helpers/nodes.js';
import { isFor, pairStore, type Pair } from '../../pkg/kubelet/certificates/pair-store.js';
import { wantedOf } from '../../pkg/kubelet/certificates/plan.js';
import { obtain } from '../../pkg/kubelet/certificates/renewal.js';
import { tryExec } from '../../pkg/system/exec.js';
import { atomicWrite } from '../../pkg/system/files/atomic-write.js';
import { writeKubeconfig } from '../../pkg/system/pki/kubeconfig.js';
import { until } from '../../pkg/util/wait/retry.js';
import { certificatesIn, type ClusterInfo } from './cluster-info.js';
import { command, type Call } from './command.js';
import { checkHashes, discover, discoverByFile } from './discovery.js';
import { JOIN_FLAGS, RESET_FLAGS } from './flags.generated.js';
import { EMPTIED } from './programs.generated.js';
import { removePrograms, startPrograms } from './programs.js';

const KUBECONFIG = '/etc/kubernetes/kubelet.conf';
const BOOTSTRAP = '/etc/kubernetes/bootstrap-kubelet.conf';
const CA = '/etc/kubernetes/pki/ca.crt';
const CERTIFICATES = '/var/lib/kubelet/pki';
const PORT = 10250;
const LOGS = '/var/log/wheelhouse, or journalctl -u "wheelhouse-*"';
const READY_LOOK_MS = 500;

type JoinCall = Call<typeof JOIN_FLAGS>;

/** Whether somebody listens at the socket or port. */
const answers = (at: string | { port: number }): Promise<boolean> =>
  new Promise((resolve) => {
    const peer = connect(at as { port: number }, () => resolve(peer.destroy().destroyed));
    peer.on('error', () => resolve(false));
  });

/** @throws Error with the checks that failed, but for those of --ignore-preflight-errors. */
async function preflight(flags: JoinCall['flags']): Promise<void> {
  const socket = flags['cri-socket'];
  const isRunning = await answers(socket.replace(/^unix:\/\//, ''));
  // A join that was killed left the token, and may have started the kubelet.
  const isNew = !existsSync(BOOTSTRAP);
  const checks = {
    IsPrivilegedUser: process.getuid?.() !== 0 && 'user is not running as root',
    CRI: !isRunning && `container runtime is not running: ${socket}`,
    [`Port-${PORT}`]: isNew && (await answers({ port: PORT })) && `Port ${PORT} is in use`,
    [`FileAvailable-${KUBECONFIG.replaceAll('/', '-')}`]:
      isNew && existsSync(KUBECONFIG) && `${KUBECONFIG} already exists`,
  };
  const ignored = flags['ignore-preflight-errors'].map((name) => name.toLowerCase());
  const isIgnored = (name: string) =>
    ['all', name.toLowerCase()].some((one) => ignored.includes(one));
  let errors = '';
  for (const [name, text] of Object.entries(checks)) {
    if (text && isIgnored(name)) process.stderr.write(`\t[WARNING ${name}]: ${text}\n`);
    else if (text) errors += `\t[ERROR ${name}]: ${text}\n`;
  }
  if (errors)
    throw new Error(
      `error execution phase preflight: [preflight] Some fatal errors occurred:\n${errors}[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\``,
    );
}

async function clusterFor({ flags, operands, env, signal }: JoinCall): Promise<ClusterInfo> {
  const file = flags['discovery-file'];
  if (file) return discoverByFile(file);
  const [endpoint] = operands;
  const hashes = flags['discovery-token-ca-cert-hash'].map((hash) => hash.toLowerCase());
  checkHashes(hashes);
  const { 'discovery-timeout': limitMs } = flags;
  const token = tokenParts(flags.token);
  const isPinned = hashes.length > 0 || flags['discovery-token-unsafe-skip-ca-verification'];
  if (endpoint && token && isPinned)
    return discover({ endpoint, token, hashes, clock: env.clock, limitMs, signal });
  throw new Error(
    !endpoint
      ? 'discovery: Invalid value: "": bootstrapToken or file must be set'
      : !token
        ? 'discovery.bootstrapToken.token: Invalid value: the bootstrap token is invalid'
        : 'discovery.bootstrapToken.caCertHashes: Invalid value: "": using token-based discovery without caCertHashes can be unsafe. Pass --discovery-token-unsafe-skip-ca-verification flag to continue',
  );
}

/** Whether this cluster gave the certificate, to a join that was killed. */
export function isKept(own: Pair, name: string, { caPem }: ClusterInfo, now: number): boolean {
  const certificate = new X509Certificate(own.pem);
  return (
    own.until > now &&
    isFor(own, wantedOf('client', name)) &&
    certificatesIn(caPem).some(({ publicKey }) => certificate.verify(publicKey))
  );
}

/** Gets the node's certificate with the token, and writes the kubeconfig. */
async function bootstrap(
  cluster: ClusterInfo,
  name: string,
  { flags: { token }, env, signal }: JoinCall,
): Promise<void> {
  const client = createClient({ server: cluster.server, ca: cluster.caPem, token }, env);
  const store = pairStore(CERTIFICATES, 'client', () => env.clock.now());
  const wanted = wantedOf('client', name);
  try {
    const own = existsSync(BOOTSTRAP) ? await store.current() : undefined;
    const isOurs = own && isKept(own, name, cluster, env.clock.now());
    const node = await client.get(NODES, { name }).catch(ignoreNotFound);
    if (node && isNodeReady(node) && !isOurs)
      throw new Error(
        `a Node with name "${name}" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node`,
      );
    await atomicWrite(CA, cluster.caPem, 0o644);
    await writeKubeconfig(BOOTSTRAP, { ...cluster, token, name: 'tls-bootstrap-token-user' });
    if (!isOurs) await obtain({ env, client, store, wanted }, signal);
    await writeKubeconfig(KUBECONFIG, { ...cluster, pairFile: store.path, name: 'default-auth' });
  } finally {
    await client.close();
  }
}

/** Starts the programs, and waits until the node is Ready. */
async function start(name: string, { flags, env, signal }: JoinCall): Promise<void> {
  const client = createClient(await loadKubeconfig(KUBECONFIG), env);
  try {
    await startPrograms(client, name, flags['cri-socket']);
    const { 'discovery-timeout': limitMs } = flags;
    const isReady = await until({ ...env, signal, periodMs: READY_LOOK_MS, limitMs }, async () => {
      const node = await client.get(NODES, { name }).catch(() => undefined);
      return node && isNodeReady(node);
    });
    signal.throwIfAborted();
    if (!isReady) throw new Error(`the node "${name}" has not become Ready; see ${LOGS}`);
  } finally {
    await client.close();
  }
}

const JOINED = `
This node has joined the cluster:
* Certificate signing request was sent to apiserver and a response was received.
* The Kubelet was informed of the new secure connection details.

Run 'kubectl get nodes' on the control-plane to see this node join the cluster.
`;

export const JOIN_COMMANDS = {
  join: command(
    'Run this on any machine you wish to join an existing cluster',
    JOIN_FLAGS,
    ['[api-server-endpoint]'],
    async (call) => {
      await preflight(call.flags);
      const cluster = await clusterFor(call);
      const name = (call.flags['node-name'] ?? hostname()).toLowerCase();
      await bootstrap(cluster, name, call);
      if (!call.flags['skip-phases'].includes('kubelet-start')) await start(name, call);
      await rm(BOOTSTRAP);
      return JOINED;
    },
  ),
  reset: command("Undo what 'kubeadm join' did to this host", RESET_FLAGS, [], async (call) => {
    await removePrograms(call.flags['cri-socket'], call.env);
    const all = await readdir(CERTIFICATES).catch(() => []);
    const pairs = all.filter((file) => /^kubelet-(client|server)/.test(file));
    const files = [KUBECONFIG, BOOTSTRAP, CA, ...pairs.map((file) => join(CERTIFICATES, file))];
    for (const file of files) await rm(file, { force: true });
    await tryExec(['rmdir', ...EMPTIED]);
    return `[reset] Deleting files: [${files.join(' ')}]\n`;
  }),
};
