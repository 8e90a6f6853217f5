// Zero values that mean what their absence means: a template that gains or loses one is no change.
// Charts render such values (kubernetes/website#484, kube-prometheus), and a rollout for them would
// restart every pod.
import assert from 'node:assert/strict';
import { PERSISTENT_VOLUME_CLAIMS, PODS, REPLICA_SETS } from '../../../pkg/apis/resource-types.js';
import {
  BOUND_MS,
  controlPlane,
  eventually,
  type ControlPlane,
} from '../../support/control-plane.js';

interface Variant {
  metadata?: object;
  spec?: object;
  container?: object;
  mount?: object;
  volume?: object;
}

const VARIANTS: readonly (readonly [title: string, variant: Variant])[] = [
  ['annotations {}', { metadata: { annotations: {} } }],
  ['creationTimestamp null', { metadata: { creationTimestamp: null } }],
  ['nodeSelector {}', { spec: { nodeSelector: {} } }],
  ['tolerations []', { spec: { tolerations: [] } }],
  ['imagePullSecrets []', { spec: { imagePullSecrets: [] } }],
  [
    'hostNetwork, hostPID, hostIPC false',
    { spec: { hostNetwork: false, hostPID: false, hostIPC: false } },
  ],
  ['serviceAccountName ""', { spec: { serviceAccountName: '', nodeName: '', hostname: '' } }],
  ['affinity null', { spec: { affinity: null, runtimeClassName: null } }],
  ['initContainers []', { spec: { initContainers: [], hostAliases: [], readinessGates: [] } }],
  ['schedulerName default-scheduler', { spec: { schedulerName: 'default-scheduler' } }],
  ['args []', { container: { args: [], command: [] } }],
  ['stdin, tty false', { container: { stdin: false, stdinOnce: false, tty: false } }],
  ['workingDir ""', { container: { workingDir: '', envFrom: [], volumeDevices: [] } }],
  [
    'hostPort 0, hostIP ""',
    { container: { ports: [{ containerPort: 80, hostPort: 0, hostIP: '', name: '' }] } },
  ],
  ['value ""', { container: { env: [{ name: 'A', value: '' }] } }],
  ['resources {}', { container: { resources: { limits: {}, requests: {} } } }],
  ['readOnly false', { mount: { readOnly: false, subPath: '' } }],
  ['medium ""', { volume: { emptyDir: { medium: '' } } }],
];

const template = (variant: Variant, restartPolicy: string) => ({
  metadata: { labels: { app: 'web' }, ...variant.metadata },
  spec: {
    restartPolicy,
    containers: [
      {
        name: 'c',
        image: 'i',
        ports: [{ containerPort: 80 }],
        env: [{ name: 'A' }],
        volumeMounts: [{ name: 'e', mountPath: '/e', ...variant.mount }],
        ...variant.container,
      },
    ],
    volumes: [{ name: 'e', emptyDir: {}, ...variant.volume }],
    ...variant.spec,
  },
});
const selector = { matchLabels: { app: 'web' } };

/** The spec of each kind around a template. */
const KINDS: Readonly<Record<string, (variant: Variant) => object>> = {
  'apps/v1 deployments Deployment': (variant) => ({
    replicas: 0,
    selector,
    template: template(variant, 'Always'),
  }),
  'apps/v1 daemonsets DaemonSet': (variant) => ({
    selector,
    template: template(variant, 'Always'),
  }),
  'apps/v1 statefulsets StatefulSet': (variant) => ({
    replicas: 0,
    serviceName: 's',
    selector,
    template: template(variant, 'Always'),
  }),
  'batch/v1 cronjobs CronJob': (variant) => ({
    schedule: '0 0 1 1 *',
    jobTemplate: { spec: { template: template(variant, 'Never') } },
  }),
};

interface Stored {
  metadata: { generation: number; resourceVersion: string };
  spec: object;
}

