// The page of a pod's log, in a browser behind `kubectl proxy`, on a real kubelet.
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

describe("a pod's log in the web UI", function () {
  this.timeout(180_000);
  const cluster = new TestCluster();
  let browser: Browser;
  let proxy: ChildProcess;
  let page: Page;

  before(async function () {
    this.timeout(300_000);
    await cluster.up('--nodes', '1');
    proxy = spawn(
      'kubectl',
      [`--kubeconfig=${layoutOf(cluster.name).kubeconfig}`, 'proxy', '--port=0'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [text] = (await once(proxy.stdout!, 'data')) as [Buffer];
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    page = await browser.newPage({ locale: 'en-US' });
    await cluster.create(JSON.stringify(POD));
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod/talker', '--timeout=60s');
    const address = /127\.0\.0\.1:\d+/.exec(text.toString())![0];
    await page.goto(`http://${address}/ui/#/object/core/v1/pods/default/talker?tab=logs`);
  });
  after(async () => {
    await browser?.close();
    proxy?.kill();
    await cluster.down();
  });

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
});
