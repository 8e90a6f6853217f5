// The state of the host that a cluster could change, as lines of text to compare before and after.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../hack/cluster/layout.js';
import { exec } from '../../pkg/system/exec.js';

/** Directories in which a cluster may change only its own paths. */
const FOLDERS = ['/etc', '/opt', '/run', '/srv', '/mnt', '/root', '/usr/local', '/var'];
const DEPTH = 4;
/** Cgroups of the machine's service managers, which change independently of clusters. */
const FOREIGN_GROUPS = new Set([
  'process_api',
  'system.slice',
  'user.slice',
  'init.scope',
  'machine.slice',
]);
/**
 * Paths that other programs change, such as named network namespaces, which clusters do not use.
 */
const IGNORED = [
  /^\/root\/\.(npm|kube)/,
  /^\/run\/netns/,
  /^\/var\/(cache|log\/(apt|dpkg|journal)|lib\/(apt|dpkg|cni\/results))/,
];

function listFolder(dir: string, depth: number, into: string[]): void {
  if (`${dir}/`.startsWith(`${ROOT}/`) || IGNORED.some((pattern) => pattern.test(dir))) return;
  let entries;
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return; // removed in the meantime
  }
  for (const entry of entries) {
    const path = join(dir, entry.name);
    into.push(`file ${path}`);
    if (entry.isDirectory() && depth > 1) listFolder(path, depth - 1, into);
  }
}

function listCgroups(): string[] {
  const groups: string[] = [];
  const walk = (dir: string, depth: number) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (!entry.isDirectory() || FOREIGN_GROUPS.has(entry.name)) continue;
      groups.push(`cgroup ${join(dir, entry.name)}`);
      if (depth > 1) walk(join(dir, entry.name), depth - 1);
    }
  };
  walk('/sys/fs/cgroup', 3);
  return groups;
}

/** Processes of this checkout's clusters, or with the name of a cluster in their command line. */
function listProcesses(clusters: readonly string[]): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const group = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
        const ours = clusters.some(
          (name) => text.includes(`/${name}/`) || group.includes(`/wheelhouse/${name}`),
        );
        return ours ? [`process ${pid} ${text.slice(0, 120)}`] : [];
      } catch {
        return [];
      }
    });
}

async function lines(prefix: string, ...command: string[]): Promise<string[]> {
  return (await exec(command))
    .split('\n')
    .filter(Boolean)
    .map((line) => `${prefix} ${line}`);
}

/** The state of the host that a cluster changes; `clusters`: the names under test. */
export async function hostTraces(clusters: readonly string[]): Promise<Set<string>> {
  const files: string[] = [];
  for (const folder of FOLDERS) listFolder(folder, DEPTH, files);
  const links = (JSON.parse(await exec(['ip', '-j', 'link'])) as { ifname: string }[]).map(
    ({ ifname }) => `device ${ifname}`,
  );
  return new Set([
    ...files,
    ...links,
    ...listCgroups(),
    ...listProcesses(clusters),
    ...(await lines('route', 'ip', 'route', 'show', 'table', 'all')),
    // Only private addresses: the kernel creates link-local ones for every device.
    ...(await lines('route6', 'ip', '-6', 'route', 'show', 'table', 'all')).filter((line) =>
      line.includes(' fd'),
    ),
    ...(await lines('rule', 'ip', 'rule')),
    ...(await lines('nft', 'nft', 'list', 'ruleset')),
    ...(await lines('mount', 'findmnt', '-rno', 'TARGET,SOURCE,FSTYPE')).filter(
      (line) => !line.startsWith('mount /run/netns'),
    ),
    ...(await lines('sysctl', 'sysctl', 'net.ipv4.ip_forward')),
  ]);
}

/** Host settings, which must not disappear either. */
const SETTINGS = /^(sysctl|rule|nft) /;

/** Lines that were added, and settings that were removed. */
export function difference(before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  const added = [...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`);
  const missing = [...before]
    .filter((line) => SETTINGS.test(line) && !after.has(line))
    .map((line) => `- ${line}`);
  return [...added, ...missing];
}