describe('zero values in templates', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let namespace: string;
  controlPlane((...made) => ([plane, namespace] = made));

  const send = async (method: string, path: string, body: object): Promise<Stored> => {
    const answer = await plane.client.raw(method, path, body);
    const text = new TextDecoder().decode(answer.body);
    assert.ok(answer.status < 300, text);
    return JSON.parse(text) as Stored;
  };

  for (const [title, specOf] of Object.entries(KINDS)) {
    const [apiVersion = '', resource, kind] = title.split(' ');
    it(`are no change of a ${kind}`, async () => {
      const path = `/apis/${apiVersion}/namespaces/${namespace}/${resource}`;
      const put = (spec: object, name = '/w', method = 'PUT') =>
        send(method, path + name, { apiVersion, kind, metadata: { name: 'w' }, spec });
      const first = await put(specOf({}), '', 'POST');
      for (const [shown, variant] of VARIANTS) {
        const stored = await put(specOf(variant));
        assert.deepEqual(stored.spec, first.spec, shown);
        assert.equal(stored.metadata.generation, first.metadata.generation, shown);
      }
      // The comparison notices what is a change.
      const changed = await put(specOf({ spec: { hostNetwork: true } }));
      assert.equal(changed.metadata.generation, first.metadata.generation + 1);
    });
  }

  it('make one replica set, and a patch of them keeps the generation', async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const specOf = KINDS['apps/v1 deployments Deployment']!;
    const object = (variant: Variant) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'w' },
      spec: specOf(variant),
    });
    const first = await send('POST', path, object({}));
    for (const [, variant] of VARIANTS) await send('PUT', `${path}/w`, object(variant));
    const { body } = await plane.client.raw(
      'PATCH',
      `${path}/w`,
      { spec: { paused: false, minReadySeconds: 0 } },
      { contentType: 'application/merge-patch+json' },
    );
    const patched = JSON.parse(new TextDecoder().decode(body)) as Stored;
    assert.equal(patched.metadata.generation, first.metadata.generation);
    // The controller has seen the last write when it has carried out a later one.
    await send('PUT', `${path}/w`, { ...object({}), spec: { ...specOf({}), minReadySeconds: 1 } });
    await eventually('the observed generation', async () => {
      const { body: now } = await plane.client.raw('GET', `${path}/w`);
      const { status } = JSON.parse(new TextDecoder().decode(now)) as {
        status: { observedGeneration?: number };
      };
      return status.observedGeneration === first.metadata.generation + 1;
    });
    assert.equal((await plane.client.list(REPLICA_SETS, { namespace })).items.length, 1);
  });

  it('leave no empty members behind a patch', async () => {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    await send('POST', path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } });
    const { body } = await plane.client.raw(
      'PATCH',
      `${path}/c`,
      { metadata: { labels: {}, annotations: {}, finalizers: [] }, data: {}, binaryData: {} },
      { contentType: 'application/merge-patch+json' },
    );
    assert.doesNotMatch(
      new TextDecoder().decode(body),
      /"(labels|annotations|finalizers|data|binaryData)"/,
    );
  });

  it('do not hide the claim templates that a stateful set mounts', async () => {
    const variant = { container: { volumeMounts: [{ name: 'data', mountPath: '/data' }] } };
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await send('POST', `/apis/apps/v1/namespaces/${namespace}/statefulsets`, {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'w19' },
      spec: {
        serviceName: 'w19',
        selector,
        template: template({ ...variant, spec: { volumes: [] } }, 'Always'),
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
      },
    });
    await eventually('the claim and the pod', async () => {
      const claims = await plane.client.list(PERSISTENT_VOLUME_CLAIMS, { namespace });
      const pods = await plane.client.list(PODS, { namespace });
      return (
        claims.items[0]?.metadata.name === 'data-w19-0' && pods.items[0]?.metadata.name === 'w19-0'
      );
    });
  });
});
