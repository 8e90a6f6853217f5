// Visitors of the web UI: how they sign in and leave, and one who may see a single namespace.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { becomes, openStage, signIn, pod, put, settles, WAIT, type Stage } from './stage.js';

const TEAM = '/api/v1/namespaces/team';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PAGES = ['/', '/nodes', '/pods', '/controllers', '/services', '/events', '/kinds'];
const OBJECT = '/object/core/v1/pods/team/ours';

describe('visitors of the web UI', function () {
  this.timeout(180_000);
  let stage: Stage;
  let address: string;

  before(async () => {
    stage = await openStage();
    const { api } = stage;
    address = `${stage.server.url}/ui/`;
    await put(api, '/api/v1/namespaces', { metadata: { name: 'team' } });
    for (const name of ['default', 'viewer', 'stranger'])
      await api.call('POST', `${TEAM}/serviceaccounts`, { metadata: { name } });
    await put(api, `${TEAM}/pods`, pod('ours', 'node-a'));
    await put(api, `${RBAC}/namespaces/team/rolebindings`, {
      metadata: { name: 'viewers' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'ServiceAccount', name: 'viewer', namespace: 'team' },
        { kind: 'User', name: 'reader', apiGroup: 'rbac.authorization.k8s.io' },
      ],
    });
  });
  after(() => stage?.stop());

  const token = async (account = 'viewer'): Promise<string> => {
    const path = `${TEAM}/serviceaccounts/${account}/token`;
    const review = await stage.api.ok(stage.api.post(path, { spec: {} }), 201);
    return review.status.token as string;
  };
  const heading = (page: Page, name: string) =>
    page.getByRole('heading', { name, level: 1 }).waitFor(WAIT);
  const stored = (page: Page) => () => page.evaluate('sessionStorage.length') as Promise<number>;

  it('refuses wrong tokens, and says who has signed in with a right one', async () => {
    const page = await stage.page();
    await page.goto(`${address}#/pods`);
    await heading(page, 'You are not signed in');
    for (const wrong of ['nonsense', 'a.b.c', `${await token()}x`, 'two words', '令牌']) {
      await signIn(page, wrong);
      await page.getByRole('alert').getByText('does not accept this token').waitFor(WAIT);
      // The message is that of the last token while the server is asked.
      await becomes(stored(page), 0);
    }
    assert.equal(await page.locator('.table').count(), 0);
    await signIn(page, ` Bearer ${await token()}\n`);
    await heading(page, 'Pods');
    await becomes(
      () => page.locator('.visitor b').textContent(WAIT),
      'system:serviceaccount:team:viewer',
    );
    await becomes(
      async () =>
        (await page.locator('.visitor b').getAttribute('title'))!
          .split('\n')
          .includes('system:serviceaccounts:team'),
      true,
    );
    // The namespace of the service account is the one to begin with.
    await page.getByRole('link', { name: 'ours', exact: true }).waitFor(WAIT);
    await page.context().close();
  });

  it('forgets everything when the visitor signs out', async () => {
    const page = await stage.page();
    let open = 0;
    page.on('websocket', (socket) => {
      open++;
      socket.on('close', () => open--);
    });
    await page.goto(address);
    await signIn(page, await token());
    await heading(page, 'Overview');
    await page.getByRole('link', { name: 'Pods' }).first().click();
    await page.getByRole('link', { name: 'ours', exact: true }).waitFor(WAIT);
    await settles(
      () => open,
      (count) => assert.ok(count > 0),
    );
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You have signed out');
    await becomes(stored(page), 0);
    await becomes(() => page.getByText('ours').count(), 0);
    await becomes(() => page.locator('.visitor').count(), 0);
    await becomes(() => open, 0);
    await page.reload();
    await heading(page, 'You are not signed in');
    await page.context().close();
  });

  it('shows the next visitor nothing of the last one', async () => {
    const page = await stage.page();
    await page.goto(address);
    await signIn(page, await token());
    await page.getByRole('link', { name: 'Pods' }).first().click();
    await page.getByRole('link', { name: 'ours', exact: true }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page, await token('stranger'));
    await heading(page, 'Pods');
    await page.getByText('You may not list these').waitFor(WAIT);
    assert.equal(await page.getByText('ours').count(), 0);
    await page.context().close();
  });

  it('takes no answer that comes after the visitor has left', async () => {
    const page = await stage.page();
    const held: (() => Promise<void>)[] = [];
    await page.goto(address);
    await heading(page, 'You are not signed in');
    // The form asks who the token is, and then the page asks once more.
    let asked = 0;
    await page.route('**/selfsubjectreviews?*', async (route) => {
      const response = await route.fetch();
      if (++asked === 1) return route.fulfill({ response });
      held.push(() => route.fulfill({ response }));
    });
    await signIn(page, await token());
    await becomes(() => held.length, 1);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You have signed out');
    const late = page.waitForEvent('requestfinished', WAIT);
    await held[0]!();
    await late;
    // The changes of that answer are done when the page has another one.
    await page.evaluate(`fetch('icon.svg').then((answer) => answer.text())`);
    assert.equal(await page.locator('.visitor').count(), 0);
    await page.context().close();
  });

  it('asks again when the token no longer counts', async () => {
    const page = await stage.page();
    const path = `${TEAM}/serviceaccounts`;
    await put(stage.api, path, { metadata: { name: 'leaver' } });
    const review = await stage.api.ok(stage.api.post(`${path}/leaver/token`, { spec: {} }), 201);
    await page.goto(address);
    await signIn(page, review.status.token as string);
    await heading(page, 'Overview');
    await stage.api.ok(stage.api.delete(`${path}/leaver`));
    // The server remembers for some seconds that a token was good.
    await becomes(async () => {
      const headers = { authorization: `Bearer ${review.status.token}` };
      return (await page.request.get(`${stage.server.url}/api`, { headers })).status();
    }, 401);
    await page.reload();
    await heading(page, 'The server no longer accepts your token');
    await signIn(page, await token());
    await heading(page, 'Overview');
    await page.context().close();
  });

  it('asks for nothing twice that the server refuses, on any page', async () => {
    const url = await stage.proxy('reader');
    for (const path of [...PAGES, OBJECT]) {
      const page = await stage.page();
      const refused: string[] = [];
      page.on('response', (answer) => answer.status() === 403 && refused.push(answer.url()));
      await page.clock.install();
      await page.goto(`${url}/ui/#${path}`);
      await page.locator('h1').waitFor(WAIT);
      if (path !== '/kinds' && path !== OBJECT) await page.locator('.error').first().waitFor(WAIT);
      await becomes(() => page.getByText('Loading').count(), 0);
      await page.clock.runFor(120_000);
      assert.deepEqual(refused, [...new Set(refused)], path);
      await page.context().close();
    }
  });

  it('shows everything of the namespace that the visitor types', async () => {
    const page = await stage.page();
    await page.goto(`${await stage.proxy('reader')}/ui/#/pods`);
    await page.getByText('Type a namespace that you may see').waitFor(WAIT);
    const field = page.getByRole('textbox', { name: 'Namespace' });
    await field.fill('team');
    await field.press('Enter');
    await page.getByRole('link', { name: 'ours', exact: true }).waitFor(WAIT);
    await becomes(() => page.locator('.error').count(), 0);
    await put(stage.api, `${TEAM}/pods`, pod('new', 'node-a'));
    await page.getByRole('link', { name: 'new', exact: true }).waitFor(WAIT);
    await page.getByRole('link', { name: 'ours', exact: true }).click();
    await page.locator('pre.yaml').getByText('image: busybox:1').first().waitFor(WAIT);
    await page.getByRole('link', { name: 'Overview' }).click();
    await heading(page, 'Overview');
    await page.locator('.tile', { hasText: 'Pods' }).getByText('2 ready').waitFor(WAIT);
    // The next visit begins in that namespace.
    await page.goto('about:blank');
    await page.goBack();
    await page.reload();
    await page.getByRole('link', { name: 'Services' }).first().click();
    await page.getByText('Nothing here').first().waitFor(WAIT);
    await becomes(() => page.getByRole('textbox', { name: 'Namespace' }).inputValue(), 'team');
    await page.context().close();
  });
});
