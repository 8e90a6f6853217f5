// The client of `nft-helper watch` (pkg/system/native): one process reports changes of all watched
// tables. It starts with the first watch and ends with the last.
//
// Invariant: when events were lost or the process ended, every watch ends, so that its owner reads
// the state. The process does not listen during a large load of our own (watch.c says why); the
// transaction count of the kernel shows whether other programs changed tables meanwhile.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Numbers of address families in kernel messages. */
const FAMILIES: Readonly<Record<string, number>> = {
  inet: 1,
  ip: 2,
  arp: 3,
  netdev: 5,
  bridge: 7,
  ip6: 10,
};

interface Watch {
  /** The table as the process prints it. */
  mention: string;
  changed(): void;
  end(): void;
}

/** The number of own transactions so far. */
export interface OwnTransactions {
  has(pid: number): boolean;
  started(): number;
  ended(): number;
}

/** Modulus of the kernel's transaction count, which skips 0 when it wraps. */
const GENERATIONS = 2 ** 32;

export class NftWatcher {
  private child: ChildProcess | undefined;
  private readonly watches = new Set<Watch>();
  /** Number of large loads in progress. */
  private loads = 0;
  /** The counts at the time when the process stopped listening. */
  private quiet: { generation: number; ended: number } | undefined;
  private told: () => void = () => {};

  constructor(
    private readonly command: readonly string[],
    private readonly own: OwnTransactions,
  ) {}

  /** Runs a large load while the process does not listen. */
  async withoutListening(load: () => Promise<void>): Promise<void> {
    if (this.loads++ === 0 && this.child) await this.silence(this.child);
    try {
      await load();
    } finally {
      if (--this.loads === 0) this.child?.stdin?.write('l');
    }
  }

  /** Resolves when the process has stopped listening, or ended. */
  private silence(child: ChildProcess): Promise<void> {
    child.stdin?.write('q');
    return new Promise((resolve) => (this.told = resolve));
  }

  /** Whether all transactions since `quiet` were our own. */
  private allOwn(generation: number): boolean {
    if (!this.quiet) return true;
    const passed = (generation - this.quiet.generation + GENERATIONS) % GENERATIONS;
    return passed <= this.own.started() - this.quiet.ended;
  }

  /**
   * Calls back for each transaction of another program that changes the table. Resolves when it can
   * no longer tell.
   */
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
