// The client of `nft-helper watch` (pkg/system/native): one process tells of the changes of all tables that are
// watched here. Started with the first watch, ended with the last.
//
// Invariant: when events were lost, or the process ends, every watch ends, so that its owner looks for itself.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Numbers of families in the kernel's messages. */
const FAMILIES: Readonly<Record<string, number>> = { inet: 1, ip: 2, arp: 3, netdev: 5, bridge: 7, ip6: 10 };

interface Watch {
  /** As the process spells a table. */
  mention: string;
  changed(): void;
  end(): void;
}

export class NftWatcher {
  private child: ChildProcess | undefined;
  private readonly watches = new Set<Watch>();

  constructor(
    private readonly command: readonly string[],
    private readonly isOwn: (pid: number) => boolean,
  ) {}

  /** Calls back for each transaction of another program that has to do with the table. Resolves when it cannot tell any more. */
  watch(family: string, table: string, changed: () => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.watches.delete(watch);
        signal.removeEventListener('abort', end);
        if (!this.watches.size) this.stop();
        resolve();
      };
      const watch = { mention: `${FAMILIES[family]}:${table}`, changed, end };
      this.watches.add(watch);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      else this.child ??= this.start();
    });
  }

  private start(): ChildProcess {
    const [file, ...args] = this.command;
    const child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (line) => this.take(child, line));
    const over = () => {
      if (this.child !== child) return;
      this.child = undefined;
      this.endAll();
    };
    child.on('error', over);
    child.on('close', over);
    return child;
  }

  private stop(): void {
    const { child } = this;
    this.child = undefined;
    child?.stdin?.end();
  }

  private endAll(): void {
    for (const watch of this.watches) watch.end();
  }

  private take(child: ChildProcess, line: string): void {
    if (this.child !== child) return;
    if (line === 'lost') return this.endAll();
    const [kind, pid, ...mentions] = line.split(' ');
    if (kind !== 'gen' || this.isOwn(Number(pid))) return;
    for (const watch of this.watches) if (mentions.includes(watch.mention) || mentions[0] === '*') watch.changed();
  }
}
