// The UI through `kubectl proxy`: HTTP/1.1, so that the browser opens six connections to the host.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import type { Json } from '../apiserver/harness.js';
import {
  becomes,
  deployment,
  endpoints,
  node,
  openStage,
  pod,
  put,
  service,
  settles,
  WAIT,
  type Stage,
} from './stage.js';

const DEFAULT = '/api/v1/namespaces/default';
const SHOP = '/api/v1/namespaces/shop';
const LATER_MS = 5 * 60_000;

describe('web UI through kubectl proxy', function () {
  this.timeout(180_000);
  let stage: Stage;
  let url: string;

  before(async () => {
    stage = await openStage();
    const { api } = stage;
    url = await stage.proxy();
    for (const name of ['shop', 'team'])
      await api.ok(api.post('/api/v1/namespaces', { metadata: { name } }), 201);
    for (const name of ['default', 'shop', 'team'])
      await api.call('POST', `/api/v1/namespaces/${name}/serviceaccounts`, {
        metadata: { name: 'default' },
      });
    await put(api, '/api/v1/nodes', node('node-a'));
    await put(api, '/api/v1/nodes', node('node-dead', false));
    await put(api, `${DEFAULT}/pods`, pod('plain', 'node-a'));
    await put(api, `${SHOP}/pods`, pod('web', 'node-a'));
    await put(api, `${SHOP}/pods`, pod('unready', 'node-a', { running: {} }));
    await put(
      api,
      `${SHOP}/pods`,
      pod('broken', 'node-a', { waiting: { reason: 'ImagePullBackOff', message: 'no such' } }),
    );
    for (let i = 0; i < 3; i++) await put(api, `${SHOP}/pods`, pod(`lost-${i}`, 'node-dead'));
    await put(api, '/apis/apps/v1/namespaces/shop/deployments', deployment('fine', 2, 2));
    await put(api, '/apis/apps/v1/namespaces/shop/deployments', deployment('lame', 3, 0));
    await put(api, '/apis/apps/v1/namespaces/shop/deployments', deployment('zero', 0, 0));
    for (const name of ['web', 'lonely']) await put(api, `${SHOP}/services`, service(name));
    await put(
      api,
      `${SHOP}/services`,
      service('away', { type: 'ExternalName', externalName: 'x.y' }),
    );
    await put(api, `${SHOP}/endpoints`, endpoints('web', '10.1.0.7'));
    await put(api, `${SHOP}/endpoints`, endpoints('lonely'));
  });
  after(() => stage?.stop());

  /** Opens a page some minutes later, when the objects are no longer new. */
  const open = async (hash: string, page?: Page): Promise<Page> => {
    const shown = page ?? (await stage.page());
    await shown.clock.setFixedTime(Date.now() + LATER_MS);
    await shown.goto(`${url}/ui/${hash}`);
    return shown;
  };
  const heading = (page: Page, name: string) =>
    page.getByRole('heading', { name, level: 1 }).waitFor(WAIT);
  const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });

  const hide = (page: Page, isHidden: boolean) =>
    page.evaluate(`
      Object.defineProperty(document, 'visibilityState', {
        get: () => '${isHidden ? 'hidden' : 'visible'}',
        configurable: true,
      });
      document.dispatchEvent(new Event('visibilitychange'));`);
  const focused = (page: Page, property: string): Promise<string> =>
    page.evaluate(`document.activeElement?.${property}?.trim()`);
  const marked = (page: Page) => () => page.locator('nav [aria-current]').textContent(WAIT);

  /** Counts the WebSockets that are open. */
  const sockets = (page: Page): { open: number } => {
    const count = { open: 0 };
    page.on('websocket', (socket) => {
      count.open++;
      socket.on('close', () => count.open--);
    });
    return count;
  };

  it('lives on in two tabs over ten page changes, and closes everything while hidden', async () => {
    const context = await stage.browser.newContext();
    const tabs = [await context.newPage(), await context.newPage()];
    const counts = tabs.map(sockets);
    for (const tab of tabs) await open('#/', tab);
    for (let i = 0; i < 10; i++)
      for (const tab of tabs) {
        const [name, row] = i % 2 ? ['Nodes', 'node-a'] : ['Pods', 'plain'];
        // A browser paints a tab in the background about once a second.
        await tab.bringToFront();
        await link(tab, name).first().click();
        await heading(tab, name);
        await link(tab, row).waitFor(WAIT);
      }
    for (const tab of tabs) {
      await tab.bringToFront();
      await link(tab, 'Pods').first().click();
    }
    await put(stage.api, `${DEFAULT}/pods`, pod('late', 'node-a'));
    for (const tab of tabs) await link(tab, 'late').waitFor(WAIT);
    // Lists of earlier pages linger for a few seconds.
    await settles(
      () => counts.map(({ open }) => open),
      (open) => assert.ok(Math.max(...open) <= 2, `${open.join(' and ')} sockets are open`),
    );
    await hide(tabs[0]!, true);
    await becomes(() => counts[0]!.open, 0);
    await stage.api.ok(stage.api.delete(`${DEFAULT}/pods/late`));
    await link(tabs[1]!, 'late').waitFor({ ...WAIT, state: 'detached' });
    assert.equal(counts[0]!.open, 0);
    assert.equal(await link(tabs[0]!, 'late').count(), 1, 'the hidden tab read the change');
    await hide(tabs[0]!, false);
    await link(tabs[0]!, 'late').waitFor({ ...WAIT, state: 'detached' });
    await context.close();
  });

  it('opens nothing again that the visitor left before the page was hidden', async () => {
    const page = await stage.page();
    const opened: string[] = [];
    page.on('websocket', (socket) => opened.push(new URL(socket.url()).pathname));
    await page.clock.install();
    await page.goto(`${url}/ui/#/pods`);
    await link(page, 'plain').waitFor(WAIT);
    await becomes(() => opened.includes('/api/v1/pods'), true);
    await link(page, 'Nodes').first().click();
    await link(page, 'node-a').waitFor(WAIT);
    await hide(page, true);
    // The lists of the page before linger for a while.
    await page.clock.fastForward(60_000);
    opened.length = 0;
    await hide(page, false);
    await put(stage.api, '/api/v1/nodes', node('node-new'));
    await link(page, 'node-new').waitFor(WAIT);
    assert.deepEqual([...new Set(opened)], ['/api/v1/nodes']);
    await stage.api.ok(stage.api.delete('/api/v1/nodes/node-new'));
    await page.context().close();
  });

  it('shows the rows of the chosen namespace, and keeps the choices over a reload', async () => {
    const page = await open('#/pods');
    await link(page, 'plain').waitFor(WAIT);
    await page.getByLabel('Namespace').first().selectOption('shop');
    await link(page, 'broken').waitFor(WAIT);
    await link(page, 'plain').waitFor({ ...WAIT, state: 'detached' });
    await page.getByLabel('Filter').fill('lost');
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    const names = () => page.locator('tbody a').allTextContents();
    await page.getByText('3 of 6').waitFor(WAIT);
    await becomes(names, ['lost-2', 'lost-1', 'lost-0']);
    await page.waitForURL(/sort=-Name/);
    await page.reload();
    await page.getByText('3 of 6').waitFor(WAIT);
    await becomes(names, ['lost-2', 'lost-1', 'lost-0']);
    await becomes(() => page.getByLabel('Filter').inputValue(), 'lost');
    await becomes(() => page.getByLabel('Namespace').first().inputValue(), 'shop');
    // Other pages keep the namespace, and the way back keeps everything.
    await link(page, 'Services').first().click();
    await becomes(() => link(page, 'lonely').count(), 2);
    assert.equal(await link(page, 'kubernetes').count(), 0);
    await page.goBack();
    await page.getByText('3 of 6').waitFor(WAIT);
    await page.context().close();
  });

  it('goes where the visitor clicks while it writes its address', async () => {
    const page = await stage.page();
    await page.addInitScript(`{
      const wait = window.setTimeout;
      window.due = [];
      window.setTimeout = (work, ms) => (ms === 250 && due.push(work), wait(work, ms));
    }`);
    await page.goto(`${url}/ui/#/pods`);
    await page.getByLabel('Filter').fill('lost');
    // A busy page writes its address between a click and the event that tells of it.
    await page.evaluate(`{
      location.hash = document.querySelector('nav a[href^="#/nodes"]').hash;
      due.forEach((write) => write());
    }`);
    await heading(page, 'Nodes');
    await page.waitForURL(/#\/nodes/);
    await becomes(() => page.getByLabel('Filter').inputValue(), '');
    await page.context().close();
  });

  it('calls nothing ready that is not, and says why', async () => {
    const page = await open('#/');
    const tile = (name: string) => page.locator('.tile', { hasText: name });
    await tile('Nodes').getByText('1 failing').waitFor(WAIT);
    await tile('Pods').getByText('5 failing').waitFor(WAIT);
    await tile('Controllers').getByText('1 failing').waitFor(WAIT);
    await tile('Controllers').getByText('2 ready').waitFor(WAIT);
    await tile('Services').getByText('1 failing').waitFor(WAIT);
    const expected = [
      /node-dead.*does not answer.*3 pods on it/,
      /shop\/broken.*The image cannot be pulled: ImagePullBackOff/,
      /shop\/unready.*Not ready: 0\/1/,
      /shop\/lame.*0\/3/,
      /shop\/lonely.*No ready pod/,
    ];
    await settles(
      () => page.locator('.attention li').allTextContents(),
      (items) => {
        for (const one of expected)
          assert.ok(
            items.some((item) => one.test(item)),
            `${one} in ${items.join('\n')}`,
          );
        assert.equal(items.length, expected.length, items.join('\n'));
      },
    );
    await page.context().close();
  });

  it('shows objects whose names have marks of selectors', async () => {
    for (const name of ['team:a,b=c', 'x==y', 'back\\slash,']) {
      const role = { metadata: { name }, rules: [] };
      await put(stage.api, '/apis/rbac.authorization.k8s.io/v1/clusterroles', role);
      const at = `rbac.authorization.k8s.io/v1/clusterroles/-/${encodeURIComponent(name)}`;
      const page = await open(`#/object/${at}`);
      await settles(
        () => page.locator('pre.yaml').textContent(WAIT),
        (text) =>
          assert.equal((parse(text!) as { metadata: { name: string } }).metadata.name, name),
      );
      await page.context().close();
    }
  });

  it('shows YAML that means the object', async () => {
    const object = {
      metadata: {
        name: 'odd',
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{"a":\n1}\n',
          yes: 'no',
          octal: '0o17',
          time: '12:30:45',
          spaces: '  two\n\n lines  ',
          colon: 'a: b # c',
          list: '- x',
        },
      },
      data: { n: 'null', t: 'true', e: '', q: '"\'', tab: '\ta', long: 'word '.repeat(60) },
    };
    await put(stage.api, `${DEFAULT}/configmaps`, object);
    const page = await open('#/object/core/v1/configmaps/default/odd');
    const stored = await stage.api.ok(stage.api.get(`${DEFAULT}/configmaps/odd`));
    delete stored.metadata.managedFields;
    for (const version of ['1.1', '1.2'] as const)
      await becomes(
        async () => parse((await page.locator('pre.yaml').textContent(WAIT))!, { version }) as Json,
        stored,
      );
    await page.context().close();
  });

  it('says when an object is deleted, and shows the one that follows', async () => {
    const path = `${DEFAULT}/configmaps`;
    await put(stage.api, path, { metadata: { name: 'phoenix' }, data: { life: 'one' } });
    const page = await open('#/object/core/v1/configmaps/default/phoenix');
    await page.getByText('life: one').waitFor(WAIT);
    await stage.api.ok(stage.api.delete(`${path}/phoenix`));
    await page.getByText('This object was deleted').waitFor(WAIT);
    await put(stage.api, path, { metadata: { name: 'phoenix' }, data: { life: 'two' } });
    await page.getByText('life: two').waitFor(WAIT);
    await page.getByText('This object was deleted').waitFor({ ...WAIT, state: 'detached' });
    await page.goto(`${url}/ui/#/object/core/v1/configmaps/default/nobody`);
    await page.getByText('There is no such object').waitFor(WAIT);
    await put(stage.api, path, { metadata: { name: 'nobody' }, data: { life: 'three' } });
    await page.getByText('life: three').waitFor(WAIT);
    await page.context().close();
  });

  it('names every page, marks its entry and takes the focus there', async () => {
    const page = await open('#/');
    await heading(page, 'Overview');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await becomes(() => focused(page, 'tagName'), 'MAIN');
    for (const name of ['Nodes', 'Pods', 'Controllers', 'Services', 'Events', 'All kinds']) {
      await link(page, name).first().click();
      await heading(page, name);
      await becomes(() => page.title(), `${name} – Wheelhouse`);
      await becomes(() => focused(page, 'textContent'), name);
      await becomes(marked(page), name);
    }
    await page.getByLabel('Filter').fill('configmap');
    await page.getByRole('link', { name: 'ConfigMap' }).press('Enter');
    await heading(page, 'ConfigMap');
    await becomes(marked(page), 'All kinds');
    await page.goto(`${url}/ui/#/object/core/v1/pods/shop/web`);
    await heading(page, 'web');
    await becomes(() => page.title(), 'Pod web – Wheelhouse');
    await becomes(marked(page), 'Pods');
    await page.context().close();
  });

  it('explains addresses that lead nowhere', async () => {
    for (const [hash, text] of [
      ['#/%E0', 'There is no such page'],
      ['#/nowhere/%', 'There is no such page'],
      ['#/kind/core/v1/dogs', 'The server does not serve this kind'],
      ['#/kind/%E0', 'The server does not serve this kind'],
      ['#/object/apps/v1/dogs/default/rex', 'The server does not serve this kind'],
      ['#/dashboard/', 'Overview'],
    ] as const) {
      const page = await open(hash);
      await page.getByRole('heading', { name: text, level: 1 }).waitFor(WAIT);
      await page.context().close();
    }
  });
});
