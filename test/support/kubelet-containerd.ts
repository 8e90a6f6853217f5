// A containerd of the test's own: private state, socket, network namespace and mount namespace, a
// bridge for pods inside that namespace, and two tiny images (pause, busybox) made from the
// machine's static busybox. `stop` leaves nothing behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from 'mocha';
import { pack, type Pack } from 'tar-stream';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { needRoot } from './skip.js';

export const PAUSE_IMAGE = 'registry.k8s.io/pause:3.10';
export const BUSYBOX_IMAGE = 'docker.io/library/busybox:latest';

export interface PrivateContainerd {
  readonly root: string;
  readonly endpoint: string;
  readonly netns: string;
  /** Addresses of the veth that joins the namespace to this process's own. */
  readonly hostIP: string;
  readonly nodeIP: string;
  readonly cgroupRoot: string;
  /** Prefix that puts a command into the node's network and mount namespaces. */
  enter(command: readonly string[]): string[];
  ctr(args: readonly string[]): Promise<string>;
  /** The names that the runtime still lists of a pod's sandbox and containers. */
  podsWithDirectories(pod: string): Promise<string[]>;
  restart(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Skips tests on a machine that cannot run containers. */
export function needContainers(context: Context): void {
  needRoot(context, ['/usr/bin/containerd', '/usr/lib/cni/bridge', '/bin/busybox']);
}

const CONFIG = (root: string) => `version = 2
root = "${root}/root"
state = "${root}/state"
[grpc]
  address = "${root}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${root}/cni"
`;

const cniConfig = (root: string) => ({
  cniVersion: '1.0.0',
  name: 'test',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: '10.199.0.0/24' }]],
        routes: [{ dst: '0.0.0.0/0' }],
        dataDir: `${root}/ipam`,
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
});

function finished(stream: Pack): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (c) => chunks.push(c as Buffer));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
  });
}

const APPLETS = [
  'sh',
  'sleep',
  'cat',
  'echo',
  'ls',
  'nc',
  'wget',
  'httpd',
  'env',
  'id',
  'test',
  'true',
  'false',
  'touch',
  'hostname',
  'readlink',
  'stat',
  'ip',
  'seq',
  'grep',
  'mkdir',
  'date',
  'rm',
  'printf',
  'head',
  'tar',
  'stty',
];

/** A docker archive (manifest.json, config, one layer) with busybox in it. */
async function imageArchive(name: string, cmd: string[]): Promise<Buffer> {
  const layer = pack();
  for (const dir of ['bin/', 'etc/', 'tmp/', 'proc/', 'sys/', 'dev/'])
    layer.entry({ name: dir, type: 'directory', mode: 0o755 });
  layer.entry(
    { name: 'etc/passwd' },
    'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
  );
  layer.entry({ name: 'bin/busybox', mode: 0o755 }, await readFile('/bin/busybox'));
  for (const applet of APPLETS)
    layer.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
  layer.finalize();
  const layerBytes = await finished(layer);
  const digest = createHash('sha256').update(layerBytes).digest('hex');
  const config = JSON.stringify({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Cmd: cmd, Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    history: [{ created_by: name }],
  });
  const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
  const archive = pack();
  archive.entry({ name: configName }, config);
  archive.entry({ name: `${digest}/layer.tar` }, layerBytes);
  archive.entry(
    { name: 'manifest.json' },
    JSON.stringify([{ Config: configName, RepoTags: [name], Layers: [`${digest}/layer.tar`] }]),
  );
  archive.finalize();
  return finished(archive);
}

async function importImages(root: string): Promise<void> {
  for (const [name, cmd] of [
    [PAUSE_IMAGE, ['/bin/sleep', '1000000000']],
    [BUSYBOX_IMAGE, ['/bin/sh']],
  ] as const) {
    const file = path.join(root, 'image.tar');
    await writeFile(file, await imageArchive(name, [...cmd]));
    await exec([
      'ctr',
      '--address',
      `${root}/containerd.sock`,
      '-n',
      'k8s.io',
      'images',
      'import',
      file,
    ]);
    await rm(file);
  }
}

/** Waits up to `ms` for `check` to hold. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 15_000,
): Promise<T> {
  const end = Date.now() + ms;
  let last = '';
  for (;;) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error instanceof Error ? error.message : JSON.stringify(error);
    }
    if (Date.now() > end) throw new Error(`timed out waiting for ${what}${last && `: ${last}`}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A process that keeps the node's namespaces when containerd ends. */
