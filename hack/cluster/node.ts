// A node: network, UTS and mount namespaces that are pinned as files, so that they outlive every
// process in them. Inside, /run is empty at first, /var/lib and /var/log are the node's own
// folders, /etc is a private overlay over the host's, and /sys shows the node's own devices.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { cgroupOf, createCgroup } from './cgroups.js';
import { removeReservation } from './reservations.js';
import { restoreHostSettings } from './host-settings.js';
import { enterNode, layoutOf, nodeLayoutOf, ROOT } from './layout.js';
import type { ClusterRecord } from './record.js';
import { connectNode } from './underlay.js';

/** Folders that differ inside a node; a checkout below one of them would be invisible there. */
const HIDDEN = ['/run', '/var/run', '/var/lib', '/var/log', '/etc', '/sys', '/proc'];

export function checkPlace(): void {
  const hidden = HIDDEN.find((dir) => `${ROOT}/`.startsWith(`${dir}/`));
  if (hidden)
    throw new Error(
      `the checkout lies under ${hidden}, which nodes see differently; move it, for example to your home`,
    );
}

/**
 * Mounts the tmpfs for the namespace files. It is private, because the kernel pins mount namespaces
 * on private mounts only.
 */
export async function mountRun(cluster: string): Promise<void> {
  const { run } = layoutOf(cluster);
  mkdirSync(run, { recursive: true });
  await exec(['mount', '-t', 'tmpfs', '-o', 'size=1m,mode=700', `wheelhouse-${cluster}`, run]);
  await exec(['mount', '--make-private', run]);
}

/**
 * The shell script that prepares a new node's mounts and kernel settings. It runs once, inside the
 * node.
 */
export function renderSetup(record: ClusterRecord, node: string): string {
  const { lib, log, config } = nodeLayoutOf(record.name, node);
  return `set -e
# Copies of other clusters' pins would keep their namespaces alive.
for pin in /run/wheelhouse/*; do umount -l "$pin" 2>/dev/null || true; done
hostname ${node}
mount --bind ${lib} /var/lib
mount --bind ${log} /var/log
mount --rbind /sys/fs/cgroup /mnt
mount -t sysfs sysfs /sys
mount --move /mnt /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/etc/upper /run/etc/work /run/lock
mount -t overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work overlay /etc
rm -f /etc/cni/net.d/* 2>/dev/null || true
mkdir -p /etc/cni/net.d /etc/kubernetes/manifests /var/lib/kubelet /var/lib/cni /var/log/pods /var/log/containers
printf '%s\\n' ${node} > /etc/hostname
cp ${config}/hosts /etc/hosts
rm -f /etc/resolv.conf
cp ${config}/resolv.conf /etc/resolv.conf
mount --bind /var/lib/kubelet /var/lib/kubelet
mount --make-rshared /var/lib/kubelet
echo 1 > /proc/sys/net/ipv4/ip_forward
for name in all default; do echo 0 > /proc/sys/net/ipv6/conf/$name/disable_ipv6 2>/dev/null || true; done
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null || true
for name in iptables ip6tables; do echo 1 > /proc/sys/net/bridge/bridge-nf-call-$name 2>/dev/null || true; done
`;
}

/** The text of a node's /etc/hosts. */
export function renderHosts(record: ClusterRecord, node: string): string {
  const lines = record.nodes.flatMap(({ name, address, address6 }) => [
    `${address} ${name}`,
    ...(address6 ? [`${address6} ${name}`] : []),
  ]);
  return `127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n# ${node} of cluster ${record.name}\n${lines.join('\n')}\n`;
}

/**
 * The host's resolv.conf in a form that works in a node. A stub resolver on loopback is replaced by
 * the upstream servers that it uses.
 */
export function resolvConf(
  files = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'],
): string {
  for (const file of files) {
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8');
    const servers = [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address]) => address!);
    if (servers.some((address) => !address.startsWith('127.') && address !== '::1')) return text;
  }
  return '';
}

/** Writes the hosts of all nodes into every node. */
export async function renewHosts(record: ClusterRecord): Promise<void> {
  for (const { name } of record.nodes) {
    const file = join(nodeLayoutOf(record.name, name).config, 'hosts');
    writeFileSync(file, renderHosts(record, name));
    await exec([...enterNode(record.name, name), 'cp', file, '/etc/hosts']);
  }
}

export async function createNode(record: ClusterRecord, name: string): Promise<void> {
  const files = nodeLayoutOf(record.name, name);
  for (const dir of [files.lib, files.log, files.config]) mkdirSync(dir, { recursive: true });
  // Left-overs of a run before a reboot: the allocations of sandboxes that are gone.
  rmSync(join(files.lib, 'cni'), { recursive: true, force: true });
  writeFileSync(join(files.config, 'hosts'), renderHosts(record, name));
  writeFileSync(join(files.config, 'resolv.conf'), resolvConf());
  createCgroup(cgroupOf(record.name, `${name}/system`));
  for (const file of [files.net, files.uts, files.mnt]) writeFileSync(file, '');
  await exec([
    'unshare',
    `--net=${files.net}`,
    `--uts=${files.uts}`,
    `--mount=${files.mnt}`,
    '--propagation',
    'private',
    'true',
  ]);
  await connectNode(record, name);
  await exec([...enterNode(record.name, name), 'sh', '-s'], { input: renderSetup(record, name) });
}

/** Removes the pins of one node, and with them its namespaces, once its processes have ended. */
export async function unpinNode(cluster: string, node: string): Promise<void> {
  const { net, mnt, uts } = nodeLayoutOf(cluster, node);
  for (const pin of [net, mnt, uts]) {
    await tryExec(['umount', '-l', pin]);
    rmSync(pin, { force: true });
  }
}

/**
 * Removes the pins. The kernel ends the namespaces, with their devices and mounts, when no process
 * is left in them.
 */
export async function unmountRun(cluster: string): Promise<void> {
  const { run } = layoutOf(cluster);
  await tryExec(['umount', '-R', '-l', run]);
  rmSync(run, { recursive: true, force: true });
  removeReservation(cluster);
  restoreHostSettings();
}
