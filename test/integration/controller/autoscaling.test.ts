// The horizontal pod autoscaler against the real API server, as its own service account under RBAC.
// One server behind APIServices serves metrics.k8s.io, custom.metrics.k8s.io and
// external.metrics.k8s.io.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { isDialableOrLoopback } from '../../../pkg/apiserver/dial/dial-rule.js';
import { createCa, issue } from '../../../pkg/system/pki/certificates.js';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  MetricSpec,
} from '../../../pkg/apis/autoscaling/v2/types.js';
import type { Pod } from '../../../pkg/apis/core/v1/types.js';
import type { CustomResourceDefinition } from '../../../pkg/apis/apiextensions/v1/types.js';
import {
  APISERVICES,
  DEPLOYMENTS,
  EVENTS,
  HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2 as SCALERS,
  PODS,
  SERVICES,
} from '../../../pkg/apis/resource-types.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';

const run = promisify(execFile);
const GROUPS = {
  'metrics.k8s.io': ['v1beta1'],
  'custom.metrics.k8s.io': ['v1beta1', 'v1beta2'],
  'external.metrics.k8s.io': ['v1beta1'],
} as const;

const definition = (scope: 'Namespaced' | 'Cluster', kind: string): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${kind.toLowerCase()}s.example.com` },
  spec: {
    group: 'example.com',
    scope,
    names: { kind, plural: `${kind.toLowerCase()}s` },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
          } as never,
        },
        subresources: {
          scale: {
            specReplicasPath: '.spec.size',
            statusReplicasPath: '.status.size',
            labelSelectorPath: '.status.selector',
          },
        },
      },
    ],
  },
});

describe('horizontal pod autoscaler', function () {
  this.timeout(4 * BOUND_MS);
  const ca = createCa('metrics-ca');
  const frontCa = createCa('front-proxy-ca');
  let plane: ControlPlane;
  let metrics: Server;
  let namespace: string;
  /** Thousandths of a core of each pod; absent: no pod has a sample. */
  let usage: number | undefined;
  /** By the last word of the path. */
  const values = new Map<string, string>();
  const asked: string[] = [];

  async function answer(url: URL): Promise<object | undefined> {
    const { pathname, searchParams } = url;
    const [, , group = '', version = '', , where = '', ...rest] = pathname.split('/');
    const selector = searchParams.get('labelSelector') ?? '';
    if (!rest.length)
      return { kind: 'APIResourceList', groupVersion: `${group}/${version}`, resources: [] };
    const pods = async () =>
      (await plane.pods(where, selector)).map(({ metadata }) => metadata.name);
    const timestamp = new Date().toISOString();
    if (group === 'metrics.k8s.io') {
      const cpu = usage === undefined ? undefined : `${usage * 1e6}n`;
      const containers = [{ name: 'c', usage: { cpu, memory: '10Mi' } }];
      const items = (await pods()).map((name) => ({
        metadata: { name, namespace: where },
        timestamp,
        window: '15s',
        containers,
      }));
      return { items: cpu ? items : [] };
    }
    const value = values.get(rest.at(-1)!);
    if (!value) return undefined;
    if (rest[1] !== '*')
      return { items: [{ describedObject: { name: rest[1] }, timestamp, value }] };
    return {
      items: (await pods()).map((name) => ({ describedObject: { name }, timestamp, value })),
    };
  }

  const register = async (group: keyof typeof GROUPS): Promise<void> => {
    for (const version of GROUPS[group]) {
      await plane.client.create(APISERVICES, {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `${version}.${group}` },
        spec: {
          group,
          version,
          groupPriorityMinimum: 100,
          versionPriority: 100,
          caBundle: Buffer.from(ca.certPem).toString('base64'),
          service: {
            namespace: 'default',
            name: 'metrics',
            port: (metrics.address() as AddressInfo).port,
          },
        },
      });
    }
  };

  before(async () => {
    const pair = issue({
      ca,
      commonName: 'metrics',
      usages: ['server'],
      sans: ['metrics.default.svc'],
    });
    metrics = createServer({ cert: pair.certPem, key: pair.keyPem }, (request, response) => {
      asked.push(request.url ?? '');
      void answer(new URL(request.url ?? '', 'https://metrics')).then((body) => {
        const missing = {
          kind: 'Status',
          code: 404,
          reason: 'NotFound',
          message: 'the metric is unknown',
        };
        response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body ?? missing));
      });
    });
    await new Promise<void>((resolve) => metrics.listen(0, '127.0.0.1', resolve));
    const front = issue({ ca: frontCa, commonName: 'front-proxy-client', usages: ['client'] });
    plane = await startControlPlane(
      [
        '--use-service-account-credentials',
        '--horizontal-pod-autoscaler-sync-period=300ms',
        '--horizontal-pod-autoscaler-downscale-stabilization=1s',
        '--horizontal-pod-autoscaler-cpu-initialization-period=0s',
      ],
      {
        crds: [definition('Namespaced', 'Gizmo'), definition('Cluster', 'Planet')],
        frontProxy: {
          identity: { cert: front.certPem, key: front.keyPem },
          ca: frontCa.certPem,
          allowedNames: ['front-proxy-client'],
          allows: isDialableOrLoopback,
        },
      },
    );
    await plane.client.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'metrics', namespace: 'default' },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    });
  });
  after(async () => {
    await plane?.stop();
    metrics?.closeAllConnections();
    metrics?.close();
  });
  beforeEach(async () => {
    namespace = await plane.namespace();
    usage = undefined;
  });

  /** Autoscalers of other tests take time from this one. */
  afterEach(() => plane.client.deleteCollection(SCALERS, { namespace }));

  const deploy = (name: string, replicas: number, cpu = '100m') =>
    plane.client.create(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } } as never,
          spec: {
            containers: [
              { name: 'c', image: 'i', ...(cpu ? { resources: { requests: { cpu } } } : {}) },
            ],
          },
        },
      },
    });
  const target = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name });
  const scale = (name: string, spec: Partial<HorizontalPodAutoscalerSpec>) =>
    plane.client.create(SCALERS, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace },
      spec: {
        scaleTargetRef: target(name),
        maxReplicas: 10,
        ...spec,
      } as HorizontalPodAutoscalerSpec,
    });
  const start = async (pod: Pod) => {
    const { name } = pod.metadata;
    const status = { startTime: '2026-01-01T00:00:00Z' };
    const options = { type: 'merge', subresource: 'status' } as const;
    await plane.client.patch(PODS, { namespace, name }, { status }, options);
    await plane.setReady(pod, true);
  };
  /** Plays the kubelet until the autoscaler's status is as expected. */
  const reach = (
    what: string,
    name: string,
    holds: (status: NonNullable<HorizontalPodAutoscaler['status']>) => boolean,
  ): Promise<NonNullable<HorizontalPodAutoscaler['status']>> =>
    eventually(what, async () => {
      for (const pod of await plane.pods(namespace))
        if (pod.status?.phase === 'Pending') await start(pod);
      const { status } = await plane.client.get(SCALERS, { namespace, name });
      if (status && holds(status)) return status;
      throw new Error(JSON.stringify(status));
    });
  const reasonOf = (status: HorizontalPodAutoscaler['status'], type: string) =>
    status?.conditions?.find((one) => one.type === type)?.reason;
  const sizeOf = async (name: string) =>
    (await plane.client.get(DEPLOYMENTS, { namespace, name })).spec.replicas;
  const events = async (reason: string) =>
    (await plane.client.list(EVENTS, { namespace })).items
      .filter((event) => event.reason === reason)
      .map(({ message }) => message);
  it('says that nobody serves metrics', async () => {
    await deploy('web', 1);
    const pods: MetricSpec = {
      type: 'Pods',
      pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '1' } },
    };
    const external: MetricSpec = {
      type: 'External',
      external: { metric: { name: 'queue' }, target: { type: 'Value', value: '1' } },
    };
    const cpu: MetricSpec = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
    };
    await scale('web', { metrics: [cpu, pods, external] });
    const status = await reach('no metrics', 'web', (found) =>
      Boolean(reasonOf(found, 'ScalingActive')),
    );
    const active = status.conditions!.find(({ type }) => type === 'ScalingActive')!;
    const why =
      'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
    assert.deepEqual(
      [active.status, active.reason, active.message],
      [
        'False',
        'FailedGetResourceMetric',
        `the HPA was unable to compute the replica count: ${why}`,
      ],
    );
    assert.equal(reasonOf(status, 'AbleToScale'), 'SucceededGetScale');
    assert.equal(status.currentReplicas, 1);
    await eventually('events', async () => (await events('FailedComputeMetricsReplicas')).length);
    assert.deepEqual(await events('FailedComputeMetricsReplicas'), [
      `invalid metrics (3 invalid out of 3), first error is: failed to get cpu resource metric value: ${why}`,
    ]);
    assert.deepEqual(await events('FailedGetPodsMetric'), [
      'unable to get metric hits: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    ]);
    assert.deepEqual(await events('FailedGetExternalMetric'), [
      `unable to get external metric ${namespace}/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)`,
    ]);
  });

  it('scales a deployment by its CPU, as kubectl autoscale asks', async () => {
    await register('metrics.k8s.io');
    await deploy('web', 2);
    const kubectl = async (...args: string[]) =>
      (await run('kubectl', ['--kubeconfig', plane.api.kubeconfig, '-n', namespace, ...args]))
        .stdout;
    await kubectl('autoscale', 'deployment', 'web', '--min=2', '--max=5', '--cpu-percent=50');
    usage = 100;
    await reach('up', 'web', ({ desiredReplicas }) => desiredReplicas === 4);
    assert.deepEqual(await events('SuccessfulRescale'), [
      'New size: 4; reason: cpu resource utilization (percentage of request) above target',
    ]);
    usage = 50;
    const status = await reach(
      'steady',
      'web',
      (found) =>
        found.currentReplicas === 4 && reasonOf(found, 'AbleToScale') === 'ReadyForNewScale',
    );
    assert.deepEqual(status.currentMetrics, [
      {
        type: 'Resource',
        resource: { name: 'cpu', current: { averageUtilization: 50, averageValue: '50m' } },
      },
    ]);
    assert.match(await kubectl('get', 'hpa', 'web'), /Deployment\/web +cpu: 50%\/50% +2 +5 +4 /);
    const { resourceVersion } = (await plane.client.get(SCALERS, { namespace, name: 'web' }))
      .metadata;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const later = await plane.client.get(SCALERS, { namespace, name: 'web' });
    assert.equal(later.metadata.resourceVersion, resourceVersion, 'a steady status is written');
    usage = 1;
    await reach('down', 'web', ({ desiredReplicas }) => desiredReplicas === 2);
    assert.equal(await sizeOf('web'), 2);
  });

  it('asks little when nothing changes: one usage of a namespace, and no scale', async () => {
    const names = ['one', 'two', 'three'];
    for (const name of names) {
      await deploy(name, 2);
      await scale(name, { minReplicas: 2, maxReplicas: 4 });
    }
    usage = 80;
    for (const name of names)
      await reach('steady', name, (found) => {
        const [reason, active] = ['AbleToScale', 'ScalingActive'].map((type) =>
          reasonOf(found, type),
        );
        return reason === 'ReadyForNewScale' && active === 'ValidMetricFound';
      });
    const scales = async () => {
      const { body } = await plane.client.raw('GET', '/metrics');
      const series =
        /^apiserver_request_total\{(?=.*resource="deployments")(?=.*subresource="scale")(?=.*verb="GET").*$/gm;
      return Buffer.from(body).toString().match(series)?.join('\n');
    };
    const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
    const before = await scales();
    asked.length = 0;
    await eventually('five periods', async () => asked.filter((one) => one === path).length > 5);
    assert.equal(await scales(), before);
    assert.deepEqual(
      asked.filter((one) => one.startsWith(`${path}?`)),
      [],
    );
  });

  it('scales by custom and external metrics, the largest proposal first', async () => {
    await register('custom.metrics.k8s.io');
    await register('external.metrics.k8s.io');
    await deploy('web', 2, '');
    const hits = { name: 'hits', selector: { matchLabels: { verb: 'GET' } } };
    const queue = { name: 'queue', selector: { matchLabels: { queue: 'mail' } } };
    values.set('hits', '10').set('requests', '20').set('queue', '8');
    await scale('web', {
      metrics: [
        {
          type: 'Pods',
          pods: { metric: hits, target: { type: 'AverageValue', averageValue: '10' } },
        },
        {
          type: 'Object',
          object: {
            describedObject: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'main' },
            metric: { name: 'requests' },
            target: { type: 'Value', value: '20' },
          },
        },
        {
          type: 'External',
          external: { metric: queue, target: { type: 'AverageValue', averageValue: '2' } },
        },
      ],
    });
    asked.length = 0;
    const status = await reach(
      'four',
      'web',
      ({ currentReplicas, currentMetrics }) =>
        currentReplicas === 4 && currentMetrics?.[2]?.external?.current.averageValue === '2',
    );
    const title =
      'external metric queue(&LabelSelector{MatchLabels:map[string]string{queue: mail,},MatchExpressions:[]LabelSelectorRequirement{},})';
    assert.deepEqual(await events('SuccessfulRescale'), [
      `New size: 4; reason: ${title} above target`,
    ]);
    const where = `namespaces/${namespace}`;
    for (const path of [
      `/apis/custom.metrics.k8s.io/v1beta2/${where}/pods/*/hits?labelSelector=app%3Dweb&metricLabelSelector=verb%3DGET`,
      `/apis/custom.metrics.k8s.io/v1beta2/${where}/ingresses.networking.k8s.io/main/requests`,
      `/apis/external.metrics.k8s.io/v1beta1/${where}/queue?labelSelector=queue%3Dmail`,
    ])
      assert.ok(asked.includes(path), `${path} is not among ${asked.join('\n')}`);
    const [, object, external] = status.currentMetrics!;
    assert.deepEqual(object!.object!.current, { value: '20' });
    assert.deepEqual(external!.external, { metric: queue, current: { averageValue: '2' } });

    // A metric that fails does not hold growth, but holds the size on the way down.
    values.delete('hits');
    values.set('queue', '12');
    await reach('six', 'web', ({ desiredReplicas }) => desiredReplicas === 6);
    values.set('queue', '2').set('requests', '1');
    await reach(
      'held',
      'web',
      (found) => reasonOf(found, 'ScalingActive') === 'FailedGetPodsMetric',
    );
    assert.equal(await sizeOf('web'), 6);
  });

  it('scales custom resources within the limits of a behavior', async () => {
    const path = `/apis/example.com/v1/namespaces/${namespace}/gizmos`;
    const write = async (method: string, name: string, body: object) => {
      const { body: answer, status } = await plane.client.raw(method, `${path}${name}`, body);
      assert.ok(status < 300, new TextDecoder().decode(answer));
    };
    const gizmo = { apiVersion: 'example.com/v1', kind: 'Gizmo', metadata: { name: 'g' } };
    await write('POST', '', {
      ...gizmo,
      spec: { size: 2 },
      status: { size: 2, selector: 'app=g' },
    });
    values.set('load', '100');
    await scale('g', {
      scaleTargetRef: { apiVersion: 'example.com/v1', kind: 'Gizmo', name: 'g' },
      behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } },
      metrics: [
        {
          type: 'External',
          external: {
            metric: { name: 'load' },
            target: { type: 'AverageValue', averageValue: '1' },
          },
        },
      ],
    });
    const status = await reach('three', 'g', ({ currentReplicas }) => currentReplicas === 3);
    assert.equal(reasonOf(status, 'ScalingLimited'), 'ScaleUpLimit');
    assert.deepEqual(await events('SuccessfulRescale'), [
      'New size: 3; reason: external metric load(nil) above target',
    ]);
  });

  it('does not reach out of its namespace', async () => {
    const path = '/apis/example.com/v1/planets';
    const planet = { apiVersion: 'example.com/v1', kind: 'Planet', metadata: { name: 'p' } };
    const body = { ...planet, spec: { size: 1 }, status: { size: 1, selector: 'app=p' } };
    assert.equal((await plane.client.raw('POST', path, body)).status, 201);
    const scaleTargetRef = { apiVersion: 'example.com/v1', kind: 'Planet', name: 'p' };
    await scale('p', { scaleTargetRef, minReplicas: 5 });
    const status = await reach('refused', 'p', ({ conditions }) => Boolean(conditions));
    assert.equal(reasonOf(status, 'AbleToScale'), 'FailedGetScale');
    const answer = await plane.client.raw('GET', `${path}/p`);
    const { spec } = JSON.parse(new TextDecoder().decode(answer.body)) as typeof body;
    assert.equal(spec.size, 1);
  });

  it('obeys the bounds without metrics, and leaves a target of no replicas alone', async () => {
    await deploy('low', 1);
    await deploy('high', 4);
    await deploy('off', 0);
    await scale('low', { minReplicas: 3 });
    await scale('high', { maxReplicas: 2 });
    await scale('off', {});
    await reach('low', 'low', ({ desiredReplicas }) => desiredReplicas === 3);
    await reach('high', 'high', ({ desiredReplicas }) => desiredReplicas === 2);
    await reach('off', 'off', (status) => reasonOf(status, 'ScalingActive') === 'ScalingDisabled');
    assert.deepEqual(await Promise.all(['low', 'high', 'off'].map(sizeOf)), [3, 2, 0]);
    assert.deepEqual(
      new Set(await events('SuccessfulRescale')),
      new Set([
        'New size: 2; reason: Current number of replicas above Spec.MaxReplicas',
        'New size: 3; reason: Current number of replicas below Spec.MinReplicas',
      ]),
    );
  });

  it('refuses two autoscalers of the same pods', async () => {
    await deploy('web', 2);
    usage = 100;
    await scale('one', { scaleTargetRef: target('web'), maxReplicas: 2 });
    await scale('two', { scaleTargetRef: target('web'), maxReplicas: 2 });
    for (const name of ['one', 'two'])
      await reach(name, name, (found) => reasonOf(found, 'ScalingActive') === 'AmbiguousSelector');
    await eventually('events', async () => (await events('AmbiguousSelector')).length);
    assert.deepEqual(
      await events('AmbiguousSelector').then(([first]) => first),
      `pods by selector app=web are controlled by multiple HPAs: [${namespace}/one ${namespace}/two]`,
    );
    await plane.client.delete(SCALERS, { namespace, name: 'two' });
    await reach('alone', 'one', (found) => reasonOf(found, 'ScalingActive') === 'ValidMetricFound');
  });

  it('says why there is no scale', async () => {
    const refused = async (kind: string, apiVersion: string, why: string) => {
      const name = kind.toLowerCase();
      await scale(name, { scaleTargetRef: { kind, apiVersion, name } });
      const { conditions } = await reach(name, name, ({ conditions: found }) => Boolean(found));
      const message = `the HPA controller was unable to get the target's current scale: ${why}`;
      const { lastTransitionTime: _time, ...condition } = conditions![0]!;
      const reason = 'FailedGetScale';
      assert.deepEqual(condition, { type: 'AbleToScale', status: 'False', reason, message });
    };
    await refused('Deployment', 'apps/v1', 'deployments.apps "deployment" not found');
    await refused('Nothing', 'a.com/v1', 'no matches for kind "Nothing" in group "a.com"');
    await refused('DaemonSet', 'apps/v1', 'the server could not find the requested resource');
    await refused('Odd', 'a/b/c', 'unexpected GroupVersion string: a/b/c');
  });

  it('asks for the requests of the container that it looks at', async () => {
    usage = 100;
    await deploy('web', 1, '');
    const average = {
      name: 'cpu',
      container: 'c',
      target: { type: 'AverageValue', averageValue: '40m' },
    };
    const share = { ...average, target: { type: 'Utilization', averageUtilization: 50 } };
    await scale('web', { metrics: [{ type: 'ContainerResource', containerResource: share }] });
    const status = await reach('no request', 'web', (found) =>
      Boolean(found.conditions?.some(({ message }) => message?.includes('missing request'))),
    );
    const [pod] = await plane.pods(namespace);
    assert.equal(
      status.conditions!.find(({ type }) => type === 'ScalingActive')!.message,
      `the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container c of Pod ${pod!.metadata.name}`,
    );
    const metrics = [{ type: 'ContainerResource', containerResource: average }];
    await plane.client.patch(
      SCALERS,
      { namespace, name: 'web' },
      { spec: { metrics } },
      { type: 'merge' },
    );
    const scaled = await reach('three', 'web', ({ desiredReplicas }) => desiredReplicas === 3);
    assert.deepEqual(scaled.currentMetrics?.[0]?.containerResource?.current, {
      averageValue: '100m',
    });
  });
});
