// The programs of a node that joined: flanneld, kubelet and kube-proxy, with the settings that the
// cluster publishes for its nodes. systemd supervises them where it is the init system, else runit.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResourceType } from '../../pkg/apimachinery/meta/object.js';
import type { ConfigMap, Secret } from '../../pkg/apis/core/v1/types.js';
import { CONFIG_MAPS, SECRETS } from '../../pkg/apis/resource-types.js';
import type { Client } from '../../pkg/client/client.js';
import { podsCgroup, removePodCgroup } from '../../pkg/kubelet/host/cgroups.js';
import { mountPoints } from '../../pkg/kubelet/volumes/mount-points.js';
import { exec, quote, tryExec } from '../../pkg/system/exec.js';
import { atomicWrite, readIfPresent } from '../../pkg/system/files/atomic-write.js';
import { removeTrees } from '../../pkg/system/files/remove-trees.js';
import type { Env } from '../../pkg/util/env/env.js';
import * as tables from './programs.generated.js';

const HOME = '/var/lib/wheelhouse';
const NAMES = Object.keys(tables.NODE_PROGRAMS) as (keyof typeof tables.NODE_PROGRAMS)[];
const FOLDERS = NAMES.map((name) => join(HOME, name));
const unitOf = (name: string) => `wheelhouse-${name}.service`;
const unitFile = (name: string) => join('/etc/systemd/system', unitOf(name));
/** sd_booted(3). */
const hasSystemd = () => existsSync('/run/systemd/system');

type Values = Readonly<Record<string, string>>;

const filled = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!);
const programOf = (name: string): string[] => [
  process.execPath,
  '--max-semi-space-size=8',
  join(process.argv[1]!, '../..', name, 'main.js'),
];

/** `values`, of the flags, are words for a shell. */
export function runScript(name: (typeof NAMES)[number], values: Values): string {
  const { restrict, flags } = tables.NODE_PROGRAMS[name];
  const program = programOf(name).map(quote).join(' ');
  const extra = `${name.toUpperCase().replace('-', '_')}_EXTRA_ARGS`;
  const words = { name, restrict, program, flags: filled(flags, values), extra };
  return filled(tables.RUN_SCRIPT, words);
}

/** Flags that a config map has by name. Pure. */
export const flagsOf = (data: Values = {}): string =>
  Object.entries(data)
    .map(([flag, value]) => quote(`--${flag}=${value}`))
    .join(' ');

/** Writes what the cluster has for nodes, and starts the programs with it. Can be repeated. */
export async function startPrograms(client: Client, node: string, socket: string): Promise<void> {
  await mkdir(HOME, { recursive: true }); // the sign for reset, so it comes first
  await stopPrograms();
  const namespace = 'kube-system';
  for (const [resource, name, key, path] of tables.NODE_FILES) {
    const isSecret = resource === 'secrets';
    const type: ResourceType<ConfigMap | Secret> = isSecret ? SECRETS : CONFIG_MAPS;
    const value = (await client.get(type, { namespace, name })).data?.[key];
    if (!value) throw new Error(`${resource} ${namespace}/${name} has no "${key}"`);
    await atomicWrite(path, Buffer.from(value, isSecret ? 'base64' : 'utf8'), 0o600);
  }
  const { data } = await client.get(CONFIG_MAPS, { namespace, name: 'flanneld' });
  const values = { node: quote(node), socket: quote(socket), flannel: flagsOf(data) };
  for (const name of NAMES) {
    await atomicWrite(join(HOME, name, 'run'), runScript(name, values), 0o755);
    await atomicWrite(join(HOME, name, 'log/run'), filled(tables.LOG_SCRIPT, { name }), 0o755);
    if (hasSystemd()) await atomicWrite(unitFile(name), filled(tables.UNIT, { name }), 0o644);
  }
  if (hasSystemd()) {
    await exec(['systemctl', 'daemon-reload']);
    await exec(['systemctl', 'enable', '--now', ...NAMES.map(unitOf)]);
    return;
  }
  const env = { PATH: process.env['PATH'] };
  for (const folder of FOLDERS) {
    // Where a runsv of a join that was killed runs, this one ends, and sv speaks to that one.
    const child = spawn('runsv', [folder], { detached: true, cwd: '/', env, stdio: 'ignore' });
    await once(child, 'spawn');
    child.unref();
  }
  await tryExec(['sv', 'start', ...FOLDERS]);
}

/** Ends a program whose runsv was killed, so that it does not hear sv. */
async function endOrphan(name: string): Promise<void> {
  const pid = Number(await readIfPresent(join(HOME, name, 'supervise/pid')));
  const command = pid && (await readIfPresent(`/proc/${pid}/cmdline`));
  if (command && command.split('\0').includes(programOf(name).at(-1)!))
    process.kill(pid, 'SIGKILL');
}

async function stopPrograms(): Promise<void> {
  if (!hasSystemd()) {
    await tryExec(['sv', '-w', '20', 'force-stop', ...FOLDERS]);
    return void (await Promise.all(NAMES.map(endOrphan)));
  }
  for (const name of NAMES.filter((one) => existsSync(unitFile(one)))) {
    await exec(['systemctl', 'disable', '--now', unitOf(name)]);
    await rm(unitFile(name));
  }
  await exec(['systemctl', 'daemon-reload']);
}

/** Ends programs and pods, and removes what they left; nothing where none was ever started. */
export async function removePrograms(socket: string, env: Env): Promise<void> {
  if (!existsSync(HOME)) return;
  await stopPrograms();
  const { CriRuntime } = await import('../../pkg/kubelet/runtime/cri/cri-runtime.js');
  const runtime = new CriRuntime(socket, env);
  for (const { id } of await runtime.sandboxes()) {
    await runtime.stopSandbox(id);
    await runtime.removeSandbox(id);
  }
  runtime.close();
  await exec([...programOf('kube-proxy'), '--cleanup']);
  await exec([...programOf('flanneld'), '--cleanup']);
  await tryExec(['ip', 'link', 'delete', 'cni0']);
  for (const point of (await mountPoints()).reverse())
    if (point.startsWith('/var/lib/kubelet/')) await exec(['umount', point]);
  const extra = (await readIfPresent('/etc/default/kubelet')) ?? '';
  const root = /--cgroup-root[= ]([^\s"']+)/.exec(extra)?.[1] ?? '/';
  const cgroups = { root, driver: 'cgroupfs' } as const;
  await removePodCgroup(cgroups, '', podsCgroup(cgroups));
  if (!hasSystemd()) await tryExec(['sv', '-w', '20', 'force-shutdown', ...FOLDERS]);
  await removeTrees(tables.LEFT);
}
