// The client of `nft-helper watch` (pkg/system/native): one process tells of the changes of all tables that are
// watched here. Started with the first watch, ended with the last.
//
// Invariant: when events were lost, or the process ends, every watch ends, so that its owner looks for itself. Nobody
// listens while a large load of our own runs (watch.c says why); whether others changed something then is told by the
// kernel's count of transactions.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Numbers of families in the kernel's messages. */
const FAMILIES: Readonly<Record<string, number>> = {
  inet: 1,
  ip: 2,
  arp: 3,
  netdev: 5,
  bridge: 7,
  ip6: 10,
};

interface Watch {
  /** As the process spells a table. */
  mention: string;
  changed(): void;
  end(): void;
}

/** Own transactions so far. */
export interface OwnTransactions {
  has(pid: number): boolean;
  started(): number;
  ended(): number;
}

/** Transactions in the kernel's count, which passes over 0 when it begins again. */
const GENERATIONS = 2 ** 32;

export class NftWatcher {
  private child: ChildProcess | undefined;
  private readonly watches = new Set<Watch>();
  /** Large loads that run. */
  private loads = 0;
  /** As of when the process stopped to listen. */
  private quiet: { generation: number; ended: number } | undefined;
  private told: () => void = () => {};

  constructor(
    private readonly command: readonly string[],
    private readonly own: OwnTransactions,
  ) {}

  /** Runs a load of many elements while nobody listens to it. */
  async unheard(load: () => Promise<void>): Promise<void> {
    if (this.loads++ === 0 && this.child) await this.silence(this.child);
    try {
      await load();
    } finally {
      if (--this.loads === 0) this.child?.stdin?.write('l');
    }
  }

  /** Resolves when the process has stopped to listen, or ended. */
  private silence(child: ChildProcess): Promise<void> {
    child.stdin?.write('q');
    return new Promise((resolve) => (this.told = resolve));
  }

  /** Whether all that happened since `quiet` was our own. */
  private allOwn(generation: number): boolean {
    if (!this.quiet) return true;
    const passed = (generation - this.quiet.generation + GENERATIONS) % GENERATIONS;
    return passed <= this.own.started() - this.quiet.ended;
  }

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
      this.quiet = undefined;
      this.told();
      this.endAll();
    };
    child.on('error', over);
    child.on('close', over);
    if (this.loads) child.stdin.write('q');
    return child;
  }

  private stop(): void {
    const { child } = this;
    this.child = undefined;
    this.quiet = undefined;
    this.told();
    child?.stdin?.end();
  }

  private endAll(): void {
    for (const watch of this.watches) watch.end();
  }

  private take(child: ChildProcess, line: string): void {
    if (this.child !== child) return;
    if (line === 'lost') return this.endAll();
    const [kind, number, ...mentions] = line.split(' ');
    if (kind === 'quiet') {
      this.quiet = { generation: Number(number), ended: this.own.ended() };
      return this.told();
    }
    if (kind === 'listening') {
      const undisturbed = this.allOwn(Number(number));
      this.quiet = undefined;
      return undisturbed ? undefined : this.endAll();
    }
    if (kind !== 'gen' || this.own.has(Number(number))) return;
    for (const watch of this.watches)
      if (mentions.includes(watch.mention) || mentions[0] === '*') watch.changed();
  }
}
