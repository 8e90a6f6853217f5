// The client of nft-helper (pkg/system/native), which runs small transactions without a process for
// each. The helper starts with the first transaction and ends with this program, because its input
// closes.
//
// Invariant: answers arrive in the order of the scripts. When a helper dies, its pending
// transactions fail, because the state of the kernel is unknown, and the next transaction starts
// another helper.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Exit code of a helper that cannot load libnftables. */
const NO_LIBRARY = 3;

interface Waiter {
  resolve(problem: string | undefined): void;
  reject(error: Error): void;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

export class NftHelper {
  private child: Child | undefined;
  private waiting: Waiter[] = [];
  private received: Buffer = Buffer.alloc(0);
  private unusable = false;

  /** `onStart` gets the process id, which notifications of the kernel carry. */
  constructor(
    private readonly command: readonly string[],
    private readonly onStart: (pid: number) => void,
  ) {}

  /** False when the helper cannot run on this host. */
  get usable(): boolean {
    return !this.unusable;
  }

  /**
   * The error message of nft; undefined when the transaction succeeded. Rejects when the helper
   * dies.
   */
  run(script: string): Promise<string | undefined> {
    const child = (this.child ??= this.start());
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.hold(child, true);
      const bytes = Buffer.from(script);
      child.stdin.write(`${bytes.length}\n`);
      child.stdin.write(bytes);
    });
  }

  private start(): Child {
    const [file, ...args] = this.command;
    const child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    if (child.pid !== undefined) this.onStart(child.pid);
    child.stdin.on('error', () => {}); // the exit event reports failures
    child.stdout.on('data', (chunk: Buffer) => this.take(child, chunk));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') this.unusable = true;
      this.end(child, `nft-helper: ${error.message}`);
    });
    child.on('close', (code) => {
      if (code === NO_LIBRARY) this.unusable = true;
      this.end(child, `nft-helper ended with exit code ${code}`);
    });
    child.unref();
    return child;
  }

  /** Keeps the event loop alive only while an answer is pending. */
  private hold(child: Child, yes: boolean): void {
    for (const end of [child.stdin, child.stdout] as unknown as { ref(): void; unref(): void }[]) {
      if (yes) end.ref();
      else end.unref();
    }
  }

  private end(child: Child, reason: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.received = Buffer.alloc(0);
    for (const waiter of this.waiting.splice(0)) waiter.reject(new Error(reason));
  }

  private take(child: Child, chunk: Buffer): void {
    this.received = this.received.length ? Buffer.concat([this.received, chunk]) : chunk;
    for (;;) {
      const newline = this.received.indexOf(10);
      if (newline < 0) break;
      const line = this.received.toString('latin1', 0, newline);
      const size = line === 'ok' ? 0 : Number(line.slice('error '.length));
      const next = newline + 1 + size;
      if (this.received.length < next) break;
      const problem =
        line === 'ok' ? undefined : this.received.toString('utf8', newline + 1, next).trim();
      this.received = this.received.subarray(next);
      this.waiting.shift()?.resolve(problem);
    }
    if (!this.waiting.length) this.hold(child, false);
  }
}
