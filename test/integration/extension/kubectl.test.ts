// The real kubectl on custom resources.
import assert from 'node:assert/strict';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { createKubectl, type Kubectl } from '../../support/kubectl-process.js';
import { Api } from '../apiserver/harness.js';
import { widget, widgets, WIDGET_V1 } from './crds.js';

const G = 'shop.example.com';
const PATH = `/apis/${G}/v1/namespaces/default/widgets`;
const text = (object: unknown) => JSON.stringify(object);

describe('kubectl on custom resources', function () {
  this.timeout(120_000);
  let server: RunningApiServer;
  let kubectl: Kubectl;
  let api: Api;

  before(async () => {
    server = await startApiServer();
    await server.ready();
    kubectl = await createKubectl(server.kubeconfig);
    api = new Api(server);
    await kubectl.ok(['apply', '-f', '-'], text(widgets(G)));
    await kubectl.ok([
      'wait',
      '--for=condition=Established',
      'crd',
      `widgets.${G}`,
      '--timeout=60s',
    ]);
  });
  after(async () => {
    api.close();
    await kubectl.close();
    await server.stop();
  });

  it('creates, shows, waits and scales', async () => {
    assert.equal(
      await kubectl.ok(['create', '-f', '-'], text(widget(G, 'ball', { colour: 'red' }))),
      `widget.${G}/ball created\n`,
    );
    assert.match(await kubectl.ok(['get', 'wd']), /^NAME +COLOUR +WANTED\nball +red +1 *\n$/);
    assert.match(await kubectl.ok(['get', 'all']), /widget\.shop\.example\.com\/ball/);
    assert.equal(
      await kubectl.ok(['get', 'widgets', '-o', 'name', '--field-selector', 'spec.colour=blue']),
      '',
    );
    assert.equal(
      await kubectl.ok(['get', 'widgets', '-o', 'name', '--field-selector', 'spec.colour=red']),
      `widget.${G}/ball\n`,
    );
    await kubectl.ok(['scale', 'widget/ball', '--replicas=3']);
    assert.equal(
      await kubectl.ok(['get', 'widget', 'ball', '-o', 'jsonpath={.spec.replicas}']),
      '3',
    );
    const waiting = kubectl.ok([
      'wait',
      '--for=jsonpath={.status.phase}=Done',
      'widget/ball',
      '--timeout=60s',
    ]);
    const done = { status: { phase: 'Done', replicas: 3 } };
    await api.ok(api.patch(`${PATH}/ball/status`, 'application/merge-patch+json', done));
    assert.match(await waiting, /condition met/);
    const { metadata } = await api.ok(api.get(`${PATH}/ball`));
    assert.equal(metadata.generation, 2, 'the status is no spec');
  });

  it('applies on the server by the keys of lists', async () => {
    const parts = (...list: object[]) => widget(G, 'box', { parts: list });
    const apply = (manager: string, object: object) =>
      kubectl.ok(['apply', '--server-side', `--field-manager=${manager}`, '-f', '-'], text(object));
    await apply('one', parts({ name: 'a', size: 1 }));
    await apply('two', parts({ name: 'b', size: 2 }));
    const box = await api.ok(api.get(`${PATH}/box`));
    assert.deepEqual(box.spec.parts, [
      { name: 'a', size: 1 },
      { name: 'b', size: 2 },
    ]);
    const conflict = await kubectl.run(
      ['apply', '--server-side', '--field-manager=two', '-f', '-'],
      text(parts({ name: 'a', size: 9 })),
    );
    assert.match(conflict.stderr, /conflict with "one": \.spec\.parts\[name="a"\]\.size/);
    await apply('one', parts());
    assert.deepEqual((await api.ok(api.get(`${PATH}/box`))).spec.parts, [{ name: 'b', size: 2 }]);
  });

  it('applies on the client, diffs, edits and deletes', async () => {
    const tin = widget(G, 'tin', { colour: 'grey' });
    await kubectl.ok(['apply', '-f', '-'], text(tin));
    const changed = text(widget(G, 'tin', { colour: 'green' }));
    const diff = await kubectl.run(['diff', '-f', '-'], changed);
    assert.match(diff.stdout, /-  colour: grey\n\+  colour: green/);
    assert.equal(diff.code, 1);
    await kubectl.ok(['apply', '-f', '-'], changed);
    await kubectl.run(['edit', 'widget', 'tin'], '', { KUBE_EDITOR: 'sed -i s/green/black/' });
    assert.equal((await api.ok(api.get(`${PATH}/tin`))).spec.colour, 'black');
    const unknown = await kubectl.run(['apply', '-f', '-'], text(widget(G, 'tin', { color: 'x' })));
    assert.match(unknown.stderr, /strict decoding error: unknown field "spec\.color"/);
    assert.equal(await kubectl.ok(['delete', 'widget', 'tin']), `widget.${G} "tin" deleted\n`);
  });

  it('explains them, also when their schema has changed', async () => {
    assert.match(
      await kubectl.ok(['explain', 'widgets.spec']),
      /colour\t<string>\n {4}Colour of the paint\./,
    );
    const schema = structuredClone(WIDGET_V1.schema!.openAPIV3Schema!);
    schema.properties!['spec']!.properties!['weight'] = {
      type: 'integer',
      description: 'In grams.',
    };
    const version = { ...WIDGET_V1, schema: { openAPIV3Schema: schema } };
    await kubectl.ok(['apply', '-f', '-'], text(widgets(G, [version])));
    assert.match(await kubectl.ok(['explain', 'widgets.spec.weight']), /In grams\./);
  });

  describe('of several versions', () => {
    const G2 = 'toys.example.com';
    const G2_PATH = `/apis/${G2}/v1/namespaces/default/widgets`;

    before(async () => {
      const old = {
        ...WIDGET_V1,
        name: 'v1beta1',
        storage: false,
        deprecated: true,
        deprecationWarning: 'toys.example.com/v1beta1 goes away; use v1',
        additionalPrinterColumns: [
          { name: 'Paint', type: 'string', jsonPath: '.spec.colour' },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase', priority: 1 },
        ],
      };
      await kubectl.ok(['apply', '-f', '-'], text(widgets(G2, [WIDGET_V1, old])));
      await kubectl.ok(['wait', '--for=condition=Established', 'crd', `widgets.${G2}`]);
      for (const [name, colour] of [
        ['a', 'red'],
        ['b', 'blue'],
        ['c', 'red'],
      ])
        await kubectl.ok(['create', '-f', '-'], text(widget(G2, name!, { colour })));
    });

    it('shows each with its own columns, and warns of the deprecated one', async () => {
      const old = await kubectl.run(['get', `widgets.v1beta1.${G2}`, 'a']);
      assert.match(old.stdout, /^NAME +PAINT\na +red *\n$/);
      assert.match(old.stderr, /^Warning: toys\.example\.com\/v1beta1 goes away; use v1/m);
      const wide = await kubectl.ok(['get', `widgets.v1beta1.${G2}`, '-o', 'wide']);
      assert.match(wide, /^NAME +PAINT +PHASE\na +red *\nb +blue *\nc +red *\n$/);
      assert.match(await kubectl.ok(['get', `widgets.${G2}`]), /^NAME +COLOUR +WANTED\n/);
      assert.match(
        await kubectl.ok(['api-resources', `--api-group=${G2}`, '-o', 'wide', '--no-headers']),
        /^widgets +wd +toys\.example\.com\/v1 +true +Widget +delete,deletecollection,get,list,patch,create,update,watch +all\n$/,
      );
    });

    it('selects by fields, sorts, labels, and deletes what was selected', async () => {
      const names = async (...more: string[]) =>
        (await kubectl.ok(['get', `widgets.${G2}`, '-o', 'name', ...more]))
          .trim()
          .split('\n')
          .map((line) => line.split('/')[1] ?? '');
      assert.deepEqual(await names('--field-selector=spec.colour=red'), ['a', 'c']);
      assert.deepEqual(await names('--field-selector=spec.colour!=red'), ['b']);
      assert.deepEqual(await names('--sort-by=.spec.colour'), ['b', 'a', 'c']);
      const wrong = await kubectl.run(['get', `widgets.${G2}`, '--field-selector=spec.size=1']);
      assert.match(wrong.stderr, /field label not supported: spec\.size/);
      await kubectl.ok(['label', `widgets.${G2}`, 'a', 'b', 'keep=no']);
      await kubectl.ok(['annotate', `widgets.${G2}`, 'c', 'note=kept']);
      assert.deepEqual(await names('-l', 'keep=no'), ['a', 'b']);
      assert.match(
        await kubectl.ok(['describe', `widgets.${G2}`, 'c']),
        /^Name: +c\nNamespace: +default\nLabels: +<none>\nAnnotations: +note: kept\nAPI Version: +toys\.example\.com\/v1\nKind: +Widget\n[^]*Spec:\n +Colour: +red\n/,
      );
      await kubectl.ok(['delete', `widgets.${G2}`, '-l', 'keep=no']);
      assert.deepEqual(await names(), ['c']);
    });

    it('patches in three ways, and refuses the strategic one', async () => {
      const patch = (type: string, body: unknown) =>
        kubectl.run(['patch', `widgets.${G2}`, 'c', `--type=${type}`, '-p', text(body)]);
      const colour = async () => (await api.ok(api.get(`${G2_PATH}/c`))).spec.colour;
      assert.equal((await patch('merge', { spec: { colour: 'green' } })).code, 0);
      assert.equal(await colour(), 'green');
      const operations = [{ op: 'replace', path: '/spec/colour', value: 'white' }];
      assert.equal((await patch('json', operations)).code, 0);
      assert.equal(await colour(), 'white');
      const refused = await patch('strategic', { spec: { colour: 'x' } });
      assert.match(
        refused.stderr,
        /the body of the request was in an unknown format - accepted media types include: application\/json-patch\+json, application\/merge-patch\+json, application\/apply-patch\+yaml/,
      );
      const status = ['--subresource=status', '--type=merge', '-p', '{"status":{"phase":"Done"}}'];
      await kubectl.ok(['patch', `widgets.${G2}`, 'c', ...status]);
      const { status: written, metadata } = await api.ok(api.get(`${G2_PATH}/c`));
      assert.deepEqual([written.phase, metadata.generation], ['Done', 3]);
    });

    it('shows differences of a server-side apply, and writes nothing in a dry run', async () => {
      const changed = text(widget(G2, 'c', { colour: 'black', replicas: 4 }));
      const server = ['--server-side', '--field-manager=me', '--force-conflicts'];
      const diff = await kubectl.run(['diff', ...server, '-f', '-'], changed);
      assert.match(
        diff.stdout,
        /-  colour: white\n-  replicas: 1\n\+  colour: black\n\+  replicas: 4/,
      );
      assert.equal(diff.code, 1);
      const dry = await kubectl.ok(['apply', ...server, '--dry-run=server', '-f', '-'], changed);
      assert.match(dry, /widget\.toys\.example\.com\/c serverside-applied \(server dry run\)/);
      assert.equal((await api.ok(api.get(`${G2_PATH}/c`))).spec.colour, 'white');
      await kubectl.ok(['apply', ...server, '-f', '-'], changed);
      assert.equal((await kubectl.run(['diff', ...server, '-f', '-'], changed)).code, 0);
    });

    it('waits for a field, for deletion, and while a version is served no more', async () => {
      const gone = kubectl.ok(['wait', '--for=delete', `widgets.${G2}/c`, '--timeout=60s']);
      await kubectl.ok(['delete', `widgets.${G2}`, 'c']);
      await gone;
      await kubectl.ok(['apply', '-f', '-'], text(widgets(G2, [WIDGET_V1])));
      const none = await kubectl.run(['get', `widgets.v1beta1.${G2}`, '--cache-dir=/nonexistent']);
      assert.match(none.stderr, /the server doesn't have a resource type "widgets"/);
    });
  });
});
