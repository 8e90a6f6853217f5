// Daemon sets and stateful sets against the real API server, with `kubectl rollout`.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  CONTROLLER_REVISIONS,
  DAEMON_SETS,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
  STATEFUL_SETS,
} from '../../../pkg/apis/resource-types.js';
import type { Pod } from '../../../pkg/apis/core/v1/types.js';
import {
  BOUND_MS,
  controlPlane,
  eventually,
  type ControlPlane,
} from '../../support/control-plane.js';

const run = promisify(execFile);
const template = (image: string) => ({
  metadata: { labels: { app: 'x' } } as never,
  spec: { containers: [{ name: 'c', image }] },
});
const selector = { matchLabels: { app: 'x' } };

describe('sets of pods', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let namespace: string;
  controlPlane((...made) => ([plane, namespace] = made));

  const kubectl = async (...args: string[]): Promise<string> =>
    (await run('kubectl', ['--kubeconfig', plane.api.kubeconfig, '-n', namespace, ...args])).stdout;
  const image = (pod: Pod): string => pod.spec.containers[0]!.image!;
  /** Plays the kubelet: makes pods ready and removes those being deleted, until `done`. */
  const play = (what: string, done: (pods: Pod[]) => boolean | Promise<boolean>): Promise<Pod[]> =>
    eventually(what, async () => {
      const pods = await plane.pods(namespace);
      for (const pod of pods) {
        const { deletionTimestamp, name } = pod.metadata;
        if (deletionTimestamp)
          await plane.client
            .delete(PODS, { namespace, name }, { gracePeriodSeconds: 0 })
            .catch(() => undefined);
        else if (pod.status?.phase === 'Pending')
          await plane.setReady(pod, true).catch(() => undefined);
      }
      return (await done(pods)) && pods;
    });

  describe('daemon set', () => {
    const names = ['a', 'b'].map((letter) => `daemon-${process.pid}-${letter}`);
    const createNode = (name: string, labels: Record<string, string>) =>
      plane.client.create(NODES, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels },
        spec: {},
      });
    const target = (pod: Pod) =>
      pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
        ?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0];
    afterEach(async () => {
      for (const name of names) await plane.client.delete(NODES, { name }).catch(() => undefined);
    });

    it('runs on each node, follows changes of nodes, and rolls a new template', async () => {
      await createNode(names[0]!, { pool: namespace });
      await plane.client.create(DAEMON_SETS, {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'd', namespace },
        spec: {
          selector,
          template: {
            ...template('one'),
            spec: { ...template('one').spec, nodeSelector: { pool: namespace } },
          },
        },
      });
      const [first] = await play('one pod', (pods) => pods.length === 1);
      assert.equal(target(first!), names[0]);
      await createNode(names[1]!, { pool: namespace });
      await play('two pods', (pods) => pods.length === 2);
      await eventually('status', async () => {
        const { status } = await plane.client.get(DAEMON_SETS, { namespace, name: 'd' });
        return (
          status?.numberReady === 2 &&
          status.desiredNumberScheduled === 2 &&
          status.updatedNumberScheduled === 2 &&
          status.observedGeneration === 1
        );
      });
      await kubectl('set', 'image', 'ds/d', 'c=two');
      await play(
        'rolled out',
        async (pods) =>
          pods.length === 2 &&
          pods.every((pod) => image(pod) === 'two') &&
          (await kubectl('rollout', 'status', 'ds/d', '--watch=false')).includes(
            'successfully rolled out',
          ),
      );
      assert.deepEqual(
        (await plane.client.list(CONTROLLER_REVISIONS, { namespace })).items
          .map(({ revision }) => revision)
          .toSorted((a, b) => a - b),
        [1, 2],
      );
      await kubectl('rollout', 'undo', 'ds/d');
      await play(
        'rolled back',
        (pods) => pods.length === 2 && pods.every((pod) => image(pod) === 'one'),
      );
      assert.deepEqual(
        (await plane.client.list(CONTROLLER_REVISIONS, { namespace })).items
          .map(({ revision }) => revision)
          .toSorted((a, b) => a - b),
        [2, 3],
      );
      await plane.client.patch(
        NODES,
        { name: names[1]! },
        { metadata: { labels: { pool: 'other' } } },
        { type: 'merge' },
      );
      await play('one pod again', (pods) => pods.length === 1);
    });
  });

  describe('stateful set', () => {
    const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name).sort();
    const createSet = (spec: object = {}) =>
      plane.client.create(STATEFUL_SETS, {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'w', namespace },
        spec: {
          serviceName: 'w',
          replicas: 3,
          selector,
          template: template('one'),
          volumeClaimTemplates: [
            {
              apiVersion: 'v1',
              kind: 'PersistentVolumeClaim',
              metadata: { name: 'data' },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          ],
          ...spec,
        },
      });
    const status = async () =>
      (await plane.client.get(STATEFUL_SETS, { namespace, name: 'w' })).status;

    it('creates named pods with claims in order, scales in order and keeps the claims', async () => {
      await createSet();
      const [zero] = await eventually('the first pod', async () => {
        const pods = await plane.pods(namespace);
        return pods.length > 0 && pods;
      });
      assert.equal(zero!.metadata.name, 'w-0');
      assert.equal(
        zero!.spec.volumes?.find(({ name }) => name === 'data')?.persistentVolumeClaim?.claimName,
        'data-w-0',
      );
      assert.equal(zero!.spec.subdomain, 'w');
      await plane.setReady(zero!, true);
      const pods = await play('three pods', (all) => all.length === 3);
      assert.deepEqual(names(pods), ['w-0', 'w-1', 'w-2']);
      await play('ready', async () => (await status())?.readyReplicas === 3);
      await kubectl('scale', 'sts/w', '--replicas=1');
      assert.deepEqual(names(await play('one pod', (all) => all.length === 1)), ['w-0']);
      const claims = (await plane.client.list(PERSISTENT_VOLUME_CLAIMS, { namespace })).items.map(
        ({ metadata }) => metadata.name,
      );
      assert.deepEqual(claims.sort(), ['data-w-0', 'data-w-1', 'data-w-2']);
    });

    it('rolls from the highest pod down, stops at the partition, and rolls back', async () => {
      await createSet({ podManagementPolicy: 'Parallel', volumeClaimTemplates: [] });
      await play('ready', async () => (await status())?.readyReplicas === 3);
      const images = (pods: readonly Pod[]) =>
        pods
          .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
          .map(image)
          .join();
      await plane.client.patch(
        STATEFUL_SETS,
        { namespace, name: 'w' },
        { spec: { updateStrategy: { rollingUpdate: { partition: 2 } } } },
        { type: 'merge' },
      );
      await kubectl('set', 'image', 'sts/w', 'c=two');
      await play(
        'one updated',
        async (pods) => images(pods) === 'one,one,two' && (await status())?.updatedReplicas === 1,
      );
      await plane.client.patch(
        STATEFUL_SETS,
        { namespace, name: 'w' },
        { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } },
        { type: 'merge' },
      );
      await play(
        'all updated',
        async (pods) =>
          images(pods) === 'two,two,two' &&
          (await kubectl('rollout', 'status', 'sts/w', '--watch=false')).includes(
            'roll out complete: 3 new pods',
          ),
      );
      await eventually(
        'revision settled',
        async () => (await status())?.currentRevision === (await status())?.updateRevision,
      );
      await kubectl('rollout', 'undo', 'sts/w');
      await play('all back', (pods) => images(pods) === 'one,one,one');
    });
  });
});
