// The control connection to flannel-tun: text lines over a unix socket, one answer line per
// command.
//   hello                     flannel-tun <version> key=value ...
//   begin / set NET IP / commit   replaces the whole route table in one step
//   stats                     key=value ...
//   stop                      ends the process
//   upgrade, go               sent by a new flannel-tun that takes over from this one (takeover.c)
// Starting the process is in udp.ts, forwarding packets in pkg/system/native/flannel-tun.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { TUN_CALL_MS } from '../limits.js';

export class TunControl {
  private readonly waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  private rest = '';
  private ended: Error | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly onClose: () => void,
  ) {
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (this.rest + chunk).split('\n');
      this.rest = lines.pop()!;
      for (const line of lines) this.waiting.shift()?.resolve(line);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended = new Error('flannel-tun closed its control socket');
      for (const waiter of this.waiting.splice(0)) waiter.reject(this.ended);
      this.onClose();
    });
  }

  /** Rejects when no process listens at `path`. */
  static async open(path: string, onClose: () => void): Promise<TunControl> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new TunControl(socket, onClose);
  }

  /**
   * Sends all commands in one write and resolves with their answers. Rejects for an answer that
   * starts with "error".
   */
  async call(...commands: readonly string[]): Promise<string[]> {
    if (this.ended) throw this.ended;
    const answers = commands.map(
      () => new Promise<string>((resolve, reject) => void this.waiting.push({ resolve, reject })),
    );
    this.socket.write(commands.map((command) => `${command}\n`).join(''));
    const timer = setTimeout(() => this.socket.destroy(), TUN_CALL_MS);
    try {
      const lines = await Promise.all(answers);
      const failed = lines.find((line) => line.startsWith('error '));
      if (failed) throw new Error(`flannel-tun: ${failed.slice(6)}`);
      return lines;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

/** 'a=1 b=2' to {a: '1', b: '2'}. */
export function parsePairs(line: string): Record<string, string> {
  const pairs = line.matchAll(/([^ =]*)=([^ ]*)/g);
  return Object.fromEntries([...pairs].map(([, key, value]) => [key!, value!]));
}
