// Logs, terminals and rollouts in the web UI, in a browser behind `kubectl proxy`, on real
// kubelets and controllers.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chromium, type Browser, type Page } from 'playwright-core';
import { layoutOf } from '../../hack/cluster/layout.js';
import { until } from '../../hack/cluster/wait.js';
import { TestCluster } from './cluster.js';

const LINES = 900;
/**
 * Each run of the container counts itself, writes lines at once and some later, and fails. The
 * later lines wait for the test, so that no run ends before the page has shown its beginning.
 */
const SCRIPT = [
  'run=$(cat /data/run 2>/dev/null || echo 0)',
  'echo $((run + 1)) > /data/run',
  `i=0; while [ $i -lt ${LINES} ]; do i=$((i + 1)); echo "run $run line $i"; done`,
  'until [ -e /data/go-$run ]; do sleep 0.2; done',
  'for i in a b c; do sleep 1; echo "run $run late $i"; done',
  'exit 3',
].join('\n');
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'talker' },
  spec: {
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: 'data', emptyDir: {} }],
    containers: [
      {
        name: 'main',
        image: 'busybox:1',
        command: ['sh', '-c', SCRIPT],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
  },
};
const WAIT_MS = 60_000;
const WAIT = { timeout: WAIT_MS };
/** Containers that have a shell, another one and none. */
const SHELLS = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'shells' },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      ...['main', 'other'].map((name) => ({
        name,
        image: 'busybox:1',
        command: ['sleep', '100000'],
        env: [{ name: 'WHERE', value: name }],
      })),
      { name: 'bare', image: 'registry.k8s.io/pause:3.10' },
    ],
  },
};
const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'rolling' },
  spec: {
    replicas: 3,
    progressDeadlineSeconds: 5,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: { matchLabels: { app: 'rolling' } },
    template: {
      metadata: { labels: { app: 'rolling' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'main', image, command: ['sleep', '100000'] }],
      },
    },
  },
});

