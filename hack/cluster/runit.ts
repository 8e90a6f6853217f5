// runit as the supervisor on machines without systemd: one runsvdir per cluster over
// .wheelhouse/NAME/service. Each service has the scripts run, finish (back-off) and log/run
// (svlogd, with rotation). A `down` file keeps a service from starting before its turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { exec, quote, tryExec } from '../../pkg/system/exec.js';
import { cgroupFiles, cgroupOf, createCgroup, processesIn } from './cgroups.js';
import { layoutOf, ROOT } from './layout.js';
import { commandOf, isAlive, terminate } from './processes.js';
import { stopGroups, type Service, type ServiceStatus, type Supervisor } from './service.js';
import { filledFile } from './template.js';
import { tolerating } from './tolerate.js';
import { until } from './wait.js';

/** A file in the services' folder that tells finish scripts that the cluster is stopping. */
const STOPPING = '.stopping';
const LOG_BYTES = 10_000_000;
const LOG_FILES = 5;
const SUPERVISE_MS = 10_000;
const HANGUP_MS = 500;
/** Other variables of the user's shell (ETCD_NAME, FLANNELD_...) stay out of the services. */
const KEPT = /^(PATH|(HTTPS?|NO)_PROXY|(https?|no)_proxy)$/;

/** The run script: enters the cgroup, then becomes the process. */
export function renderRun(service: Service, files: readonly string[]): string {
  const env = Object.entries(service.env ?? {}).map(
    ([name, value]) => `export ${name}=${quote(value)}\n`,
  );
  return `#!/bin/sh
exec 2>&1
date +%s > started
ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -H -n)"
for file in ${files.map(quote).join(' ')}; do echo $$ > "$file"; done
${env.join('')}exec ${service.command.map(quote).join(' ')}
`;
}

export const renderFinish = (): string =>
  filledFile(join(ROOT, 'hack/cluster/runit-finish.sh.in'), { STOPPING });

export const renderLogRun = (dir: string) => `#!/bin/sh\nexec svlogd ${quote(dir)}\n`;

