// `kubectl rolling-update` and `kubectl stop`, the plugins, by the real kubectl on hollow nodes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { REPLICATION_CONTROLLERS } from '../../pkg/apis/resource-types.js';
import type { ReplicationController } from '../../pkg/apis/core/v1/types.js';
import { eventually, type ControlPlane } from '../support/control-plane.js';
import { startHollowCluster } from '../support/hollow-cluster.js';
import { createKubectl, type Kubectl, type KubectlResult } from '../support/kubectl-process.js';
import { ROOT } from '../support/root.js';

const PLUGINS = { PATH: `${join(ROOT, 'hack/plugins')}:${process.env['PATH'] ?? ''}` };
const FAST = ['--update-period=10ms', '--poll-interval=50ms'];

const controller = (name: string, labels: object, replicas?: number): object => ({
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name },
  spec: {
    ...(replicas === undefined ? {} : { replicas }),
    selector: labels,
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'demo:one' }] } },
  },
});

describe('kubectl plugins', function () {
  this.timeout(120_000);
  let plane: ControlPlane;
  let kubectl: Kubectl;
  let ns = '';

  before(async () => {
    plane = await startHollowCluster(2);
    kubectl = await createKubectl(plane.api.kubeconfig);
  });
  beforeEach(async () => {
    ns = await plane.namespace();
  });
  after(async () => {
    await kubectl.close();
    await plane.stop();
  });

  const plugin = (words: string[], input?: object): Promise<KubectlResult> =>
    kubectl.run([...words, '-n', ns], input && JSON.stringify(input), PLUGINS);
  const update = (words: string[], input?: object) =>
    plugin(['rolling-update', ...words, ...FAST], input);
  const ok = async (words: string[], input?: object): Promise<string> => {
    const { code, stdout, stderr } = await update(words, input);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const find = (name: string): Promise<ReplicationController | undefined> =>
    plane.client.get(REPLICATION_CONTROLLERS, { namespace: ns, name }).catch(() => undefined);
  const ready = (name: string, replicas: number) =>
    eventually(`${name} ready`, async () => (await find(name))?.status?.readyReplicas === replicas);
  const made = async (name: string, labels: object, replicas: number): Promise<void> => {
    await kubectl.ok(
      ['-n', ns, 'create', '-f', '-'],
      JSON.stringify(controller(name, labels, replicas)),
    );
    await ready(name, replicas);
  };
  const podNames = async (labelSelector: string): Promise<string[]> =>
    (await plane.pods(ns, labelSelector))
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map(({ metadata }) => metadata.name)
      .sort();

  const OLD = { app: 'demo', version: 'one' };
  const NEW = { app: 'demo', version: 'two' };

  it('moves the pods one at a time, in the words of kubectl 1.0', async () => {
    await made('one', OLD, 3);
    const output = await ok(['one', '-f', '-'], controller('two', NEW));
    assert.equal(
      output,
      [
        'Creating two',
        'Updating one replicas: 2, two replicas: 1',
        'Updating one replicas: 1, two replicas: 2',
        'Updating one replicas: 0, two replicas: 3',
        'Update succeeded. Deleting one',
        'two',
        '',
      ].join('\n'),
    );
    assert.equal(await find('one'), undefined);
    const two = await find('two');
    assert.equal(two?.status?.readyReplicas, 3);
    assert.deepEqual(two.metadata.annotations ?? {}, {});
    assert.equal((await podNames('version=two')).length, 3);
  });

  for (const [replicas, last] of [
    [1, 'Stopping one replicas: 1 -> 0'],
    [3, 'Scaling two replicas: 2 -> 3'],
  ] as const)
    it(`ends with ${replicas} pods instead of 2`, async () => {
      await made('one', OLD, 2);
      const output = await ok(['one', '-f', '-'], controller('two', NEW, replicas));
      assert.ok(output.includes(`${last}\n`), output);
      assert.equal((await find('two'))?.status?.readyReplicas, replicas);
    });

  it('takes another image under the old name, and keeps the new pods', async () => {
    await made('demo', { app: 'demo' }, 2);
    const output = await ok(['demo', '--image=demo:two']);
    const next = /Creating (demo-\w+)/.exec(output)?.[1];
    assert.ok(output.endsWith(`Renaming ${next} to demo\ndemo\n`), output);
    await ready('demo', 2);
    const demo = await find('demo');
    assert.equal(demo?.spec.template?.spec?.containers[0]?.image, 'demo:two');
    assert.deepEqual(demo.metadata.annotations ?? {}, {});
    const pods = await podNames('app=demo');
    assert.equal(pods.length, 2);
    assert.ok(
      pods.every((name) => name.startsWith(`${next}-`)),
      `pods moved along: ${pods.join()}`,
    );
    await ok(['demo', '--image=demo:three']);
    await ready('demo', 2);
    assert.equal((await find(next!))?.metadata.name, undefined);
  });

  it('keeps count of pods that carry the label already', async () => {
    const labelled = controller('demo', { app: 'demo' }, 2) as {
      spec: { template: { metadata: { labels: object } } };
    };
    labelled.spec.template.metadata.labels = { app: 'demo', deployment: 'mine' };
    await kubectl.ok(['-n', ns, 'create', '-f', '-'], JSON.stringify(labelled));
    await ready('demo', 2);
    await ok(['demo', '--image=demo:two']);
    await ready('demo', 2);
    assert.equal((await podNames('app=demo')).length, 2, 'no pod is left behind');
  });

  it('goes on after a kill, and takes the way back', async () => {
    await made('one', OLD, 3);
    const args = ['rolling-update', 'one', '-f', '-', '-n', ns, '--poll-interval=50ms'];
    const child = spawn('kubectl', [...args, '--update-period=10m'], {
      env: { ...process.env, ...PLUGINS, KUBECONFIG: plane.api.kubeconfig },
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    child.stdin.end(JSON.stringify(controller('two', NEW)));
    await ready('two', 1);
    process.kill(-child.pid!, 'SIGKILL');
    const again = await ok(['one', '-f', '-'], controller('two', NEW));
    assert.match(
      again,
      /^Continuing update with existing controller two\.\nUpdating one replicas: 2, /,
    );
    assert.equal((await find('two'))?.status?.readyReplicas, 3);

    await made('three', { ...NEW, version: 'three' }, 1);
    const half = await update(['two', '-f', '-', '--timeout=300ms'], {
      ...controller('four', { ...NEW, version: 'four' }),
      spec: {
        selector: { app: 'demo', version: 'four' },
        template: {
          metadata: { labels: { app: 'demo', version: 'four' } },
          spec: { nodeSelector: { no: 'where' }, containers: [{ name: 'c', image: 'demo:four' }] },
        },
      },
    });
    assert.equal(half.code, 1);
    assert.match(half.stderr, /^error: timed out waiting for the condition/);
    const back = await ok(['two', 'four', '--rollback']);
    assert.match(back, /Update succeeded\. Deleting four\ntwo\n$/);
    assert.equal(await find('four'), undefined);
    assert.equal((await find('two'))?.status?.readyReplicas, 3);
    assert.deepEqual((await find('two'))?.metadata.annotations ?? {}, {});
  });

  it('finishes a change of the name that was interrupted at any point', async () => {
    const source = (uid: string) => ({ 'kubectl.kubernetes.io/update-source-id': `demo:${uid}` });
    const labels = { app: 'demo', deployment: 'x' };
    for (const point of ['before the deletion', 'after the deletion', 'after the creation']) {
      const next = {
        ...controller('demo-x', labels, 2),
        metadata: { name: 'demo-x', annotations: source('u') },
      };
      await kubectl.ok(['-n', ns, 'create', '-f', '-'], JSON.stringify(next));
      await ready('demo-x', 2);
      const pods = await podNames('app=demo');
      if (point !== 'before the deletion') {
        const finalizers = ['kubectl.kubernetes.io/renaming'];
        await plane.client.patch(
          REPLICATION_CONTROLLERS,
          { namespace: ns, name: 'demo-x' },
          { metadata: { finalizers } },
          { type: 'merge' },
        );
        await kubectl.ok(['-n', ns, 'delete', 'rc', 'demo-x', '--cascade=orphan', '--wait=false']);
      }
      if (point === 'after the creation') {
        await eventually('orphans', async () =>
          (await plane.pods(ns)).every(({ metadata }) => !metadata.ownerReferences?.length),
        );
        await kubectl.ok(
          ['-n', ns, 'create', '-f', '-'],
          JSON.stringify(controller('demo', labels, 2)),
        );
      }
      assert.equal(await ok(['demo', '--image=demo:two']), 'Renaming demo-x to demo\n', point);
      await ready('demo', 2);
      await eventually('the old name is free', async () => !(await find('demo-x')));
      assert.deepEqual(await podNames('app=demo'), pods, point);
      await plugin(['stop', 'rc', 'demo']);
      await eventually('pods are gone', async () => !(await plane.pods(ns)).length);
    }
  });

  it('shows both controllers for a dry run, and changes nothing', async () => {
    await made('demo', { app: 'demo' }, 1);
    const output = await ok(['demo', 'next', '--image=demo:two', '--dry-run']);
    assert.match(
      output,
      /^Rolling from:\nCONTROLLER +CONTAINER\(S\) +IMAGE\(S\) +SELECTOR +REPLICAS\ndemo +c +demo:one +app=demo,deployment=\w+ +1\nTo:\n.*\nnext +c +demo:two +app=demo,deployment=\w+ +1\n/,
    );
    assert.equal(await find('next'), undefined);
    assert.deepEqual((await find('demo'))?.spec.selector, { app: 'demo' });
  });

  it('refuses what cannot be done', async () => {
    await made('one', OLD, 1);
    const refusals: [string[], object | undefined, RegExp][] = [
      [['one'], undefined, /^error: Must specify --filename or --image for new controller\n/],
      [
        ['one', '-f', 'x', '--image=y'],
        undefined,
        /--filename and --image can not both be specified/,
      ],
      [
        ['one', '--rollback', '--image=y'],
        undefined,
        /Don't specify --filename or --image on rollback/,
      ],
      [['--image=y'], undefined, /Must specify the controller to update/],
      [['one', 'one', '--image=y'], undefined, /one cannot have the same name as the existing/],
      [
        ['none', '--image=y'],
        undefined,
        /^Error from server \(NotFound\): replicationcontrollers "none" not found/,
      ],
      [['one', '--rollback'], undefined, /Could not find a controller to rollback/],
      [['one', '--image=demo:one'], undefined, /Specified --image must be distinct from existing/],
      [
        ['one', '-f', '-'],
        controller('one', NEW),
        /cannot have the same name as the existing ReplicationController one/,
      ],
      [
        ['one', '-f', '-'],
        controller('two', OLD),
        /must specify a matching key with non-equal value in Selector for one/,
      ],
      [
        ['one', '-f', '-'],
        controller('two', NEW, 0),
        /Invalid controller spec for two; required: > 0 replicas, actual: 0/,
      ],
      [
        ['one', '-f', '-'],
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } },
        /contains a ConfigMap not a ReplicationController/,
      ],
      [['one', '--image=y', '--poll-interval=x'], undefined, /invalid value for --poll-interval/],
      [['one', '--image=y', '--what'], undefined, /unknown option '--what'/],
    ];
    for (const [words, input, expected] of refusals) {
      const { code, stderr } = await update(words, input);
      assert.notEqual(code, 0, words.join(' '));
      assert.match(stderr, expected);
    }
    await made('two', NEW, 1);
    const { stderr } = await update(['one', '-f', '-'], controller('two', NEW));
    assert.match(
      stderr,
      /^error: Missing\/unexpected annotations for controller two, expected one:/,
    );
    assert.equal((await find('one'))?.spec.replicas, 1);
  });

  it('stops workloads by name, label and file, and deletes other objects', async () => {
    await made('one', OLD, 2);
    await made('two', NEW, 1);
    const sts = {
      ...controller('set', { app: 'set' }, 1),
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
    };
    const objects = [
      {
        ...sts,
        spec: {
          ...(sts as unknown as { spec: object }).spec,
          serviceName: 's',
          selector: { matchLabels: { app: 'set' } },
        },
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' } },
    ];
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    await kubectl.ok(['-n', ns, 'create', '-f', '-'], JSON.stringify(list));
    const stop = async (words: string[], input?: object) => {
      const { code, stdout, stderr } = await plugin(['stop', ...words], input);
      return code === 0 ? stdout : stderr;
    };
    await kubectl.ok(['-n', ns, 'label', 'rc', 'one', 'two', 'tier=x']);
    assert.match(
      await stop(['rc']),
      /^error: resource\(s\) were provided, but no name, label selector, or --all flag specified/,
    );
    assert.match(await stop([]), /you must provide one or more resources/);
    assert.match(await stop(['rc', 'none']), /^Error from server \(NotFound\)/);
    assert.equal(
      await stop(['rc', '-l', 'tier in (x, y)']),
      `replicationcontroller "one" deleted\nreplicationcontroller "two" deleted\n`,
    );
    assert.equal(
      await stop(['-f', '-'], list),
      `statefulset.apps "set" deleted\nconfigmap "map" deleted\n`,
    );
    await eventually('no pods', async () => !(await plane.pods(ns)).length);
    assert.equal(await stop(['rc', '--all']), 'No resources found\n');
  });
});
