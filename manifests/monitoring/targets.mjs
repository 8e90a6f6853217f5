#!/usr/bin/env node
// Keeps Prometheus' files of a cluster of hack/up: its targets, the authority of the cluster, and a
// token that is renewed long before it expires. Forwards loopback ports of this host to kube-proxy
// and flanneld, which serve metrics on loopback of their node only. Runs until it is interrupted.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

const REFRESH_MS = 30_000;
const TOKEN_MS = 10 * 60_000;
/** Ports on loopback of each node. */
const ON_NODE = { 'kube-proxy': 10249, flanneld: 8385 };

const { values, positionals } = parseArgs({
  options: { name: { type: 'string', default: 'local' } },
  allowPositionals: true,
});
const [folder] = positionals;
if (!folder || positionals.length > 1) {
  console.error('usage: targets.mjs [--name local] FOLDER');
  process.exit(2);
}
const state = join(
  process.env.WHEELHOUSE_STATE ?? join(import.meta.dirname, '../../.wheelhouse'),
  values.name,
);
const cluster = () => JSON.parse(readFileSync(join(state, 'cluster.json'), 'utf8'));

/** Prometheus reads the whole old file or the whole new one. */
function write(name, text, mode = 0o644) {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}

async function kubectl(...args) {
  const all = [`--kubeconfig=${join(state, 'kubeconfig')}`, '--request-timeout=10s', ...args];
  return (await promisify(execFile)('kubectl', all)).stdout;
}

/** The port of this host that leads to a port on the node's loopback. */
const forwards = new Map();
function forward(node, port) {
  const key = `${node} ${port}`;
  const open = async () => {
    const server = createServer((socket) => {
      const enter = `--net=/run/wheelhouse/${values.name}/${node}.net`;
      const child = spawn('nsenter', [enter, '--', 'busybox', 'nc', '127.0.0.1', `${port}`], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const end = () => {
        socket.destroy();
        child.kill();
      };
      for (const part of [socket, child, child.stdin, child.stdout]) part.on('error', end);
      child.on('exit', end);
      socket.on('close', end);
      socket.pipe(child.stdin);
      child.stdout.pipe(socket);
    });
    await new Promise((resolve, reject) => {
      server.on('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return server.address().port;
  };
  if (!forwards.has(key)) forwards.set(key, open());
  return forwards.get(key);
}

const list = (name, targets) => write(`targets/${name}.json`, `${JSON.stringify(targets)}\n`);
const local = (port, labels = {}) => ({ targets: [`127.0.0.1:${port}`], labels });

/** Nodes that joined the cluster are here too. */
function kubelet({ metadata, status }) {
  const found = status.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  if (!found) return [];
  const address = found.includes(':') ? `[${found}]` : found;
  const port = status.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250;
  return [{ targets: [`${address}:${port}`], labels: { node: metadata.name } }];
}

async function refresh() {
  const { ports, nodes } = cluster();
  list('apiserver', [local(ports.api)]);
  list('etcd', [local(ports.etcdMetrics)]);
  list('scheduler', [local(ports.scheduler)]);
  list('controller-manager', [local(ports.controllerManager)]);
  for (const [program, port] of Object.entries(ON_NODE)) {
    const row = async ({ name: node }) =>
      local(await forward(node, port), { node, instance: `${node}:${port}` });
    list(program, await Promise.all(nodes.map(row)));
  }
  const { items } = JSON.parse(await kubectl('get', 'nodes', '-o=json'));
  list('kubelet', items.flatMap(kubelet));
  const pods = await kubectl('get', 'pods', '-n=kube-system', '-l=k8s-app=kube-dns', '-o=json');
  const servers = JSON.parse(pods).items.filter(({ status }) => status.podIP);
  list(
    'dns',
    servers.map(({ spec, status }) => ({
      targets: [`${status.podIP}:9153`],
      labels: { node: spec.nodeName },
    })),
  );
}

async function renew() {
  const token = await kubectl('create', 'token', 'prometheus', '-n=monitoring', '--duration=1h');
  write('token', token.trim(), 0o600);
}

mkdirSync(join(folder, 'targets'), { recursive: true });
write('ca.crt', readFileSync(join(state, 'pki/ca.crt')));
await renew();
await refresh();
console.log(`the targets of ${values.name} are in ${folder}`);
// A cluster that is down keeps its targets: Prometheus shows them as down.
const tell = (error) => console.error(error.message);
setInterval(() => void refresh().catch(tell), REFRESH_MS);
setInterval(() => void renew().catch(tell), TOKEN_MS);
