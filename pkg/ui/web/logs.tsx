// The log of a container as it grows: over restarts of the container, lost connections and hidden
// tabs. Lines are added a few times a second in blocks that the browser lays out once.
import { signal, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Pod } from '../../apis/core/v1/types.js';
import { allContainers } from '../../component-helpers/pods.js';
import { openSocket, request, visible } from './connection.js';
import { until } from './live.js';
import { change, setting } from './navigation.js';
import { word } from './words.js';

const MAX_LINES = 5000;
const BLOCK_LINES = 200;
const FIRST_LINES = 500;
const SHOW_MS = 100;
const RETRY_MS = 1500;
/** A reader this near to the end follows the log, in pixels. */
const NEAR = 30;

const statusOf = ({ status = {} }: Pod, name: string) =>
  [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ].find((one) => one.name === name);

export const isRunning = (pod: Pod, container: string): boolean =>
  statusOf(pod, container)?.state?.running !== undefined;

export const chosenContainer = ({ spec }: Pod): string =>
  setting('container') || spec.containers[0]!.name;

export function ContainerChoice({ pod }: { pod: Pod }) {
  const choose = (container: string): void => change({ container });
  return (
    <label>
      {word('container')}{' '}
      <select value={chosenContainer(pod)} onChange={(e) => choose(e.currentTarget.value)}>
        {allContainers(pod.spec).map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** Shows lines at the end of an element, and forgets the oldest. */
function writer(box: HTMLElement, follows: () => boolean) {
  let pending: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let total = 0;
  const blocks: { element: HTMLElement; lines: number }[] = [];
  const flush = (): void => {
    timer = undefined;
    const lines = pending.slice(-MAX_LINES);
    pending = [];
    while (lines.length) {
      const part = lines.splice(0, BLOCK_LINES);
      let last = blocks.at(-1);
      if (!last || last.lines + part.length > BLOCK_LINES) {
        blocks.push((last = { element: document.createElement('div'), lines: 0 }));
        box.append(last.element);
      }
      last.element.append(`${part.join('\n')}\n`);
      last.lines += part.length;
      total += part.length;
    }
    while (total > MAX_LINES) {
      const oldest = blocks.shift()!;
      oldest.element.remove();
      total -= oldest.lines;
    }
    if (follows()) box.scrollTop = box.scrollHeight;
  };
  return {
    line: (text: string): void => {
      pending.push(text);
      if (pending.length > 2 * MAX_LINES) pending = pending.slice(-MAX_LINES);
      timer ??= setTimeout(flush, SHOW_MS);
    },
    close: () => clearTimeout(timer),
  };
}

type Write = (text: string) => void;
type Log = { path: string; container: string; pod: ReadonlySignal<Pod>; line: Write; note: Write };

/** Reads until abort. */
async function readLog(
  { path, container, pod, line, note }: Log,
  stop: AbortSignal,
): Promise<void> {
  let last = '';
  let since = '';
  const take = (text: string): void => {
    const end = text.indexOf(' ');
    const time = /^\d{4}-\d\d-\d\dT[\d:.]+/.exec(text)?.[0].padEnd(29, '0') ?? '';
    // A resumed log begins with lines of the same second.
    if (time && time <= last) return;
    if (time) [last, since] = [time, text.slice(0, end)];
    line(time ? text.slice(end + 1) : text);
  };
  const address = (more: Record<string, string>): string => {
    const from: Record<string, string> = last
      ? { sinceTime: since }
      : { tailLines: String(FIRST_LINES) };
    return `${path}/log?${new URLSearchParams({ container, timestamps: 'true', ...from, ...more })}`;
  };
  while (!stop.aborted) {
    await until(() => visible.value);
    const id = statusOf(pod.peek(), container)?.containerID;
    try {
      const opened = await stream(address({ follow: 'true' }), take, stop);
      // The answer to a plain request has the reason, or the lines where WebSockets do not pass.
      if (!opened && !stop.aborted)
        (await (await request(address({}), { accept: '*/*', signal: stop })).text())
          .split('\n')
          .filter(Boolean)
          .forEach(take);
      note('');
    } catch (error) {
      if (!stop.aborted) note(`${word('logWaits')}: ${(error as Error).message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, visible.peek() ? RETRY_MS : 0));
    const now = statusOf(pod.peek(), container);
    // The kubelet may have started the next container already.
    if (stop.aborted || !id || !now || (now.containerID === id && now.state?.running)) continue;
    const { terminated } = now.state?.terminated ? now.state : (now.lastState ?? {});
    note(
      `${word('logEnded')}${terminated ? ` (${terminated.reason ?? ''} ${terminated.exitCode})` : ''}`,
    );
    await until(
      () =>
        stop.aborted ||
        isRunning(pod.value, container) ||
        statusOf(pod.value, container)?.containerID !== id,
    );
    line(`— ${word('logRestarted')} —`);
  }
}

/** Resolves when the stream ends; false when it did not open. */
function stream(
  address: string,
  take: (line: string) => void,
  stop: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    let opened = false;
    let rest = '';
    const decoder = new TextDecoder();
    const socket = openSocket(address, 'binary.k8s.io');
    socket.binaryType = 'arraybuffer';
    const close = (): void => socket.close();
    const unwatch = visible.subscribe((is) => is || close());
    stop.addEventListener('abort', close);
    socket.onopen = () => (opened = true);
    socket.onmessage = ({ data }) => {
      const parts = (rest + decoder.decode(data as ArrayBuffer, { stream: true })).split('\n');
      rest = parts.pop()!;
      parts.forEach(take);
    };
    socket.onclose = () => {
      unwatch();
      stop.removeEventListener('abort', close);
      if (rest) take(rest);
      resolve(opened || !visible.peek());
    };
  });
}

export function Logs({ path, pod }: { path: string; pod: Pod }) {
  const container = chosenContainer(pod);
  const live = useMemo(() => signal(pod), []);
  live.value = pod;
  const follows = useSignal(true);
  const note = useSignal('');
  const box = useRef<HTMLPreElement>(null);
  const toEnd = (): void => {
    follows.value = true;
    box.current!.scrollTop = box.current!.scrollHeight;
  };
  useEffect(() => {
    const stop = new AbortController();
    box.current!.replaceChildren();
    note.value = '';
    const { line, close } = writer(box.current!, () => follows.peek());
    void readLog(
      { path, container, pod: live, line, note: (text) => (note.value = text) },
      stop.signal,
    );
    return () => (stop.abort(), close());
  }, [path, container]);
  return (
    <div class="logs">
      <div class="tools">
        <ContainerChoice pod={pod} />
        <label>
          <input
            type="checkbox"
            checked={follows.value}
            onChange={(e) => (e.currentTarget.checked ? toEnd() : (follows.value = false))}
          />{' '}
          {word('follow')}
        </label>
        <span role="status">{note.value}</span>
      </div>
      <pre
        ref={box}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={word('logs')}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          (follows.value = scrollHeight - scrollTop - clientHeight < NEAR)
        }
      />
    </div>
  );
}
