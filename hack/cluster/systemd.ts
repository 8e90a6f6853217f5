// systemd as the supervisor: transient units in /run/systemd/system, one per service. Logs go to
// the journal, which rotates them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec, quote, tryExec } from '../../pkg/system/exec.js';
import { cgroupFiles } from './cgroups.js';
import {
  stopGroups,
  type Service,
  type ServiceState,
  type ServiceStatus,
  type Supervisor,
} from './service.js';

/** By systemd's ActiveState; all others are down. */
const STATES: Readonly<Record<string, ServiceState>> = { active: 'run', activating: 'finish' };
const UNITS = '/run/systemd/system';

export const unitOf = (cluster: string, service: string) =>
  `wheelhouse-${cluster}.${service}.service`;

/** systemd expands % and $ in command lines and has quoting rules of its own. */
const quoted = (text: string) => `"${text.replaceAll(/[\\"]/g, '\\$&').replaceAll('%', '%%')}"`;
const word = (text: string) => quoted(text).replaceAll('$', '$$$$');

/**
 * The text of a unit. The process moves itself into the cluster's cgroup, where hack/down finds it.
 * KillMode=process keeps the containers of a node alive when its containerd restarts.
 */
export function renderUnit(cluster: string, service: Service, files: readonly string[]): string {
  const enter = files.map((file) => `echo $$$$ > ${quote(file)}`).join('; ');
  // The dollars are doubled already.
  const script = `${enter}; exec "$$0" "$$@"`;
  const env = Object.entries(service.env ?? {}).map(
    ([name, value]) => `Environment=${word(`${name}=${value}`)}\n`,
  );
  const after = (service.after ?? []).map((name) => unitOf(cluster, name)).join(' ');
  return `[Unit]
Description=Wheelhouse ${cluster}: ${service.name}
${after ? `After=${after}\n` : ''}StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=/bin/sh -c ${quoted(script)} ${service.command.map(word).join(' ')}
${env.join('')}Restart=always
RestartSec=1
RestartSteps=5
RestartMaxDelaySec=30
KillMode=process
TimeoutStopSec=10
Delegate=yes
OOMPolicy=continue
LimitNOFILE=1048576
TasksMax=infinity
SyslogIdentifier=${unitOf(cluster, service.name).replace('.service', '')}
`;
}

export class Systemd implements Supervisor {
  readonly kind = 'systemd';

  constructor(private readonly cluster: string) {}

  async install(services: readonly Service[]): Promise<void> {
    mkdirSync(UNITS, { recursive: true });
    for (const service of services)
      writeFileSync(
        join(UNITS, unitOf(this.cluster, service.name)),
        renderUnit(this.cluster, service, cgroupFiles(service.cgroup)),
      );
    await exec(['systemctl', 'daemon-reload']);
  }

  async start(names: readonly string[]): Promise<void> {
    await exec(['systemctl', 'start', ...names.map((name) => unitOf(this.cluster, name))]);
  }

  async status(names: readonly string[]): Promise<Map<string, ServiceStatus>> {
    const states = new Map<string, ServiceStatus>();
    for (const name of names) {
      const show = ['systemctl', 'show', '-p', 'LoadState,ActiveState,MainPID'];
      const { stdout } = await tryExec([...show, unitOf(this.cluster, name)]);
      const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
      const pid = Number(value('MainPID'));
      const isLoaded = value('LoadState') === 'loaded';
      const state = isLoaded ? (STATES[value('ActiveState')] ?? 'down') : 'missing';
      states.set(name, pid ? { state, pid } : { state });
    }
    return states;
  }

  async uninstall(patienceMs: number, last: readonly string[] = []): Promise<void> {
    const prefix = unitOf(this.cluster, '').replace('.service', '');
    const units = readdirSync(UNITS).filter(
      (file) => file.startsWith(prefix) && file.endsWith('.service'),
    );
    if (!units.length) return;
    const late = last.map((name) => unitOf(this.cluster, name));
    // Processes that remain are killed by their cgroup.
    for (const group of stopGroups(units, late))
      await tryExec(['systemctl', 'stop', ...group], { timeoutMs: patienceMs });
    await this.forget(units);
  }

  async remove(names: readonly string[], patienceMs: number): Promise<void> {
    const units = names.map((name) => unitOf(this.cluster, name));
    await tryExec(['systemctl', 'stop', ...units], { timeoutMs: patienceMs });
    await this.forget(units);
  }

  private async forget(units: readonly string[]): Promise<void> {
    for (const unit of units) rmSync(join(UNITS, unit), { force: true });
    await exec(['systemctl', 'daemon-reload']);
    await tryExec(['systemctl', 'reset-failed', ...units]);
  }

  logHint(name: string): string {
    return `journalctl -u ${unitOf(this.cluster, name)}`;
  }

  async tail(name: string, lines: number): Promise<string> {
    const read = ['journalctl', '-u', unitOf(this.cluster, name), '-n', String(lines)];
    return (await tryExec([...read, '--no-pager', '-o', 'cat'])).stdout;
  }
}
