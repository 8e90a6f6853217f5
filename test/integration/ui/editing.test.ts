// YAML in the web UI: the server tries each change first, the visitor sees the difference, and
// nobody's change is lost.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Json } from '../apiserver/harness.js';
import { becomes, deployment, openStage, put, settles, WAIT, type Stage } from './stage.js';

const DEFAULT = '/api/v1/namespaces/default';
const WEB = '/apis/apps/v1/namespaces/default/deployments/web';
const PAGE = '/object/apps/v1/deployments/default/web?tab=edit';
const LARGE = '9007199254740993';

describe('editing in the web UI', function () {
  this.timeout(180_000);
  let stage: Stage;
  let url: string;
  let page: Page;

  before(async () => {
    stage = await openStage();
    url = await stage.proxy();
    await stage.api.call('POST', `${DEFAULT}/serviceaccounts`, { metadata: { name: 'default' } });
  });
  beforeEach(async () => {
    await stage.api.call('DELETE', WEB);
    await put(stage.api, WEB.replace(/\/web$/, ''), deployment('web', 2, 2));
    page = await stage.page();
  });
  afterEach(() => page.context().close());
  after(() => stage?.stop());

  const text = () => page.getByRole('textbox', { name: 'Object' });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const read = async (path = WEB): Promise<Json> => stage.api.ok(stage.api.get(path));
  const lines =
    (mark: 'ins' | 'del', section = 'web') =>
    async () =>
      (await page.getByRole('region', { name: section }).locator(mark).allTextContents()).map(
        (line) => line.trim(),
      );
  const merge = (body: Json, path = WEB) =>
    stage.api.ok(stage.api.patch(path, 'application/merge-patch+json', body));
  /** Opens the editor and changes its text. */
  const edit = async (from: string, to: string, path = PAGE) => {
    if (!page.url().includes(path)) await page.goto(`${url}/ui/#${path}`);
    await settles(
      () => text().inputValue(WAIT),
      (is) => assert.ok(is.includes(from), is),
    );
    await text().fill((await text().inputValue()).replace(from, to));
  };

  it('shows the difference that the server makes of it, and writes it then alone', async () => {
    const before = await read();
    await edit('replicas: 2', 'replicas: 3');
    assert.doesNotMatch(await text().inputValue(), /status:|managedFields|resourceVersion|uid:/);
    await edit('        name: main', '        name: main\n        tty: true');
    await button('Review the change').click();
    await becomes(lines('del'), ['-  replicas: 2']);
    await becomes(lines('ins'), ['+  replicas: 3', '+        tty: true']);
    assert.equal((await read()).metadata.resourceVersion, before.metadata.resourceVersion);
    await button('Apply').click();
    await page.getByText('Saved: web').waitFor(WAIT);
    const after = await read();
    assert.equal(after.spec.replicas, 3);
    assert.equal(after.spec.template.spec.containers[0].tty, true);
    assert.deepEqual(after.status, before.status);
    // Another change begins with what was saved.
    await button('Review the change').click();
    await page.getByText('This changes nothing.').waitFor(WAIT);
  });

  it('shows what the server says against a change, by field', async () => {
    await edit('replicas: 2', 'replicas: -1');
    await button('Review the change').click();
    const alert = page.getByRole('alert');
    await alert.getByText('is invalid').waitFor(WAIT);
    await becomes(() => alert.locator('code').allTextContents(), ['spec.replicas']);
    await edit('replicas: -1', 'replicaz: 3');
    await button('Review the change').click();
    await alert.getByText('unknown field "spec.replicaz"').waitFor(WAIT);
    await edit('replicaz: 3', 'replicas: [');
    await button('Review the change').click();
    await alert.getByText(/at line \d+/).waitFor(WAIT);
    await becomes(() => button('Apply').count(), 0);
  });

  it('explains a conflict, and loses the change of nobody', async () => {
    await edit('replicas: 2', 'replicas: 3');
    await button('Review the change').click();
    await becomes(lines('ins'), ['+  replicas: 3']);
    await merge({ metadata: { labels: { team: 'blue' } } });
    await button('Apply').click();
    await page.getByRole('alert').getByText('somebody changed it').waitFor(WAIT);
    await page.getByText('the object has been modified').waitFor(WAIT);
    const theirs = 'Changed by somebody else since you began';
    await becomes(lines('ins', theirs), ['+  labels:', '+    team: blue']);
    assert.equal((await read()).spec.replicas, 2);
    await becomes(() => button('Review the change').isDisabled(), true);
    const join = button('Put my change on the new version');
    await join.click();
    assert.match(await text().inputValue(), /team: blue[^]*replicas: 3/);
    await button('Review the change').click();
    await becomes(lines('del'), ['-  replicas: 2']);
    // Both change one line: the visitor sees what she would undo.
    await merge({ spec: { replicas: 9 } });
    await button('Apply').click();
    await join.click();
    assert.match(await text().inputValue(), /team: blue[^]*replicas: 3/);
    await button('Review the change').click();
    await becomes(lines('del'), ['-  replicas: 9']);
    await becomes(lines('ins'), ['+  replicas: 3']);
    await button('Apply').click();
    await page.getByText('Saved: web').waitFor(WAIT);
    const { metadata, spec } = await read();
    assert.deepEqual([metadata.labels, spec.replicas], [{ team: 'blue' }, 3]);
  });

  it('takes a change of the status for no conflict, and another object of the name for one', async () => {
    await edit('replicas: 2', 'replicas: 3');
    await button('Review the change').click();
    await becomes(lines('ins'), ['+  replicas: 3']);
    await merge({ status: { readyReplicas: 1 } }, `${WEB}/status`);
    await button('Apply').click();
    await page.getByText('Saved: web').waitFor(WAIT);
    assert.deepEqual((await read()).status.readyReplicas, 1);
    await edit('replicas: 3', 'replicas: 4');
    await stage.api.ok(stage.api.delete(WEB));
    await put(stage.api, WEB.replace(/\/web$/, ''), deployment('web', 3, 2));
    await button('Review the change').click();
    await page.getByRole('alert').getByText('put another in its place').waitFor(WAIT);
    assert.equal((await read()).spec.replicas, 3);
  });

  it('keeps every digit of large numbers', async () => {
    const group = 'numbers.example.com';
    const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    await put(stage.api, '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: `numbers.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'numbers', kind: 'Number' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } },
        ],
      },
    });
    const path = `/apis/${group}/v1/namespaces/default/numbers`;
    const body = `{"apiVersion":"${group}/v1","kind":"Number","metadata":{"name":"n"},"big":${LARGE},"on":"yes","note":"a"}`;
    await settles(
      () => stage.api.call('POST', path, body),
      ({ status }) => assert.ok([201, 409].includes(status), String(status)),
    );
    await edit('note: a', 'note: b', `/object/${group}/v1/numbers/default/n?tab=edit`);
    await button('Review the change').click();
    await becomes(lines('ins', 'n'), ['+note: b']);
    await button('Apply').click();
    await page.getByText('Saved: n').waitFor(WAIT);
    const stored = (await stage.api.get(`${path}/n`)).bytes.toString();
    assert.match(stored, new RegExp(`"big":${LARGE}\\b`));
    assert.match(stored, /"on":"yes"/);
    assert.match(stored, /"note":"b"/);
  });

  it('creates objects of any kind, all or those that are left', async () => {
    await page.goto(`${url}/ui/#/kind/core/v1/configmaps?namespace=default`);
    await page.getByRole('link', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Create ConfigMap' }).waitFor(WAIT);
    await settles(
      () => text().inputValue(WAIT),
      (is) =>
        assert.match(
          is,
          /^apiVersion: v1\nkind: ConfigMap\nmetadata:\n {2}name: \n {2}namespace: default\n$/,
        ),
    );
    const map = (name: string, more = '') =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${more}}\ndata: {a: "<b>1</b>"}\n`;
    await text().fill(`${map('first')}---\n${map('second')}---\n# nothing\n`);
    await button('Review the change').click();
    await settles(lines('ins', 'first'), (all) =>
      assert.ok(all.includes('+  a: <b>1</b>'), all.join()),
    );
    await page.getByRole('region', { name: 'second' }).waitFor(WAIT);
    assert.equal((await read(`${DEFAULT}/configmaps`)).items.length, 0);
    // Somebody else takes the second name meanwhile.
    await put(stage.api, `${DEFAULT}/configmaps`, { metadata: { name: 'second' } });
    await button('Apply').click();
    await page.getByRole('alert').getByText('configmaps "second" already exists').waitFor(WAIT);
    await page.getByText('Saved: first').waitFor(WAIT);
    await becomes(async () => (await text().inputValue()).match(/name: \w+/g), ['name: second']);
    assert.deepEqual((await read(`${DEFAULT}/configmaps/first`)).data, { a: '<b>1</b>' });
    await text().fill('apiVersion: apps/v1\nkind: Dragon\nmetadata: {name: x}\n');
    await button('Review the change').click();
    await page.getByRole('alert').getByText('does not serve this kind').waitFor(WAIT);
  });
});
