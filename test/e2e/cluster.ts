// A cluster under test: started and removed by hack/up and hack/down, inspected with real kubectl.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { layoutOf, ROOT } from '../../hack/cluster/layout.js';
import type { ClusterStatus } from '../../hack/cluster/cluster-status.js';
import { until } from '../../hack/cluster/wait.js';
import { exec, tryExec, type ExecResult } from '../../pkg/system/exec.js';

const UP_MS = 240_000;
const STATUS_MS = 120_000;
const DOWN_MS = 60_000;
const COMMAND_MS = 60_000;

export interface Pod {
  metadata: {
    name: string;
    labels?: Record<string, string>;
    uid: string;
    deletionTimestamp?: string;
  };
  spec: { nodeName?: string };
  status: {
    phase: string;
    podIP?: string;
    podIPs?: { ip: string }[];
    conditions?: { type: string; status: string }[];
  };
}

export const isReady = (pod: Pod) =>
  !pod.metadata.deletionTimestamp &&
  (pod.status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');

export class TestCluster {
  readonly name = `e2e-${randomBytes(3).toString('hex')}`;

  /** Runs hack/up and returns its output for assertions. */
  async up(...words: string[]): Promise<string> {
    const result = await tryExec(
      [join(ROOT, 'hack/up'), '--name', this.name, '--no-build', ...words],
      { timeoutMs: UP_MS },
    );
    if (result.code !== 0)
      throw new Error(`hack/up ended with ${result.code}:\n${result.stdout}${result.stderr}`);
    return result.stdout;
  }

  async down(...words: string[]): Promise<void> {
    const result = await tryExec([join(ROOT, 'hack/down'), '--name', this.name, ...words], {
      timeoutMs: DOWN_MS,
    });
    if (result.code !== 0)
      throw new Error(`hack/down ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  }

  async status(): Promise<ClusterStatus> {
    // The command ends with 1 while a process is down, and has its answer nevertheless.
    const { code, stdout, stderr } = await tryExec(
      [join(ROOT, 'hack/status'), '--name', this.name, '-o', 'json'],
      { timeoutMs: STATUS_MS },
    );
    if (!stdout) throw new Error(`hack/status ended with ${code}:\n${stderr}`);
    return JSON.parse(stdout) as ClusterStatus;
  }

  async nodeAddresses(): Promise<string[]> {
    return (await this.status()).nodes.map(({ address }) => address);
  }

  private words(args: readonly string[]): string[] {
    const { kubeconfig, dir } = layoutOf(this.name);
    return [
      'kubectl',
      '--kubeconfig',
      kubeconfig,
      '--cache-dir',
      join(dir, 'kubectl-cache'),
      ...args,
    ];
  }

  kubectl(...args: string[]): Promise<string> {
    return exec(this.words(args), { timeoutMs: COMMAND_MS });
  }

  tryKubectl(
    args: readonly string[],
    input = '',
    env: Record<string, string> = {},
  ): Promise<ExecResult> {
    return tryExec(this.words(args), { timeoutMs: COMMAND_MS, input, env });
  }

  /** Creates the objects of a manifest text. */
  async create(text: string): Promise<string> {
    const { code, stdout, stderr } = await this.tryKubectl(['create', '-f', '-'], text);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  onNode(node: string, ...command: string[]): Promise<ExecResult> {
    return tryExec([join(ROOT, 'hack/node-exec'), '--name', this.name, node, ...command]);
  }

  async pods(selector: string, namespace = 'default'): Promise<Pod[]> {
    return (
      JSON.parse(
        await this.kubectl('get', 'pods', '-n', namespace, '-l', selector, '-o', 'json'),
      ) as { items: Pod[] }
    ).items;
  }

  /** Waits for exactly `count` pods, all Ready and none terminating. */
  async readyPods(
    selector: string,
    count: number,
    ms = 60_000,
    namespace = 'default',
  ): Promise<Pod[]> {
    let pods: Pod[] = [];
    const asWanted = async () => {
      pods = await this.pods(selector, namespace).catch(() => []);
      return pods.length === count && pods.every(isReady);
    };
    await until(
      asWanted,
      ms,
      () =>
        `wanted ${count} Ready pods of ${selector}, see: ${pods.map((pod) => `${pod.metadata.name} ${pod.status.phase}${isReady(pod) ? ' Ready' : ''}`).join(', ')}`,
    );
    return pods;
  }

  async jsonPath(resource: string, path: string, ...more: string[]): Promise<string> {
    return this.kubectl('get', ...resource.split(' '), '-o', `jsonpath=${path}`, ...more);
  }
}

/** Sends an HTTP request from the host; `undefined`: it failed. */
export async function request(
  url: string,
  timeoutMs = 5000,
): Promise<{ status: number; text: string; servedBy: string } | undefined> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(timeoutMs),
      headers: { connection: 'close' },
    });
    return {
      status: response.status,
      text: await response.text(),
      servedBy: response.headers.get('x-served-by') ?? '',
    };
  } catch {
    return undefined;
  }
}

export class Guestbook {
  private constructor(
    readonly cluster: TestCluster,
    readonly nodePort: number,
    readonly nodes: readonly string[],
  ) {}

  /** Creates the guestbook's manifests and waits until its six pods are Ready. */
  static async create(cluster: TestCluster): Promise<Guestbook> {
    await cluster.kubectl('create', '-f', join(ROOT, 'manifests/guestbook'));
    return Guestbook.of(cluster);
  }

  static async of(cluster: TestCluster): Promise<Guestbook> {
    await cluster.readyPods('name in (redis-master, redis-slave, frontend)', 6, 90_000);
    const port = Number(await cluster.jsonPath('service frontend', '{.spec.ports[0].nodePort}'));
    return new Guestbook(cluster, port, await cluster.nodeAddresses());
  }

  url(query: string, node = this.nodes[0]): string {
    return `http://${node}:${this.nodePort}/index.php?${query}`;
  }

  async set(value: string, node?: string): Promise<string | undefined> {
    return (
      await request(this.url(`cmd=set&key=messages&value=${encodeURIComponent(value)}`, node))
    )?.text;
  }

  async get(node?: string): Promise<string | undefined> {
    return (await request(this.url('cmd=get&key=messages', node)))?.text;
  }

  /** Writes a new value and waits until it can be read through the node port of every node. */
  async works(ms = 30_000): Promise<void> {
    const value = randomBytes(4).toString('hex');
    let last: string | undefined;
    await until(
      async () => (last = await this.set(value)) === '{"message": "Updated"}',
      ms,
      () => `the guestbook does not take a value: ${last}`,
    );
    for (const node of this.nodes) {
      await until(
        async () => (last = await this.get(node)) === `{"data": "${value}"}`,
        ms,
        () => `the guestbook at ${node} does not give ${value} back: ${last}`,
      );
    }
  }
}
