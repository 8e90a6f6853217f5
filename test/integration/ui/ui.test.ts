// The web UI in a real browser against a real API server: the pages that a visitor sees, and their
// updates.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { NODES, PODS, SERVICE_ACCOUNTS } from '../../../pkg/apis/resource-types.js';
import type { Client } from '../../../pkg/client/client.js';
import { loadKubeconfig } from '../../../pkg/client/kubeconfig.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { realEnv } from '../../../pkg/system/env.js';
import { exec } from '../../../pkg/system/exec.js';
import { openStage, settles, WAIT, type Stage } from './stage.js';

describe('web UI in a browser', function () {
  this.timeout(180_000);
  let stage: Stage;
  let address: string;
  let client: Client;
  let page: Page;
  let token: string;

  const pod = (name: string) =>
    client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: {
        containers: [{ name: 'main', image: 'busybox:1' }],
        terminationGracePeriodSeconds: 0,
      },
    });

  before(async () => {
    stage = await openStage();
    const { kubeconfig, url } = stage.server;
    address = `${url}/ui/`;
    client = createClient(await loadKubeconfig(kubeconfig), realEnv('ui-test', 'error'));
    await client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'default' },
    });
    await client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'visitor', namespace: 'default' },
    });
    const kubectl = (...words: string[]) =>
      exec(['kubectl', `--kubeconfig=${kubeconfig}`, ...words]);
    await kubectl(
      'create',
      'clusterrolebinding',
      'visitor',
      '--clusterrole=cluster-admin',
      '--serviceaccount=default:visitor',
    );
    token = (await kubectl('create', 'token', 'visitor')).trim();
    await client.create(NODES, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-a' },
      spec: {},
    });
    await pod('first');
    page = await stage.page();
  });
  after(async () => {
    await client?.close();
    await stage?.stop();
  });

  it('asks an anonymous visitor for a token, and shows nothing before', async () => {
    await page.goto(address);
    await page.getByLabel('Token').waitFor(WAIT);
    assert.equal(await page.getByText('first').count(), 0);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Recent events' }).waitFor(WAIT);
  });

  // A link could sign its reader in as somebody else, who would see what the reader creates.
  it('takes no token from the address', async () => {
    const other = await stage.page();
    await other.goto(`${address}#token=${token}`);
    await other.getByLabel('Token').waitFor(WAIT);
    assert.equal(await other.evaluate('sessionStorage.length'), 0);
    await other.context().close();
  });

  it('shows pods as they come and go, without reloading', async () => {
    await page.getByRole('link', { name: 'Pods' }).first().click();
    await page.getByRole('link', { name: 'first' }).waitFor(WAIT);
    await pod('second');
    await page.getByRole('link', { name: 'second' }).waitFor(WAIT);
    await client.delete(PODS, { namespace: 'default', name: 'first' });
    await page.getByRole('link', { name: 'first' }).waitFor({ ...WAIT, state: 'detached' });
    await page.getByLabel('Filter').fill('nothing like this');
    await page.getByText('Nothing here').waitFor(WAIT);
    await page.getByLabel('Filter').fill('');
  });

  it('shows one object as YAML and follows it', async () => {
    await page.getByRole('link', { name: 'second' }).click();
    await page.getByText('image: busybox:1').waitFor(WAIT);
    await client.patch(
      PODS,
      { namespace: 'default', name: 'second' },
      { metadata: { labels: { colour: 'green' } } },
      { type: 'merge' },
    );
    await page.getByText('colour: green').waitFor(WAIT);
  });

  it('lists every kind that the server serves', async () => {
    await page.getByRole('link', { name: 'All kinds' }).click();
    await page
      .getByRole('link', { name: 'ClusterRole (rbac.authorization.k8s.io)', exact: true })
      .click();
    // The page of all kinds has a filter too, until the event of the new address comes.
    await page.getByRole('heading', { name: 'ClusterRole' }).waitFor(WAIT);
    await page.getByLabel('Filter').fill('wheelhouse');
    await page.getByRole('link', { name: 'wheelhouse:ui' }).waitFor(WAIT);
  });

  it('renders only the visible part of a long list', async () => {
    for (let i = 0; i < 300; i += 50)
      await Promise.all(Array.from({ length: 50 }, (_, j) => pod(`many-${i + j}`)));
    await page.goto(`${address}#/pods`);
    await page.getByText('301 of 301').waitFor(WAIT);
    await settles(
      () => page.locator('tbody tr').count(),
      (rows) => assert.ok(rows > 10 && rows < 100, `${rows} rows`),
    );
  });

  it('refuses foreign scripts by its content security policy', async () => {
    const answer = await page.request.get(address);
    assert.match(answer.headers()['content-security-policy'] ?? '', /script-src 'self'/);
    assert.equal(
      (await page.request.get(address.replace(/\/$/, ''), { maxRedirects: 0 })).status(),
      307,
    );
    assert.equal((await page.request.get(`${address}../api/v1/pods`)).status(), 403);
  });
});