describe('the web UI of real pods', function () {
  this.timeout(180_000);
  const cluster = new TestCluster();
  let browser: Browser;
  const proxies: ChildProcess[] = [];
  let url: string;
  let page: Page;

  before(async function () {
    this.timeout(300_000);
    await cluster.up('--nodes', '1');
    url = await proxy();
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    page = await browser.newPage({ locale: 'en-US' });
    for (const pod of [POD, SHELLS]) await cluster.create(JSON.stringify(pod));
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s');
    await page.goto(`${url}/ui/#/object/core/v1/pods/default/talker?tab=logs`);
  });
  after(async () => {
    await browser?.close();
    for (const one of proxies) one.kill();
    await cluster.down();
  });

  /** A new `kubectl proxy`, with the command that a reader would copy. */
  async function proxy(command = 'kubectl proxy'): Promise<string> {
    const words = `exec ${command} --port=0 --kubeconfig=${layoutOf(cluster.name).kubeconfig}`;
    const child = spawn('sh', ['-c', words], { stdio: ['ignore', 'pipe', 'inherit'] });
    proxies.push(child);
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    return `http://${/127\.0\.0\.1:\d+/.exec(text.toString())![0]}`;
  }

  const shown = async (): Promise<string[]> =>
    (await page.locator('[role=log]').innerText()).split('\n').filter(Boolean);
  const waitFor = (line: string) =>
    until(
      async () => (await shown()).includes(line),
      WAIT_MS,
      () => `the log lacks "${line}"`,
    );

  const goOn = (run: number) => cluster.kubectl('exec', 'talker', '--', 'touch', `/data/go-${run}`);

  it('shows the lines as they come, once each and in order', async () => {
    await waitFor(`run 0 line ${LINES}`);
    await goOn(0);
    await waitFor('run 0 late c');
    const lines = (await shown()).filter((line) => line.startsWith('run 0 '));
    assert.equal(new Set(lines).size, lines.length, 'a line stands twice');
    // The page begins with the last lines of a long log.
    const numbered = lines.filter((line) => line.includes(' line '));
    const first = Number(numbered[0]!.split(' ').at(-1));
    const rest = Array.from({ length: LINES - first + 1 }, (_, at) => `run 0 line ${first + at}`);
    assert.deepEqual(lines, [...rest, 'run 0 late a', 'run 0 late b', 'run 0 late c']);
    assert.ok(lines.length >= 400, `${lines.length} lines`);
  });

  it('goes on when the container has restarted, and says so', async () => {
    await waitFor(`run 1 line ${LINES}`);
    await goOn(1);
    await waitFor('run 1 late c');
    const lines = await shown();
    const restart = lines.findIndex((line) => line.includes('The container was restarted'));
    assert.ok(lines.indexOf('run 0 late c') < restart);
    assert.ok(restart < lines.indexOf('run 1 line 1'), 'the first line of the new run is missing');
    const second = lines.filter((line) => line.startsWith('run 1 '));
    assert.equal(second.length, LINES + 3);
    assert.equal(new Set(second).size, second.length);
  });

  /** Waits until the check accepts what is read, and fails with what was read last. */
  const settles = async <T>(read: () => Promise<T>, check: (is: T) => boolean): Promise<T> => {
    let last: T | undefined;
    await until(
      async () => check((last = await read())),
      WAIT_MS,
      () => `last was: ${String(last)}`,
    );
    return last!;
  };
  /** The lines that the terminal shows. */
  const screen = async (): Promise<string> =>
    (await page.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll(' ', ' ');
  const shows = (text: RegExp) => settles(screen, (is) => text.test(is));
  const prompted = () => shows(/^\/ # +$/m);
  /**
   * Types a line anew until the shell shows it whole: the line editor of busybox loses what arrives
   * with the terminal's answer to its question for the cursor.
   */
  const write = async (command: string): Promise<void> => {
    const shown = command.replace(/[^ -~]/g, '?');
    await settles(
      async () => {
        const is = (await screen()).trimEnd().endsWith(`# ${shown}`);
        if (!is) await page.keyboard.press('Control+U');
        if (!is) await page.keyboard.insertText(command);
        return is;
      },
      (is) => is,
    );
  };
  const run = async (command: string): Promise<void> => {
    await write(command);
    await page.keyboard.press('Enter');
  };
  const note = (text: string) => page.getByRole('status').getByText(text).waitFor(WAIT);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const openTerminal = async (container: string) => {
    await page.goto('about:blank');
    const settings = `tab=terminal&container=${container}`;
    await page.goto(`${url}/ui/#/object/core/v1/pods/default/shells?${settings}`);
  };
  const focused = (): Promise<string> => page.evaluate('document.activeElement.className');
  const processes = () => cluster.kubectl('exec', 'shells', '-c', 'main', '--', 'ps');

  it('says that kubectl proxy refuses a terminal, and by which command it lets one pass', async () => {
    await openTerminal('main');
    await note('kubectl proxy lets no terminal pass');
    const command = await page.getByRole('status').locator('code').innerText();
    url = await proxy(command);
    await openTerminal('main');
    await prompted();
    await run('echo $((6 * 7)) $WHERE');
    await shows(/^42 main$/m);
  });

  it('opens a shell in the container that is chosen, and shows Chinese texts', async () => {
    await page.getByLabel('Container').selectOption('other');
    await prompted();
    await run('echo $WHERE-你好，世界');
    await shows(/^other-你好，世界$/m);
  });

  it('tells the shell the size of the terminal', async () => {
    const sizeIn = async (width: number, height: number): Promise<number[]> => {
      await page.setViewportSize({ width, height });
      const found = await settles(
        async () => {
          await run('clear; echo =$(stty size)=');
          const [, rows, columns] = /^=(\d+) (\d+)=/m.exec(await screen()) ?? [];
          return [await page.locator('.xterm-rows > div').count(), Number(rows), Number(columns)];
        },
        ([shown, told]) => shown === told,
      );
      return found.slice(1);
    };
    const [rows, columns] = await sizeIn(1280, 720);
    const [fewerRows, fewerColumns] = await sizeIn(900, 600);
    assert.ok(fewerRows! < rows! && fewerColumns! < columns! && columns! > 80);
  });

  it('pastes, completes with Tab, and is left with Esc and Tab', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(`navigator.clipboard.writeText('粘贴 一行')`);
    await run('cat');
    await shows(/# cat *\n *\n/);
    await page.keyboard.press('Control+Shift+V');
    await shows(/^粘贴 一行 *$/m);
    await page.keyboard.press('Enter');
    await shows(/^粘贴 一行 *\n粘贴 一行 *$/m);
    await page.keyboard.press('Control+C');
    await write('ech');
    await page.keyboard.press('Tab');
    await shows(/# echo /);
    assert.match(await focused(), /xterm/);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Tab');
    await settles(focused, (is) => !is.includes('xterm'));
    await page.locator('.xterm').click();
    await page.keyboard.press('Control+U');
  });

  it('says how a shell ended, and opens the next one', async () => {
    await run('exit 3');
    await note('The shell has ended. Exit code 3');
    await button('Reconnect').click();
    await prompted();
    await run('exit');
    await note('The shell has ended. Exit code 0');
    await openTerminal('main');
    await prompted();
    await run('kill -9 $$');
    await note('The shell has ended. Exit code 137');
  });

  it('ends the shell when the visitor leaves it', async () => {
    await button('Reconnect').click();
    await prompted();
    for (const command of ['true', 'sleep 4242']) {
      await run(command);
      await settles(processes, (all) => all.includes('sleep 4242') === command.startsWith('sleep'));
      await button('Events').click();
      await settles(processes, (all) => !/sleep 4242|sh$/m.test(all));
      await button('Terminal').click();
      await prompted();
    }
  });

  it('speaks the older protocol with a server that knows no other', async () => {
    const older = await browser.newPage({ locale: 'en-US' });
    await older.addInitScript(`{
      const Socket = WebSocket;
      window.protocols = [];
      window.WebSocket = class extends Socket {
        constructor(address, offered) {
          super(address, offered.filter((protocol) => !protocol.startsWith('v5')));
          this.addEventListener('open', () => protocols.push(this.protocol));
        }
      };
      Object.assign(window.WebSocket, { OPEN: 1 });
    }`);
    const last = page;
    page = older;
    await openTerminal('main');
    await prompted();
    await run('exit 4');
    await note('The shell has ended. Exit code 4');
    assert.ok(((await page.evaluate('protocols')) as string[]).includes('v4.channel.k8s.io'));
    await page.close();
    page = last;
  });

  it('debugs a container without a shell by one that has one', async () => {
    await openTerminal('bare');
    await note('The container has no shell.');
    await button('Debug').click();
    await page.getByLabel('Image').fill('busybox:1');
    await page.getByRole('dialog').getByRole('button', { name: 'Debug' }).click();
    const added = page.getByLabel('Container').locator('option', { hasText: 'debugger-' });
    await added.waitFor({ ...WAIT, state: 'attached' });
    await page.getByLabel('Container').selectOption((await added.textContent())!);
    await prompted();
    await run('echo $((6 * 8))');
    await shows(/^48$/m);
  });

  /** Of each replica set, the newest first: pods that are available, others, and the free end. */
  const bars = (): Promise<string> =>
    page.evaluate(`[...document.querySelectorAll('.sets .bar')]
      .map((bar) => [...bar.children].map(({ style }) => style.flexGrow).join()).join(' ')`);
  const openRollout = async () => {
    await page.goto('about:blank');
    await page.goto(`${url}/ui/#/object/apps/v1/deployments/default/rolling?tab=rollout`);
  };
  const act = async (name: string) => {
    await button(name).click();
    await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
    await page.getByRole('dialog').waitFor({ ...WAIT, state: 'detached' });
  };

  it('shows a rollout as bars that move', async () => {
    await cluster.create(JSON.stringify(deployment('busybox:1')));
    await openRollout();
    await note('The rollout is complete');
    assert.equal(await bars(), '3,0,0');
    await page.evaluate(`{
      window.seen = new Set();
      new MutationObserver(() => seen.add([...document.querySelectorAll('.sets .bar .good')]
        .map(({ style }) => style.flexGrow).join(' ')))
        .observe(document.querySelector('.sets'), { subtree: true, attributes: true, childList: true });
    }`);
    await act('Restart');
    await settles(bars, (all) => all === '3,0,0 0,0,3');
    await note('The rollout is complete');
    const seen = (await page.evaluate('[...seen]')) as string[];
    assert.ok(seen.includes('1 3') || seen.includes('1 2') || seen.includes('2 2'), seen.join());
  });

  it('says why a rollout does not go on, and takes it back', async () => {
    await cluster.kubectl('set', 'image', 'deployment/rolling', 'main=busybox:none');
    await note('Pods are being replaced. New so far: 1 / 3');
    await page.getByText('The image cannot be pulled').waitFor(WAIT);
    await page
      .getByText(/Failed to pull image "busybox:none"/)
      .first()
      .waitFor(WAIT);
    await note('There was no progress for longer than its deadline: 5 s');
    assert.equal(await bars(), '0,1,2 3,0,0 0,0,3');
    await act('Pause');
    await note('The rollout is paused.');
    await act('Resume');
    await act('Roll back');
    await note('The rollout is complete');
    await settles(bars, (all) => all === '3,0,0 0,0,3 0,0,3');
    await page.getByText('Revision 4').waitFor(WAIT);
  });
});
