// CPU profiles of a running Node process through its inspector: one .cpuprofile per phase (for the
// developer tools of a browser), and a text with the functions that took most of the time.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
}

interface CpuProfile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

interface Answer {
  id: number;
  result?: { profile?: CpuProfile; result?: { value?: unknown } };
}

const SAMPLE_US = 200;
const TOP = 45;

export interface Profiler {
  /** Runs `work` and writes FOLDER/NAME.cpuprofile and FOLDER/NAME.txt. */
  around<T>(name: string, work: () => Promise<T>): Promise<T>;
  close(): void;
}

export const NO_PROFILER: Profiler = { around: (_name, work) => work(), close() {} };

/** `port` of the process' inspector (--inspect=127.0.0.1:PORT). */
export async function openProfiler(port: number, folder: string): Promise<Profiler> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]!.webSocketDebuggerUrl, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  let last = 0;
  const call = (method: string, params: object = {}): Promise<Answer> =>
    new Promise((resolve) => {
      const id = ++last;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  return {
    async around(name, work) {
      await call('Profiler.start');
      const value = await work();
      const profile = (await call('Profiler.stop')).result!.profile!;
      writeFileSync(join(folder, `${name}.cpuprofile`), JSON.stringify(profile));
      const memory = (
        await call('Runtime.evaluate', { expression: 'JSON.stringify(process.memoryUsage())' })
      ).result!.result!.value as string;
      writeFileSync(
        join(folder, `${name}.txt`),
        `${topOf(profile)}bytes of memory afterwards: ${memory}\n`,
      );
      return value;
    },
    close: () => socket.close(),
  };
}

/** Functions by self time, as a share of the busy time. */
function topOf({ nodes, samples, timeDeltas }: CpuProfile): string {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').pop()}:${lineNumber + 1}`,
    ]),
  );
  const times = new Map<string, number>();
  let busy = 0;
  for (let i = 0; i < samples.length; i++) {
    const name = names.get(samples[i]!)!;
    const time = timeDeltas[i]!;
    if (name.startsWith('(idle)')) continue;
    busy += time;
    times.set(name, (times.get(name) ?? 0) + time);
  }
  const rows = [...times].sort((a, b) => b[1] - a[1]).slice(0, TOP);
  return `${(busy / 1000).toFixed(0)} ms busy\n${rows.map(([name, time]) => `${((time / busy) * 100).toFixed(1).padStart(5)} %  ${name}`).join('\n')}\n`;
}
