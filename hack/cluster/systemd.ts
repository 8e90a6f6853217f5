// systemd as the supervisor: transient units in /run/systemd/system, one per service. Logs go to
// the journal, which rotates them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { cgroupFiles } from './cgroups.js';
import {
  quote,
  type Service,
  type ServiceState,
  type ServiceStatus,
  type Supervisor,
} from './service.js';

const UNITS = '/run/systemd/system';

export const unitOf = (cluster: string, service: string) =>
  `wheelhouse-${cluster}.${service}.service`;

/** systemd expands % and $ in command lines and has quoting rules of its own. */
const word = (text: string) =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

/**
 * The text of a unit. The process moves itself into the cluster's cgroup, where hack/down finds it.
 * KillMode=process keeps the containers of a node alive when its containerd restarts.
 */
export function renderUnit(cluster: string, service: Service, files: readonly string[]): string {
  const enter = files.map((file) => `echo $$$$ > ${quote(file)}`).join('; ');
  const command = ['/bin/sh', '-c', `${enter}; exec "$$0" "$$@"`, ...service.command];
  const env = Object.entries(service.env ?? {}).map(
    ([name, value]) => `Environment=${word(`${name}=${value}`)}\n`,
  );
  const after = (service.after ?? []).map((name) => unitOf(cluster, name)).join(' ');
  const [shell, flag, script, ...rest] = command;
  return `[Unit]
Description=Wheelhouse ${cluster}: ${service.name}
${after ? `After=${after}\n` : ''}StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${shell} ${flag} ${`"${script!.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`} ${rest.map(word).join(' ')}
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
      const { stdout } = await tryExec([
        'systemctl',
        'show',
        '-p',
        'LoadState,ActiveState,MainPID',
        unitOf(this.cluster, name),
      ]);
      const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
      const pid = Number(value('MainPID'));
      const active = value('ActiveState');
      const state: ServiceState =
        value('LoadState') !== 'loaded'
          ? 'missing'
          : active === 'active'
            ? 'run'
            : active === 'activating'
              ? 'finish'
              : 'down';
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
    const late = last
      .map((name) => unitOf(this.cluster, name))
      .filter((unit) => units.includes(unit));
    for (const phase of [
      units.filter((unit) => !late.includes(unit)),
      ...late.map((unit) => [unit]),
    ]) {
      // Processes that remain are killed by their cgroup.
      if (phase.length) await tryExec(['systemctl', 'stop', ...phase], { timeoutMs: patienceMs });
    }
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
    return (
      await tryExec([
        'journalctl',
        '-u',
        unitOf(this.cluster, name),
        '-n',
        String(lines),
        '--no-pager',
        '-o',
        'cat',
      ])
    ).stdout;
  }
}
