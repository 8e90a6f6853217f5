// Terminals of the web UI: to whom they are offered, when they are opened, and when they end. The
// shells of real containers are in test/e2e/ui.test.ts.
import assert from 'node:assert/strict';
import type { Page, WebSocketRoute } from 'playwright-core';
import { becomes, node, openStage, pod, put, WAIT, type Stage } from './stage.js';

const DEFAULT = '/api/v1/namespaces/default';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const [STDIN, STDOUT] = [0, 1];

describe('terminals in the web UI', function () {
  this.timeout(180_000);
  let stage: Stage;
  let url: string;
  let page: Page;

  before(async () => {
    stage = await openStage();
    const { api } = stage;
    url = await stage.proxy();
    await api.call('POST', `${DEFAULT}/serviceaccounts`, { metadata: { name: 'default' } });
    await put(api, '/api/v1/nodes', node('node-a'));
    await put(api, `${DEFAULT}/pods`, pod('plain', 'node-a'));
    await put(api, `${DEFAULT}/pods`, pod('late', 'node-a', { waiting: { reason: 'Creating' } }));
    const look = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] };
    for (const [user, verbs] of Object.entries({ both: ['create', 'get'], one: ['get'] })) {
      await put(api, `${RBAC}/namespaces/default/roles`, {
        metadata: { name: user },
        rules: [look, { apiGroups: [''], resources: ['pods/exec'], verbs }],
      });
      await put(api, `${RBAC}/namespaces/default/rolebindings`, {
        metadata: { name: user },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: user },
        subjects: [{ kind: 'User', name: user, apiGroup: 'rbac.authorization.k8s.io' }],
      });
    }
  });
  beforeEach(async () => void (page = await stage.page()));
  afterEach(() => page.context().close());
  after(() => stage?.stop());

  const open = (name: string, from = url) =>
    page.goto(`${from}/ui/#/object/core/v1/pods/default/${name}?tab=terminal`);
  const tab = (name: string) => page.getByRole('button', { name, exact: true });
  const screen = () => page.locator('.xterm-rows').textContent(WAIT);

  /** Answers for the kubelet. */
  const shells = async () => {
    const seen = { open: [] as WebSocketRoute[], typed: '' };
    await page.routeWebSocket(/\/exec\?/, (socket) => {
      seen.open.push(socket);
      socket.onMessage((message) => {
        const [channel, ...bytes] = Buffer.from(message);
        if (channel === STDIN) seen.typed += Buffer.from(bytes).toString();
      });
      socket.onClose(() => {
        seen.open.splice(seen.open.indexOf(socket), 1);
        void socket.close();
      });
      socket.send(Buffer.from([STDOUT, ...Buffer.from('$ ')]));
    });
    return seen;
  };

  it('is offered to those who may create pods/exec, and may open it with GET', async () => {
    for (const [user, count] of [
      ['both', 1],
      ['one', 0],
    ] as const) {
      await page.goto('about:blank');
      await open('plain', await stage.proxy(user));
      await page.locator('pre.yaml, .screen').waitFor(WAIT);
      await page.waitForLoadState('networkidle', WAIT);
      assert.equal(await tab('Terminal').count(), count, user);
    }
  });

  it('waits for the container', async () => {
    const seen = await shells();
    await open('late');
    await page.getByText('Waits for the container to run').waitFor(WAIT);
    assert.equal(seen.open.length, 0);
    const { status } = pod('late', 'node-a');
    await stage.api.ok(
      stage.api.patch(`${DEFAULT}/pods/late/status`, 'application/merge-patch+json', { status }),
    );
    await becomes(() => seen.open.length, 1);
    await becomes(async () => (await screen())!.trim(), '$');
    await page.keyboard.type('ls');
    await becomes(() => seen.typed, 'ls');
  });

  it('closes its connection when the page was hidden for five minutes, or is left', async () => {
    const seen = await shells();
    const hide = (isHidden: boolean) =>
      page.evaluate(`
        Object.defineProperty(document, 'visibilityState', {
          get: () => '${isHidden ? 'hidden' : 'visible'}',
          configurable: true,
        });
        document.dispatchEvent(new Event('visibilitychange'));`);
    await page.clock.install();
    await open('plain');
    await becomes(() => seen.open.length, 1);
    for (const minutes of [4, 2]) {
      await hide(true);
      await page.clock.runFor(minutes * 60_000);
      await hide(false);
      await page.clock.runFor(4 * 60_000);
    }
    assert.equal(seen.open.length, 1);
    await hide(true);
    await page.clock.runFor(5 * 60_000 + 1000);
    await becomes(() => seen.open.length, 0);
    await hide(false);
    await page.getByText('hidden for five minutes').waitFor(WAIT);
    // The command first, then the shell.
    assert.equal(seen.typed, '\x03\x04');
    await tab('Reconnect').click();
    await becomes(() => seen.open.length, 1);
    await tab('Events').click();
    await page.clock.runFor(1000);
    await becomes(() => seen.open.length, 0);
  });

  it('pastes no character by which a text could end the paste, and press Enter', async () => {
    const seen = await shells();
    await open('plain');
    await becomes(async () => (await screen())!.trim(), '$');
    seen.open[0]!.send(Buffer.from([STDOUT, ...Buffer.from('\x1b[?2004h% ')]));
    await becomes(async () => (await screen())!.trim(), '$ %');
    await page.evaluate(`
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'l\ts \\x1b[201~\\nrm\\x9b201~ \u4f60\u{1f600}');
      const event = { clipboardData, bubbles: true, cancelable: true };
      document.querySelector('.screen textarea').dispatchEvent(new ClipboardEvent('paste', event));`);
    const pasted = 'l\ts [201~\rrm201~ \u4f60\u{1f600}';
    await becomes(() => seen.typed, `\x1b[200~${pasted}\x1b[201~`);
  });

  it('takes the colours of the theme', async () => {
    const background = (): Promise<string> =>
      page.evaluate(
        `getComputedStyle(document.querySelector('.xterm-scrollable-element')).backgroundColor`,
      );
    await shells();
    await open('plain');
    await becomes(background, 'rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    await becomes(background, 'rgb(29, 35, 38)');
  });
});
