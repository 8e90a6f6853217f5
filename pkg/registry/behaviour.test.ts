// Behaviour of single kinds besides validation: conditional defaults, grace periods, scale,
// conversion.
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { ApiObject } from '../apimachinery/meta/object.js';
import { defaultPullPolicy } from '../apis/core/v1/pod-defaults.js';
import { computePodQos } from '../component-helpers/qos.js';
import type { Container, Pod, Secret } from '../apis/core/v1/types.js';
import type { HorizontalPodAutoscaler } from '../apis/autoscaling/v2/types.js';
import { fromV2, toV2 } from '../apis/autoscaling/v1/horizontalpodautoscaler.js';
import { podGracePeriod } from './core/pods.js';
import { replicationControllers, secrets } from './core/core.js';
import { jobs } from './batch/batch.js';
import { sampleOf } from './samples.test.js';

const podWith = (containers: Partial<Container>[], more: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {
    containers: containers.map((container, index) => ({ name: `c${index}`, ...container })),
    terminationGracePeriodSeconds: 30,
  },
  ...more,
});

describe('image pull policy', () => {
  const cases: [image: string, policy: string][] = [
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['localhost:5000/nginx', 'Always'],
    ['localhost:5000/a/nginx:v1', 'IfNotPresent'],
    ['nginx@sha256:0123', 'IfNotPresent'],
    [`nginx:latest@sha256:${'0123'.repeat(16)}`, 'Always'],
    ['nginx:latest@sha256:0123', 'IfNotPresent'],
    ['NGINX', 'IfNotPresent'],
    ['', 'IfNotPresent'],
  ];
  for (const [image, policy] of cases)
    it(`of ${JSON.stringify(image)} is ${policy}`, () =>
      strictEqual(defaultPullPolicy(image), policy));
});

describe('quality of service', () => {
  const both = { cpu: '1', memory: '1Gi' };
  const cases: [title: string, resources: Container['resources'][], qos: string][] = [
    ['nothing asked', [undefined], 'BestEffort'],
    ['zero asked', [{ requests: { cpu: '0' } }], 'BestEffort'],
    ['a request', [{ requests: { cpu: '100m' } }], 'Burstable'],
    ['limits only of one', [{ limits: { cpu: '1' } }], 'Burstable'],
    ['limits equal to requests', [{ limits: both, requests: both }], 'Guaranteed'],
    ['one container without', [{ limits: both, requests: both }, undefined], 'Burstable'],
  ];
  for (const [title, list, qos] of cases) {
    it(`with ${title} is ${qos}`, () =>
      strictEqual(
        computePodQos(podWith(list.map((resources) => (resources ? { resources } : {})))),
        qos,
      ));
  }
});

describe('pod grace period', () => {
  const bound = podWith([{}]);
  bound.spec.nodeName = 'n';
  it('is the requested one, or else that of the pod', () => {
    strictEqual(podGracePeriod(bound, undefined), 30);
    strictEqual(podGracePeriod(bound, 5), 5);
    strictEqual(podGracePeriod(bound, 0), 0);
    strictEqual(podGracePeriod(bound, -1), 1);
  });
  it('is 0 when no kubelet runs the pod', () => {
    strictEqual(podGracePeriod(podWith([{}]), 30), 0);
    strictEqual(podGracePeriod({ ...bound, status: { phase: 'Succeeded' } }, 30), 0);
  });
});

describe('replication controller', () => {
  it('takes selector and labels from its template', () => {
    const controller = sampleOf(replicationControllers.facts) as ApiObject & {
      spec: { selector?: unknown; replicas?: number };
    };
    replicationControllers.defaults?.(controller as never);
    deepStrictEqual(
      [controller.spec.selector, controller.metadata.labels, controller.spec.replicas],
      [{ app: 'a' }, { app: 'a' }, 1],
    );
    strictEqual(replicationControllers.scale?.read(controller as never).selector, 'app=a');
    replicationControllers.scale?.write(controller as never, 4);
    strictEqual(controller.spec.replicas, 4);
  });
});

describe('secret', () => {
  it('keeps stringData as data', () => {
    const secret: Secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { a: 'YQ==' },
      stringData: { a: 'höi', b: '' },
    };
    secrets({}).defaults?.(secret);
    deepStrictEqual(
      [secret.data, secret.stringData, secret.type],
      [{ a: 'aMO2aQ==', b: '' }, undefined, 'Opaque'],
    );
  });
});

describe('job', () => {
  it('selects its pods by its own uid unless manualSelector is set', () => {
    const context = {
      now: 0,
      user: { name: 'u', groups: [] },
      dryRun: false,
      random: { next: () => 0, uuid: () => '' },
      isFree: () => true,
    };
    for (const manualSelector of [false, true]) {
      const job = sampleOf(jobs.facts) as Parameters<NonNullable<typeof jobs.defaults>>[0];
      job.spec.manualSelector = manualSelector;
      jobs.defaults?.(job);
      jobs.allocate?.(job, undefined, context);
      strictEqual(
        job.spec.selector?.matchLabels?.['batch.kubernetes.io/controller-uid'],
        manualSelector ? undefined : 'u-1',
      );
    }
  });
});

describe('autoscaling/v1', () => {
  it('keeps the fields of v2 that v1 lacks in annotations', () => {
    const stored: HorizontalPodAutoscaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h', annotations: { mine: 'x' } },
      spec: {
        minReplicas: 1,
        maxReplicas: 3,
        scaleTargetRef: { kind: 'Deployment', name: 'd' },
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
          },
          {
            type: 'Pods',
            pods: { metric: { name: 'm' }, target: { type: 'AverageValue', averageValue: '5' } },
          },
        ],
      },
      status: {
        currentReplicas: 1,
        desiredReplicas: 2,
        conditions: [{ type: 'AbleToScale', status: 'True' }],
      },
    };
    const shown = fromV2(stored);
    strictEqual(shown.spec.targetCPUUtilizationPercentage, 50);
    deepStrictEqual(Object.keys(shown.metadata.annotations ?? {}).sort(), [
      'autoscaling.alpha.kubernetes.io/conditions',
      'autoscaling.alpha.kubernetes.io/metrics',
      'mine',
    ]);
    deepStrictEqual(toV2(shown), stored);
  });
});
