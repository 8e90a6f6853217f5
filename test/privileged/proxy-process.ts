// Runs proxy-agent.ts as a process on a node of a lab. The objects that it was sent survive it.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually, NETWORK, type LabNode } from './overlay-lab.js';

/** A kube-proxy that loses its state when it dies and receives all objects again at its start. */
export class ProxyProcess {
  readonly objects = new Map<string, Record<string, unknown>>();
  readonly lines: string[] = [];
  private child: ChildProcessWithoutNullStreams | undefined;

  constructor(
    private readonly node: LabNode,
    private readonly families: readonly number[],
  ) {}

  async start(): Promise<void> {
    const script = resolve(import.meta.dirname, 'proxy-agent.js');
    this.child = spawn(
      'nsenter',
      [`--net=${this.node.netns.path}`, '--', process.execPath, script],
      { stdio: 'pipe' },
    );
    this.child.stdin.on('error', () => {});
    this.child.stderr.pipe(process.stderr);
    this.lines.length = 0;
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(line));
    this.tell({ node: this.node.name, network: NETWORK, families: this.families });
    for (const put of this.objects.values()) this.tell({ put });
    this.tell({ run: true });
    await eventually('rules of both families', async () =>
      this.families.every((family) => this.lines.includes(`synced IPv${family}`)),
    );
  }

  private tell(message: unknown): void {
    this.child?.stdin.write(`${JSON.stringify(message)}\n`);
  }

  put(object: { kind: string; metadata: { name: string } }): void {
    this.objects.set(`${object.kind}/${object.metadata.name}`, object as never);
    this.tell({ put: object });
  }

  /** Sends SIGKILL. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child) return;
    this.child = undefined;
    const ended = new Promise((done) => child.once('close', done));
    child.kill('SIGKILL');
    await ended;
  }
}
