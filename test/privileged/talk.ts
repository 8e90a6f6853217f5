// A connection between two pods that is busy until `end`. A test changes the network in the
// meantime and then checks that every line has returned.
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Pod } from './overlay-lab.js';

const BULK = resolve(import.meta.dirname, 'bulk.js');

type End = Pick<Pod, 'netns' | 'ip'>;

export class Talk {
  private constructor(
    private readonly server: ChildProcess,
    private readonly client: ChildProcessByStdio<Writable, Readable, null>,
  ) {}

  static async start(from: End, to: End, port = 7100): Promise<Talk> {
    const inside = (pod: End, ...words: string[]) => [
      `--net=${pod.netns.path}`,
      '--',
      process.execPath,
      BULK,
      ...words,
    ];
    const server = spawn('nsenter', inside(to, 'echo', String(port)), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(server.stdout, 'data');
    const client = spawn('nsenter', inside(from, 'talk', to.ip, String(port)), {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(client.stdout, 'data');
    return new Talk(server, client);
  }

  /** Resolves to the numbers of lines returned and sent. */
  async end(): Promise<[number, number]> {
    this.client.stdin.end();
    const [text] = (await once(this.client.stdout, 'data')) as [Buffer];
    this.server.kill('SIGKILL');
    const match = /(\d+) of (\d+)/.exec(text.toString());
    return [Number(match?.[1]), Number(match?.[2])];
  }
}
