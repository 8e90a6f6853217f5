// Visitors act on objects with the web UI: each act asks first, goes to the object that was seen,
// and is offered to those alone who may do it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import type { Json } from '../apiserver/harness.js';
import {
  becomes,
  deployment,
  node,
  openStage,
  signIn,
  pod,
  put,
  WAIT,
  type Stage,
} from './stage.js';

const DEFAULT = '/api/v1/namespaces/default';
const APPS = '/apis/apps/v1/namespaces/default';
const BATCH = '/apis/batch/v1/namespaces/default';
const POLICY = '/apis/policy/v1/namespaces/default';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const WEB = '/object/apps/v1/deployments/default';

describe('acting in the web UI', function () {
  this.timeout(180_000);
  let stage: Stage;
  let url: string;
  let page: Page;

  before(async () => {
    stage = await openStage();
    const { api } = stage;
    url = await stage.proxy();
    await api.call('POST', `${DEFAULT}/serviceaccounts`, { metadata: { name: 'default' } });
    for (const name of ['node-a', 'node-b']) await put(api, '/api/v1/nodes', node(name));
    await put(api, `${APPS}/deployments`, deployment('web', 2, 2));
    await put(api, `${RBAC}/clusterrolebindings`, {
      metadata: { name: 'readers' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', name: 'reader', apiGroup: 'rbac.authorization.k8s.io' }],
    });
    await put(api, `${RBAC}/namespaces/default/rolebindings`, {
      metadata: { name: 'editors' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'User', name: 'reader', apiGroup: 'rbac.authorization.k8s.io' }],
    });
    await put(api, '/api/v1/namespaces', { metadata: { name: 'other' } });
    await api.call('POST', '/api/v1/namespaces/other/serviceaccounts', {
      metadata: { name: 'default' },
    });
  });
  beforeEach(async () => void (page = await stage.page()));
  afterEach(() => page.context().close());
  after(() => stage?.stop());

  const open = (path: string, from = url) => page.goto(`${from}/ui/#${path}`);
  const button = (name: string) =>
    page.getByRole('group').getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const confirm = (name: string) => dialog().getByRole('button', { name, exact: true }).click();
  const read = async (path: string): Promise<Json> => stage.api.ok(stage.api.get(path));
  const isGone = () => becomes(() => dialog().count(), 0);
  const choose = (name: string) => page.getByRole('checkbox', { name, exact: true });

  it('scales a workload to the number that is typed', async () => {
    await open(`${WEB}/web`);
    await button('Scale').click();
    await dialog().getByText('default/web').waitFor(WAIT);
    const field = dialog().getByLabel('Replicas');
    await becomes(() => field.inputValue(), '2');
    await field.fill('5');
    await confirm('Cancel');
    await isGone();
    assert.equal((await read(`${APPS}/deployments/web`)).spec.replicas, 2);
    await button('Scale').click();
    await becomes(() => field.inputValue(), '2');
    await field.fill('5');
    await confirm('Scale');
    await isGone();
    assert.equal((await read(`${APPS}/deployments/web`)).spec.replicas, 5);
  });

  it('restarts, pauses, resumes, and rolls back to a revision', async () => {
    const path = `${APPS}/deployments/web`;
    const { metadata, spec } = await read(path);
    for (const revision of [1, 2]) {
      const hash = `hash${revision}`;
      await put(stage.api, `${APPS}/replicasets`, {
        metadata: {
          name: `web-${hash}`,
          labels: { app: 'web', 'pod-template-hash': hash },
          annotations: { 'deployment.kubernetes.io/revision': String(revision) },
          ownerReferences: [
            {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              name: 'web',
              uid: metadata.uid,
              controller: true,
            },
          ],
        },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
          template: {
            metadata: { labels: { app: 'web', 'pod-template-hash': hash } },
            spec: { containers: [{ name: 'main', image: `busybox:${revision}` }] },
          },
        },
      });
    }
    await open(`${WEB}/web`);
    await button('Restart').click();
    await confirm('Restart');
    await isGone();
    const at = (await read(path)).spec.template.metadata.annotations;
    assert.ok(Math.abs(Date.parse(at['kubectl.kubernetes.io/restartedAt']) - Date.now()) < 60_000);
    await button('Pause').click();
    await confirm('Pause');
    await isGone();
    assert.equal((await read(path)).spec.paused, true);
    // A rollout that is paused is not begun.
    await button('Resume').waitFor(WAIT);
    await becomes(() => button('Restart').or(button('Roll back')).or(button('Pause')).count(), 0);
    await button('Resume').click();
    await confirm('Resume');
    await isGone();
    assert.equal((await read(path)).spec.paused, undefined);
    await stage.api.ok(
      stage.api.patch(path, 'application/strategic-merge-patch+json', {
        spec: {
          template: { spec: { containers: [{ name: 'main', image: 'busybox:9', tty: true }] } },
        },
      }),
    );
    await button('Roll back').click();
    await becomes(() => dialog().getByLabel('Revision').locator('option').allTextContents(), ['1']);
    await confirm('Roll back');
    await isGone();
    const { template } = (await read(path)).spec;
    assert.equal(template.spec.containers[0].image, 'busybox:1');
    assert.equal(template.spec.containers[0].tty, undefined);
    // All of the template, and nothing of the replica set.
    assert.deepEqual(template.metadata, spec.template.metadata);
  });

  it('suspends, resumes and runs a cron job', async () => {
    const job = { containers: [{ name: 'main', image: 'busybox:1' }], restartPolicy: 'Never' };
    const made = await put(stage.api, `${BATCH}/cronjobs`, {
      metadata: { name: 'tick' },
      spec: {
        schedule: '0 0 1 1 *',
        jobTemplate: {
          metadata: { labels: { is: 'tick' }, annotations: { note: '$object' } },
          spec: { template: { spec: job } },
        },
      },
    });
    await open('/object/batch/v1/cronjobs/default/tick');
    await button('Run now').click();
    await confirm('Run now');
    await isGone();
    const { items } = await read(`${BATCH}/jobs`);
    const [{ metadata }] = items;
    assert.match(metadata.name, /^tick-manual-\w{5}$/);
    assert.equal(metadata.labels.is, 'tick');
    assert.deepEqual(metadata.annotations, {
      'cronjob.kubernetes.io/instantiate': 'manual',
      note: '$object',
    });
    assert.deepEqual(metadata.ownerReferences, [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        name: 'tick',
        uid: made.metadata.uid,
        controller: true,
      },
    ]);
    await button('Suspend').click();
    await confirm('Suspend');
    await isGone();
    assert.equal((await read(`${BATCH}/cronjobs/tick`)).spec.suspend, true);
    await button('Resume').click();
    await confirm('Resume');
    await isGone();
    assert.equal((await read(`${BATCH}/cronjobs/tick`)).spec.suspend, false);
  });

  it('cordons and uncordons a node', async () => {
    await open('/object/core/v1/nodes/-/node-b');
    for (const [name, is] of [
      ['Cordon', true],
      ['Uncordon', undefined],
    ] as const) {
      await button(name).click();
      await dialog().getByText('node-b').waitFor(WAIT);
      await confirm(name);
      await isGone();
      assert.equal((await read('/api/v1/nodes/node-b')).spec.unschedulable, is);
    }
  });

  it('deletes several at once, and names them before', async () => {
    for (const name of ['one', 'two', 'three', 'four'])
      await put(stage.api, `${DEFAULT}/configmaps`, { metadata: { name: `cm-${name}` } });
    await open('/kind/core/v1/configmaps?filter=cm-');
    await page.getByText('4 of').waitFor(WAIT);
    // By keyboard alone: the rows are in order four, one, three, two.
    await choose('default/cm-four').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Space');
    await page.getByText('2 selected').waitFor(WAIT);
    await choose('default/cm-two').click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').waitFor(WAIT);
    // Nothing is chosen that the filter hides.
    await page.getByLabel('Filter').fill('cm-t');
    await page.getByText('2 selected').waitFor(WAIT);
    await button('Delete').click();
    const named = ['default/cm-three', 'default/cm-two'];
    await becomes(
      async () => (await dialog().locator('li').allTextContents()).map((t) => t.trim()),
      named,
    );
    await dialog().getByRole('heading', { name: 'Delete: 2 × ConfigMap' }).waitFor(WAIT);
    await page.keyboard.press('Escape');
    await isGone();
    assert.equal((await read(`${DEFAULT}/configmaps`)).items.length, 4);
    await button('Delete').click();
    await confirm('Delete');
    await isGone();
    await page.getByText('Nothing here').waitFor(WAIT);
    const left = (await read(`${DEFAULT}/configmaps`)).items.map((i: Json) => i.metadata.name);
    assert.deepEqual(left, ['cm-four', 'cm-one']);
  });

  it('never acts on another object of the same name', async () => {
    const path = `${DEFAULT}/configmaps`;
    await put(stage.api, path, { metadata: { name: 'twin' } });
    await put(stage.api, path, { metadata: { name: 'plain' } });
    await open('/kind/core/v1/configmaps');
    await choose('default/twin').check();
    await choose('default/plain').check();
    await button('Delete').click();
    await stage.api.ok(stage.api.delete(`${path}/twin`));
    const second = await put(stage.api, path, { metadata: { name: 'twin' } });
    await confirm('Delete');
    // The others are done; this one says why it is not.
    await dialog().getByRole('alert').getByText('no longer the one that you saw').waitFor(WAIT);
    await dialog().getByText('the UID in the precondition').waitFor(WAIT);
    await becomes(
      async () => (await read(path)).items.filter((i: Json) => i.metadata.name === 'plain'),
      [],
    );
    assert.equal((await read(`${path}/twin`)).metadata.uid, second.metadata.uid);
    await confirm('Cancel');
    // It is not chosen in the place of the first.
    await becomes(() => choose('default/twin').isChecked(), false);
    for (const [name, verb] of [
      ['web', 'Scale'],
      ['web', 'Restart'],
    ] as const) {
      const target = `${APPS}/deployments/${name}`;
      await open(`${WEB}/${name}`);
      await button(verb).click();
      await stage.api.ok(stage.api.delete(target));
      await put(stage.api, `${APPS}/deployments`, deployment(name, 2, 2));
      await confirm(verb);
      await dialog().getByText('UID in precondition').waitFor(WAIT);
      assert.equal((await read(target)).metadata.generation, 1);
      await confirm('Cancel');
    }
  });

  it('adds a container to the pod that was seen, and to no other', async () => {
    const path = `${DEFAULT}/pods`;
    await put(stage.api, path, pod('ill', 'node-b'));
    const debug = async () => {
      await button('Debug').click();
      await dialog().getByLabel('Image').fill('busybox:1');
    };
    const added = async () => (await read(`${path}/ill`)).spec.ephemeralContainers ?? [];
    await open('/object/core/v1/pods/default/ill');
    await debug();
    await stage.api.ok(stage.api.delete(`${path}/ill`));
    await put(stage.api, path, pod('ill', 'node-b'));
    await confirm('Debug');
    await dialog().getByText('UID in precondition').waitFor(WAIT);
    assert.deepEqual(await added(), []);
    await confirm('Cancel');
    for (const count of [1, 2]) {
      await debug();
      await confirm('Debug');
      await isGone();
      assert.equal((await added()).length, count);
    }
    const [{ name, image, stdin, tty }] = await added();
    assert.match(name, /^debugger-\w+$/);
    assert.deepEqual([image, stdin, tty], ['busybox:1', true, true]);
    await stage.api.ok(stage.api.delete(`${path}/ill`));
  });

  it('shows what objects are called and say as text', async () => {
    const text = '<img src=x onerror="document.title=\'hacked\'">';
    await put(stage.api, `${RBAC}/clusterroles`, {
      metadata: { name: text.replaceAll('/', ''), annotations: { text } },
      rules: [],
    });
    await open('/kind/rbac.authorization.k8s.io/v1/clusterroles?filter=img');
    await choose(text).check();
    await button('Delete').click();
    await dialog().getByText(text).waitFor(WAIT);
    assert.equal(await page.locator('main img, dialog img').count(), 0);
    await confirm('Delete');
    await isGone();
  });

  it('drains a node within the budgets, and says what it waits for', async () => {
    const { api } = stage;
    const owned = (kind: string) => ({
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'o', uid: 'u', controller: true }],
    });
    await put(api, `${DEFAULT}/pods`, pod('free', 'node-a', undefined, owned('ReplicaSet')));
    await put(api, `${DEFAULT}/pods`, pod('held', 'node-a', undefined, owned('ReplicaSet')));
    await put(api, `${DEFAULT}/pods`, pod('daemon', 'node-a', undefined, owned('DaemonSet')));
    await put(api, `${DEFAULT}/pods`, pod('single', 'node-a'));
    await put(api, `${DEFAULT}/pods`, pod('elsewhere', 'node-b'));
    const budget = `${POLICY}/poddisruptionbudgets`;
    await put(api, budget, {
      metadata: { name: 'keep' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'held' } } },
      status: {
        observedGeneration: 1,
        disruptionsAllowed: 0,
        currentHealthy: 1,
        desiredHealthy: 1,
        expectedPods: 1,
      },
    });
    const names = async () =>
      (await read(`${DEFAULT}/pods`)).items.map((i: Json) => i.metadata.name).sort();
    await open('/object/core/v1/nodes/-/node-a');
    await button('Drain').click();
    // A pod that nobody starts again is lost only when the visitor says so.
    await dialog().getByText('default/single').first().waitFor(WAIT);
    assert.equal(await dialog().getByText('default/daemon').count(), 0);
    await confirm('Drain');
    assert.equal((await read('/api/v1/nodes/node-a')).spec.unschedulable, undefined);
    await dialog().getByLabel('These pods are lost').check();
    await confirm('Drain');
    await dialog().getByText('3 / 4').waitFor(WAIT);
    await dialog()
      .getByText("Cannot evict pod as it would violate the pod's disruption budget.")
      .waitFor(WAIT);
    assert.equal((await read('/api/v1/nodes/node-a')).spec.unschedulable, true);
    assert.deepEqual(await names(), ['daemon', 'elsewhere', 'held']);
    await api.ok(
      api.patch(`${budget}/keep/status`, 'application/merge-patch+json', {
        status: { disruptionsAllowed: 1, currentHealthy: 2 },
      }),
    );
    await isGone();
    assert.deepEqual(await names(), ['daemon', 'elsewhere']);
    await button('Uncordon').waitFor(WAIT);
  });

  it('offers nothing to those who may only look, and in each namespace what is allowed there', async () => {
    const reader = await stage.proxy('reader');
    /** Everything that the page asked has been answered. */
    const answered = async () => {
      await page.locator('tbody tr, pre.yaml, .error').first().waitFor(WAIT);
      await page.waitForLoadState('networkidle', WAIT);
    };
    for (const space of ['default', 'other'])
      await put(stage.api, `/api/v1/namespaces/${space}/configmaps`, {
        metadata: { name: `in-${space}` },
      });
    const create = () => page.getByRole('link', { name: 'Create' });
    const edit = page.getByRole('button', { name: 'Edit', exact: true });
    // The roles hold for the namespace default alone.
    await open('/kind/core/v1/configmaps?filter=in-', reader);
    await choose('default/in-default').waitFor(WAIT);
    await choose('Select all').click();
    await page.getByText('1 selected').waitFor(WAIT);
    assert.equal(await choose('other/in-other').count(), 0);
    await button('Delete').waitFor(WAIT);
    assert.equal(await create().count(), 0);
    await open('/kind/core/v1/configmaps?namespace=default', reader);
    await create().waitFor(WAIT);
    await open('/object/core/v1/configmaps/default/in-default', reader);
    await edit.waitFor(WAIT);
    for (const path of [
      '/kind/core/v1/configmaps?namespace=other',
      '/kind/core/v1/namespaces',
      '/nodes',
    ]) {
      await page.goto('about:blank');
      await open(path, reader);
      await answered();
      assert.equal(await page.getByRole('checkbox').count(), 0, path);
      assert.equal(await create().count(), 0, path);
    }
    await open('/object/core/v1/configmaps/other/in-other', reader);
    await page.locator('pre.yaml').getByText('name: in-other').waitFor(WAIT);
    await answered();
    assert.equal(await edit.count(), 0);
    assert.equal(await page.getByRole('group', { name: 'Actions' }).getByRole('button').count(), 0);
  });

  it('asks the next visitor nothing that it asked the last one', async () => {
    await put(stage.api, `${DEFAULT}/configmaps`, { metadata: { name: 'asked' } });
    const accounts = `${DEFAULT}/serviceaccounts`;
    await put(stage.api, `${RBAC}/clusterrolebindings`, {
      metadata: { name: 'admins' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'cluster-admin',
      },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
    });
    const token = async (): Promise<string> =>
      (await stage.api.ok(stage.api.post(`${accounts}/default/token`, { spec: {} }), 201)).status
        .token;
    await page.goto(`${stage.server.url}/ui/`);
    await signIn(page, await token());
    await page.getByRole('link', { name: 'All kinds' }).click();
    await page.getByRole('link', { name: 'ConfigMap', exact: true }).click();
    await choose('default/asked').check();
    await button('Delete').click();
    // The token ends while the dialog asks.
    await page.route('**/configmaps/asked?*', (route) => route.fulfill({ status: 401 }));
    await confirm('Delete');
    await page
      .getByRole('heading', { name: 'The server no longer accepts your token' })
      .waitFor(WAIT);
    await isGone();
    await signIn(page, await token());
    await choose('default/asked').waitFor(WAIT);
    await isGone();
    assert.equal(await choose('default/asked').isChecked(), false);
  });

  it('lets no page of another origin act, also through the proxy', async () => {
    // The page of somebody else, on the same machine but another name.
    const foreign = createServer((_, answer) =>
      answer.writeHead(200, { 'content-type': 'text/html' }).end('<p>foreign</p>'),
    ).listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    const { port } = foreign.address() as AddressInfo;
    const path = `${DEFAULT}/configmaps`;
    /** A request that browsers send without asking the server before. */
    const post = (name: string) =>
      page.evaluate(`fetch('${url}${path}', {
        method: 'POST',
        mode: 'no-cors',
        body: new Blob(['{"metadata":{"name":"${name}"}}']),
      }).then((answer) => answer.text(), String)`);
    const frame = (): Promise<number> =>
      page.evaluate(`new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.onload = () => resolve(frame.contentWindow.length);
        frame.src = '${url}/ui/';
        document.body.append(frame);
      })`);
    const present = async (name: string) => (await stage.api.get(`${path}/${name}`)).status;
    await page.goto(`http://localhost:${port}/`);
    await post('forged');
    assert.equal(await present('forged'), 404);
    await frame();
    const [, framed] = page.frames();
    await becomes(() => framed!.locator('#app').count(), 0);
    // The same request of the UI's own origin is what the UI sends.
    await open('/pods');
    await post('own');
    assert.equal(await present('own'), 200);
    foreign.close();
  });
});