async function holdNamespaces(netns: string): Promise<ChildProcess> {
  const script = 'mount -t tmpfs tmpfs /run && echo ready && exec sleep infinity';
  const child = spawn(
    'nsenter',
    [`--net=/run/netns/${netns}`, 'unshare', '-m', '--propagation', 'private', 'sh', '-c', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise((resolve, reject) => {
    child.stdout!.once('data', resolve);
    child.once('exit', () => reject(new Error('no namespaces')));
  });
  return child;
}

async function launch(
  root: string,
  enter: (command: readonly string[]) => string[],
): Promise<ChildProcess> {
  const log = await open(path.join(root, 'containerd.log'), 'a');
  const [file, ...args] = enter(['containerd', '-c', `${root}/config.toml`]);
  const child = spawn(file!, args, { stdio: ['ignore', log.fd, log.fd] });
  await log.close();
  await until(
    'containerd',
    async () =>
      (
        await tryExec(['ctr', '--address', `${root}/containerd.sock`, 'version'], {
          timeoutMs: 2000,
        })
      ).code === 0,
  );
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const done = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await done;
}

/** Ends every process whose command line names `root`: shims outlive their containerd. */
async function killLeftovers(root: string): Promise<void> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const text = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (!text.includes('containerd-shim') || !text.includes(root)) continue;
    const children = await readFile(`/proc/${entry}/task/${entry}/children`, 'utf8').catch(
      () => '',
    );
    for (const pid of [...children.trim().split(/\s+/).filter(Boolean), entry]) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // the process has ended
      }
    }
  }
}

async function removeCgroups(name: string): Promise<void> {
  for (const controller of await readdir('/sys/fs/cgroup'))
    await removeTree(path.join('/sys/fs/cgroup', controller, name));
}

async function removeTree(dir: string): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isDirectory()) await removeTree(path.join(dir, entry.name));
  await until(
    `cgroup ${dir} to go`,
    () =>
      rmdir(dir).then(
        () => true,
        (e: NodeJS.ErrnoException) => e.code === 'ENOENT',
      ),
    5000,
  ).catch(() => undefined);
}

/** A veth pair on a /30 of its own. */
async function joinNetworks(
  netns: string,
  suffix: string,
): Promise<{ hostIP: string; nodeIP: string; device: string }> {
  const [second = 0, third = 0] = [...Buffer.from(suffix, 'hex')];
  const base = `172.${16 + (second % 15)}.${third}`;
  const device = `kl${suffix}`;
  await exec(['ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', netns]);
  await exec(['ip', 'addr', 'add', `${base}.1/30`, 'dev', device]);
  await exec(['ip', 'link', 'set', device, 'up']);
  await exec(['ip', '-n', netns, 'addr', 'add', `${base}.2/30`, 'dev', 'eth0']);
  await exec(['ip', '-n', netns, 'link', 'set', 'eth0', 'up']);
  await exec(['ip', '-n', netns, 'route', 'add', 'default', 'via', `${base}.1`]);
  return { hostIP: `${base}.1`, nodeIP: `${base}.2`, device };
}

export async function startContainerd(): Promise<PrivateContainerd> {
  const suffix = randomBytes(4).toString('hex');
  const root = await mkdtemp(path.join(tmpdir(), 'kubelet-'));
  const netns = `kubelet-${suffix}`;
  await mkdir(path.join(root, 'cni'));
  await writeFile(path.join(root, 'config.toml'), CONFIG(root));
  await writeFile(path.join(root, 'cni', '10-test.conflist'), JSON.stringify(cniConfig(root)));
  await exec(['ip', 'netns', 'add', netns]);
  await exec(['ip', '-n', netns, 'link', 'set', 'lo', 'up']);
  const { hostIP, nodeIP, device } = await joinNetworks(netns, suffix);
  const holder = await holdNamespaces(netns);
  const enter = (command: readonly string[]) => [
    'nsenter',
    '-t',
    String(holder.pid),
    '-n',
    '-m',
    ...command,
  ];
  let child = await launch(root, enter);
  await importImages(root);
  const kill = async () => end(child, 'SIGKILL');
  return {
    root,
    endpoint: `unix://${root}/containerd.sock`,
    netns,
    hostIP,
    nodeIP,
    cgroupRoot: `/${netns}`,
    enter,
    ctr: (args) => exec(['ctr', '--address', `${root}/containerd.sock`, '-n', 'k8s.io', ...args]),
    podsWithDirectories: async (pod) =>
      (
        await exec([
          'ctr',
          '--address',
          `${root}/containerd.sock`,
          '-n',
          'k8s.io',
          'containers',
          'ls',
          '-q',
          `labels."io.kubernetes.pod.name"==${pod}`,
        ])
      )
        .split('\n')
        .filter(Boolean),
    kill,
    restart: async () => {
      await kill();
      child = await launch(root, enter);
    },
    stop: async () => {
      await end(child, 'SIGTERM');
      await killLeftovers(root);
      await end(holder, 'SIGKILL');
      await tryExec(['ip', 'link', 'del', device]);
      await tryExec(['ip', 'netns', 'del', netns]);
      await removeCgroups(netns);
      const mounts = (await readFile('/proc/mounts', 'utf8'))
        .split('\n')
        .map((l) => l.split(' ')[1] ?? '')
        .filter((m) => m.startsWith(root));
      for (const mount of mounts.reverse()) await tryExec(['umount', '-l', mount]);
      await rm(root, { recursive: true, force: true });
    },
  };
}