function script(file: string, text: string): void {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/** Reads `supervise/stat` and `supervise/pid` of one service. */
function statusIn(dir: string): ServiceStatus {
  const read = (file: string) =>
    tolerating(['ENOENT'], () => readFileSync(join(dir, 'supervise', file), 'utf8').trim());
  const [stat, pid] = [read('stat'), read('pid')];
  if (stat === undefined || pid === undefined) return { state: 'missing' };
  const state = stat.startsWith('run') ? 'run' : stat.startsWith('finish') ? 'finish' : 'down';
  if (Number(pid) && isAlive(Number(pid))) return { state, pid: Number(pid) };
  return { state: state === 'run' ? 'finish' : state };
}

export class Runit implements Supervisor {
  readonly kind = 'runit';
  private readonly dir: string;
  private readonly logs: string;
  private readonly pidFile: string;
  private readonly cgroup: string;

  constructor(cluster: string) {
    const layout = layoutOf(cluster);
    this.dir = layout.services;
    this.logs = layout.logs;
    this.pidFile = join(layout.dir, 'runsvdir.pid');
    this.cgroup = cgroupOf(cluster, 'supervisor');
  }

  async install(services: readonly Service[]): Promise<void> {
    for (const service of services) this.write(service);
    if (!this.scanner()) await this.scan();
    const isUp = ({ name }: Service) => existsSync(join(this.dir, name, 'supervise/ok'));
    const why = 'runsvdir did not take up the services';
    await until(() => services.every(isUp), SUPERVISE_MS, why);
    // Every user may read the state; the pipes that control the service stay root's.
    for (const { name } of services) chmodSync(join(this.dir, name, 'supervise'), 0o755);
  }

  private write(service: Service): void {
    const dir = join(this.dir, service.name);
    const log = join(this.logs, service.name);
    mkdirSync(join(dir, 'log'), { recursive: true });
    mkdirSync(log, { recursive: true });
    if (statusIn(dir).state === 'missing') writeFileSync(join(dir, 'down'), '');
    rmSync(join(dir, 'crashes'), { force: true });
    script(join(dir, 'run'), renderRun(service, cgroupFiles(service.cgroup)));
    script(join(dir, 'finish'), renderFinish());
    writeFileSync(join(log, 'config'), `s${LOG_BYTES}\nn${LOG_FILES}\n`);
    script(join(dir, 'log/run'), renderLogRun(log));
  }

  /** The pid of this cluster's runsvdir, if it runs. */
  private scanner(): number | undefined {
    const pid = Number(tolerating(['ENOENT'], () => readFileSync(this.pidFile, 'utf8')));
    return pid && commandOf(pid).includes(this.dir) ? pid : undefined;
  }

  private async scan(): Promise<void> {
    createCgroup(this.cgroup);
    // runsvdir waits a second before it reads a folder that changed within the current second.
    utimesSync(this.dir, new Date(0), new Date(0));
    const out = openSync(join(this.logs, 'runsvdir.log'), 'a');
    // runsvdir enters a cgroup of the cluster, so that hack/down finds loggers and supervisors.
    const enter = cgroupFiles(this.cgroup)
      .map((file) => `echo $$ > ${quote(file)}; `)
      .join('');
    const child = spawn('/bin/sh', ['-c', `${enter}exec runsvdir -P ${quote(this.dir)}`], {
      detached: true,
      cwd: '/',
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT.test(name))),
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    await once(child, 'spawn');
    writeFileSync(this.pidFile, String(child.pid));
    child.unref();
  }

  async start(names: readonly string[]): Promise<void> {
    for (const name of names) rmSync(join(this.dir, name, 'down'), { force: true });
    await exec(['sv', 'up', ...names.map((name) => join(this.dir, name))]);
  }

  status(names: readonly string[]): Promise<Map<string, ServiceStatus>> {
    return Promise.resolve(new Map(names.map((name) => [name, statusIn(join(this.dir, name))])));
  }

  async uninstall(patienceMs: number, last: readonly string[] = []): Promise<void> {
    if (!existsSync(this.dir)) return;
    writeFileSync(join(this.dir, STOPPING), '');
    const names = readdirSync(this.dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const deadline = performance.now() + patienceMs;
    for (const group of stopGroups(names, last)) {
      const dirs = group.map((name) => join(this.dir, name));
      await tryExec(['sv', 'down', ...dirs]);
      const isDown = (dir: string) => !['run', 'finish'].includes(statusIn(dir).state);
      const isOver = () => dirs.every(isDown) || performance.now() > deadline;
      await until(isOver, patienceMs + 1000, 'waiting for services to stop does not end');
    }
    // On SIGHUP runsvdir stops every runsv and exits. A logger stays while a child of its service
    // keeps the log open, so the loggers are ended here.
    const pid = this.scanner();
    if (pid) process.kill(pid, 'SIGHUP');
    const end = performance.now() + HANGUP_MS;
    const hasEnded = () => processesIn(this.cgroup).size === 0 || performance.now() > end;
    await until(hasEnded, 2 * HANGUP_MS, 'waiting for runit to end does not end');
    await terminate(processesIn(this.cgroup), 0);
    rmSync(this.dir, { recursive: true, force: true });
    rmSync(this.pidFile, { force: true });
  }

  async remove(names: readonly string[], patienceMs: number): Promise<void> {
    const dirs = names.map((name) => join(this.dir, name)).filter(existsSync);
    if (!dirs.length) return;
    // runsvdir may start a service's supervisor once more before it sees that the folder is gone.
    for (const dir of dirs) writeFileSync(join(dir, 'down'), '');
    const seconds = Math.ceil(patienceMs / 1000);
    await tryExec(['sv', '-w', String(seconds), 'force-shutdown', ...dirs], {
      timeoutMs: 2 * patienceMs,
    });
    for (const dir of dirs) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }

  logHint(name: string): string {
    return join(this.logs, name, 'current');
  }

  async tail(name: string, lines: number): Promise<string> {
    return (await tryExec(['tail', '-n', String(lines), this.logHint(name)])).stdout;
  }
}
