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
      '--timeout=10s',
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
      '--timeout=20s',
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
});
