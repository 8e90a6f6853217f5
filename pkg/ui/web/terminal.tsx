// A shell in a container of a pod, loaded with the first terminal. The shell ends with its
// connection, so a page that is hidden keeps it for a while.
import { signal, useSignal } from '@preact/signals';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal as Screen } from '@xterm/xterm';
import css from '@xterm/xterm/css/xterm.css';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Status } from '../../apimachinery/meta/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { openSocket, request, visible, type ApiError } from './connection.js';
import { until } from './live.js';
import { chosenContainer, ContainerChoice, isRunning } from './logs.js';
import { word } from './words.js';

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
/** The first character of a message. */
const CHANNEL = { stdin: '\0', status: 3, size: '\x04' } as const;
/** The server takes messages of 4 MB. */
const MESSAGES = /[^]{1,500000}/gu;
const HIDDEN_MS = 5 * 60_000;
/** Bash where there is one. */
const SHELL =
  'export TERM=xterm-256color LANG="${LANG:-C.UTF-8}"; command -v bash >/dev/null && exec bash; exec sh';
/** Older container runtimes leave both running when the connection is closed. */
const [END_COMMAND, END_SHELL, BETWEEN_MS] = ['\x03', '\x04', 250];
/** The default but for exec. */
const PROXY = "kubectl proxy --reject-paths='^/api/.*/pods/.*/attach'";

/** In a paste they could end it early, and then type: those of Unicode but tab, CR and LF. */
const CONTROLS = /[^\P{Cc}\t\r\n]/gu;

const encoder = new TextEncoder();
const dark = matchMedia('(prefers-color-scheme: dark)');
const style = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
const themeOf = () => ({
  background: style('card'),
  foreground: style('ink'),
  cursor: style('accent'),
  cursorAccent: style('card'),
  selectionBackground: style('line'),
});

/** Fills the box until abort. */
function openScreen(box: HTMLElement, stop: AbortSignal): Screen {
  Screen.strings.promptLabel = word('terminal');
  const screen = new Screen({
    fontFamily: style('mono'),
    fontSize: 13,
    minimumContrastRatio: 4.5,
    theme: themeOf(),
  });
  const fit = new FitAddon();
  screen.loadAddon(fit);
  screen.open(box);
  screen.textarea!.setAttribute('aria-describedby', 'leave');
  const resized = new ResizeObserver(() => fit.fit());
  resized.observe(box);
  dark.addEventListener('change', () => (screen.options.theme = themeOf()), { signal: stop });
  const paste = (event: ClipboardEvent): void => {
    event.stopPropagation();
    event.preventDefault();
    screen.paste(event.clipboardData!.getData('text/plain').replace(CONTROLS, ''));
  };
  box.addEventListener('paste', paste, { capture: true, signal: stop });
  let escaped = false;
  screen.attachCustomKeyEventHandler(({ type, key, ctrlKey }) => {
    if (type !== 'keydown') return true;
    const isLeft = key === 'Tab' && (escaped || screen.options.disableStdin!);
    const isCopied = ctrlKey && key === 'c' && screen.hasSelection();
    if (key !== 'Shift') escaped = key === 'Escape';
    return !isLeft && !isCopied;
  });
  stop.addEventListener('abort', () => (resized.disconnect(), screen.dispose()));
  return screen;
}

/** How the shell ended, from the Status on its channel. */
function endOf(text: string): string {
  const { status, message = '', details } = JSON.parse(text) as Partial<Status>;
  const cause = details?.causes?.find(({ reason }) => reason === 'ExitCode');
  const code = status === 'Success' ? '0' : cause?.message;
  if (code) return `${word('shellEnded')} ${code}`;
  if (/executable file not found|no such file/.test(message)) return word('noShell');
  return `${word('shellLost')}: ${message}`;
}

/** Why no WebSocket opens: the answer to a plain request tells. */
const whyNot = (address: string): Promise<string> =>
  request(address).then(
    () => word('shellLost'),
    ({ code, message }: ApiError) => {
      // The API server refuses with a Status.
      if (code === 403 && message.trim() === 'Forbidden') return word('proxyRefuses');
      return code === 400 ? word('shellLost') : message;
    },
  );

/** Runs a shell until its end or abort. Resolves with the reason, in plain words. */
function runShell(address: string, screen: Screen, stop: AbortSignal, opened: () => void) {
  const socket = openSocket(address, ...PROTOCOLS);
  socket.binaryType = 'arraybuffer';
  let end = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (channel: string, text: string): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    for (const part of text.match(MESSAGES) ?? []) socket.send(encoder.encode(channel + part));
  };
  const tellSize = (): void =>
    send(CHANNEL.size, JSON.stringify({ Width: screen.cols, Height: screen.rows }));
  const close = (why: string): void => {
    end = why;
    socket.onmessage = null;
    send(CHANNEL.stdin, END_COMMAND);
    setTimeout(() => (send(CHANNEL.stdin, END_SHELL), socket.close()), BETWEEN_MS);
  };
  screen.onData((text) => send(CHANNEL.stdin, text));
  screen.onResize(tellSize);
  stop.addEventListener('abort', () => close(word('shellLost')));
  const unwatch = visible.subscribe((is) => {
    clearTimeout(timer);
    if (!is) timer = setTimeout(() => close(word('shellHidden')), HIDDEN_MS);
  });
  socket.onopen = () => {
    end = word('shellLost');
    tellSize();
    screen.focus();
    opened();
  };
  socket.onmessage = ({ data }) => {
    const bytes = new Uint8Array(data as ArrayBuffer);
    if (bytes[0] === CHANNEL.status) end = endOf(new TextDecoder().decode(bytes.subarray(1)));
    else screen.write(bytes.subarray(1));
  };
  return new Promise<string>((resolve) => {
    socket.onclose = () => {
      unwatch();
      clearTimeout(timer);
      screen.options.disableStdin = true;
      resolve(end || whyNot(address));
    };
  });
}

export function Terminal({ path, pod }: { path: string; pod: Pod }) {
  const container = chosenContainer(pod);
  const live = useMemo(() => signal(pod), []);
  live.value = pod;
  const attempt = useSignal(0);
  const isOver = useSignal(false);
  const note = useSignal('');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const controller = new AbortController();
    const stop = controller.signal;
    const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true', tty: 'true' });
    for (const part of ['sh', '-c', SHELL]) query.append('command', part);
    const screen = openScreen(box.current!, stop);
    [isOver.value, note.value] = [false, word('shellWaits')];
    const run = async (): Promise<void> => {
      await until(() => stop.aborted || isRunning(live.value, container));
      if (stop.aborted) return;
      const opened = (): void => void (note.value = '');
      const end = await runShell(`${path}/exec?${query}`, screen, stop, opened);
      if (!stop.aborted) [isOver.value, note.value] = [true, end];
    };
    void run();
    return () => controller.abort();
  }, [path, container, attempt.value]);
  return (
    <div class="logs">
      <style>{css}</style>
      <div class="tools">
        <ContainerChoice pod={pod} />
        <small id="leave">{word('leaveTerminal')}</small>
        <span role="status">
          {note.value} {note.value === word('proxyRefuses') && <code>{PROXY}</code>}
        </span>
        {isOver.value && (
          <button type="button" onClick={() => attempt.value++}>
            {word('reconnect')}
          </button>
        )}
      </div>
      <div ref={box} class="screen" />
    </div>
  );
}
