// kube-proxy as a process in a network namespace, with a stand-in for the API server that has many
// services: the time of a cold start and of one change, from the API's event to the kernel's
// notification, and the resident memory.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { exec } from '../../pkg/system/exec.js';
import { createNetns, deleteNetns, type Netns } from '../../pkg/system/netns/netns.js';
import { binary, ROOT } from '../cluster/layout.js';
import { PORT } from './proxy-objects.js';

/** Interval between reads of the kernel's transaction counter. */
const LOOK_MS = 5;

export interface ProxyRun {
  /** From the start of the process, lists included, until the rules are in the kernel. */
  startSeconds: number;
  /** CPU of kube-proxy itself for the start, without nft. */
  cpuSeconds: number;
  /** Milliseconds from the API's event to the kernel's notification. */
  changes: number[];
  /** Resident bytes of kube-proxy and of its children. */
  bytes: number;
  childBytes: number;
}

class Lab {
  readonly children: ChildProcess[] = [];

  constructor(
    readonly netns: Netns,
    readonly dir: string,
  ) {}

  spawn(command: readonly string[]) {
    const child = spawn('nsenter', [`--net=${this.netns.path}`, '--', ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.children.push(child);
    const waiting: { test: RegExp; found: (line: string) => void }[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      const at = waiting.findIndex(({ test }) => test.test(line));
      if (at >= 0) waiting.splice(at, 1)[0]!.found(line);
    });
    return {
      child,
      line: (test: RegExp) => new Promise<string>((found) => waiting.push({ test, found })),
    };
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    for (const child of this.children)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    await deleteNetns(this.netns.name);
    await rm(this.dir, { recursive: true, force: true });
  }
}

async function residentBytes(pid: number): Promise<number> {
  return (
    Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  );
}

async function usedSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/**
 * Waits for the table, which arrives in one transaction. A listener to the kernel's notifications
 * would cost more than the load itself, so this polls the transaction counter and looks for the
 * table after each change.
 */
async function loaded({ netns }: Lab, { child, line }: ReturnType<Lab['spawn']>): Promise<void> {
  const ask = async (command: string, answer: RegExp) => {
    const said = line(answer);
    child.stdin.write(command);
    return said;
  };
  for (let before = ''; ;) {
    const now = await ask('q', /^quiet /);
    if (
      now !== before &&
      / kube-proxy$/m.test(await exec([...netns.enter, 'nft', 'list', 'tables', 'ip']))
    )
      break;
    before = now;
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
  await ask('l', /^listening /);
}

/** One run of the bundle in dist/. */
export async function runProxy(services: number, changes: number): Promise<ProxyRun> {
  const lab = new Lab(
    await createNetns(`whb${randomBytes(2).toString('hex')}-k`),
    await mkdtemp(join(tmpdir(), 'wh-bench-')),
  );
  try {
    await exec([...lab.netns.enter, 'ip', 'link', 'set', 'lo', 'up']);
    const kubeconfig = join(lab.dir, 'kubeconfig');
    const named = {
      clusters: [{ name: 'x', cluster: { server: `http://127.0.0.1:${PORT}` } }],
      users: [{ name: 'x', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    };
    await writeFile(
      kubeconfig,
      stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'x', ...named }),
    );
    const api = lab.spawn([
      process.execPath,
      join(ROOT, 'build/hack/benchmarks/proxy-api.js'),
      String(services),
    ]);
    await api.line(/^ready/);
    const watch = lab.spawn([join(ROOT, 'dist/native/nft-helper'), 'watch']);
    await watch.line(/^ready/);
    const began = performance.now();
    const proxy = lab.spawn([
      ...binary('kube-proxy'),
      `--kubeconfig=${kubeconfig}`,
      '--hostname-override=node-1',
      '--cluster-cidr=10.244.0.0/16',
      '--healthz-bind-address=127.0.0.1:0',
      '--metrics-bind-address=',
      '--log-level=info',
    ]);
    await loaded(lab, watch);
    const startSeconds = (performance.now() - began) / 1000;
    const cpuSeconds = await usedSeconds(proxy.child.pid!);
    // Ends the start phase: the garbage of the start is collected before changes are measured.
    await new Promise((next) => setTimeout(next, 1000));
    const times: number[] = [];
    for (let n = 0; n < changes; n++) {
      const done = watch.line(/ 2:kube-proxy/);
      const sent = api.line(/^sent /);
      api.child.stdin.write(`${7 + (n % 20) * 31}\n`);
      const from = BigInt((await sent).split(' ')[1]!);
      await done;
      times.push(Number(process.hrtime.bigint() - from) / 1e6);
      // Longer than the proxy's burst interval, so that each change is a transaction of its own.
      await new Promise((next) => setTimeout(next, 60));
    }
    const children = (
      await readFile(`/proc/${proxy.child.pid!}/task/${proxy.child.pid!}/children`, 'utf8')
    )
      .split(' ')
      .filter(Boolean)
      .map(Number);
    const childBytes = (await Promise.all(children.map(residentBytes))).reduce(
      (all, bytes) => all + bytes,
      0,
    );
    return {
      startSeconds,
      cpuSeconds,
      changes: times,
      bytes: await residentBytes(proxy.child.pid!),
      childBytes,
    };
  } finally {
    await lab.close();
  }
}
