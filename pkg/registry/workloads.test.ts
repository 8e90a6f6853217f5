// Strategies of workloads: side effects of creation and update, and rules that differ by kind.
import { deepEqual, equal } from 'node:assert/strict';
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { RequestContext, ResourceDefinition } from '../apiserver/resource/definition.js';
import { daemonSets, statefulSets } from './apps/apps.js';
import { horizontalPodAutoscalers } from './autoscaling/horizontalpodautoscalers.js';
import { cronJobs, jobs } from './batch/batch.js';

const context: RequestContext = {
  now: 0,
  user: { name: 'u', groups: [] },
  dryRun: false,
  random: { next: () => 0.5, uuid: () => 'u' },
};
const GENERATION = 'deprecated.daemonset.template.generation';
const template = (fields: object = {}): object => ({
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'i' }], ...fields },
});
const selector = { matchLabels: { app: 'a' } };

function create<T extends ApiObject>(definition: ResourceDefinition<T>, object: object): T {
  const made = structuredClone(object) as T;
  made.metadata = Object.assign({ name: 'n', namespace: 'default', uid: 'u' }, made.metadata);
  definition.defaults?.(made);
  definition.prepareCreate?.(made, context);
  // The server copies an object before it chooses values for the copy.
  const copy = structuredClone(made);
  definition.allocate?.(copy, undefined, { ...context, isFree: () => true });
  return copy;
}
const errors = <T extends ApiObject>(definition: ResourceDefinition<T>, object: T): string[] =>
  (definition.validate?.(object) ?? []).map(({ field, message }) => `${field}: ${message}`);

describe('stateful sets', () => {
  it('may mount the volumes of their claim templates', () => {
    const set = create(statefulSets, {
      spec: {
        selector,
        template: template({
          containers: [
            { name: 'c', image: 'i', volumeMounts: [{ name: 'data', mountPath: '/d' }] },
          ],
        }),
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }],
      },
    });
    deepEqual(errors(statefulSets, set), []);
  });

  it('get the default of a rolling update with the strategy only', () => {
    const of = (updateStrategy: object): unknown =>
      create(statefulSets, { spec: { selector, template: template(), updateStrategy } }).spec
        .updateStrategy;
    deepEqual(of({}), { type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
    deepEqual(of({ type: 'RollingUpdate' }), { type: 'RollingUpdate' });
  });

  it('restart their pods always', () => {
    const set = create(statefulSets, {
      spec: { selector, template: template({ restartPolicy: 'Never' }) },
    });
    deepEqual(errors(statefulSets, set), [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]);
  });
});

describe('daemon sets', () => {
  const first = create(daemonSets, { spec: { selector, template: template() } });
  const generation = (set: ApiObject): string | undefined => set.metadata.annotations?.[GENERATION];

  it('begin with generation 1 of the template', () => equal(generation(first), '1'));

  it('count changes of the template, and take no count from a client', () => {
    const next = structuredClone(first);
    next.metadata.annotations = { [GENERATION]: '9' };
    daemonSets.prepareUpdate?.(next, first, context);
    equal(generation(next), '1');
    next.spec.template.metadata = { labels: { app: 'a', b: 'c' } } as never;
    daemonSets.prepareUpdate?.(next, first, context);
    equal(generation(next), '2');
  });

  it('keep the count when the status changes', () => {
    const next = structuredClone(first);
    delete next.metadata.annotations;
    daemonSets.status?.prepareUpdate?.(next, first, context);
    equal(generation(next), '1');
  });
});

describe('jobs', () => {
  const spec = { template: template({ restartPolicy: 'Never' }) };

  it('without labels get those of their pods, the generated ones too', () => {
    const { labels } = create(jobs, { spec }).metadata;
    deepEqual(Object.keys(labels ?? {}).sort(), [
      'app',
      'batch.kubernetes.io/controller-uid',
      'batch.kubernetes.io/job-name',
      'controller-uid',
      'job-name',
    ]);
    equal(labels?.['job-name'], 'n');
  });

  it('with labels keep them', () =>
    deepEqual(create(jobs, { metadata: { labels: { b: 'c' } }, spec }).metadata.labels, {
      b: 'c',
    }));

  it('that choose no pods by hand have the generated labels', () => {
    const job = create(jobs, { spec });
    deepEqual(errors(jobs, job), []);
    job.spec.template.metadata!.labels!['batch.kubernetes.io/job-name'] = 'other';
    equal(errors(jobs, job).length, 1);
  });

  for (const [name, error] of Object.entries({
    'acme.io/foo': [],
    foo: ['must be a domain-prefixed path (such as "acme.io/foo")'],
    'a_b/foo': [
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
    ],
    'a/b c': ['Invalid path'],
  }))
    it(`are managed by ${name}, or not`, () => {
      const job = create(jobs, { spec: { ...spec, managedBy: name } });
      deepEqual(
        errors(jobs, job).map((text) => error.some((part) => text.includes(part))),
        error.map(() => true),
      );
    });
});

describe('cron jobs', () => {
  const complain = (fields: object): string[] =>
    errors(
      cronJobs,
      create(cronJobs, {
        spec: {
          schedule: '0 0 * * *',
          jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }) } },
          ...fields,
        },
      }),
    );
  it('know the zones of the zone files', () => {
    for (const timeZone of ['Europe/Berlin', 'UTC', 'America/Port_of_Spain'])
      deepEqual(complain({ timeZone }), []);
    for (const timeZone of ['europe/berlin', 'Nowhere/City', '../etc', '+01:00', 'Local'])
      equal(complain({ timeZone }).length, 1, timeZone);
  });
  it('parse their schedules', () =>
    deepEqual(complain({ schedule: '0 24 * * *' }), [
      'spec.schedule: Invalid value: "0 24 * * *": end of range (24) above maximum (23): 24',
    ]));
});

describe('horizontal pod autoscalers', () => {
  const complain = (metric: object): string[] =>
    errors(
      horizontalPodAutoscalers,
      create(horizontalPodAutoscalers, {
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: 'd' },
          maxReplicas: 2,
          metrics: [metric],
        },
      }),
    );
  const pods = { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '1' } };

  it('accept a metric with its source', () => deepEqual(complain({ type: 'Pods', pods }), []));
  it('refuse other sources', () =>
    deepEqual(complain({ type: 'Pods', pods, resource: { name: 'cpu', target: {} } }), [
      'spec.metrics[0].resource: Forbidden: must populate the given metric source only',
    ]));
  it('refuse targets without a positive amount', () =>
    deepEqual(
      complain({ type: 'Pods', pods: { ...pods, target: { type: 'X', averageValue: '-1' } } }),
      [
        'spec.metrics[0].pods.target.type: Invalid value: "X": must be either Utilization, Value, or AverageValue',
        'spec.metrics[0].pods.target.averageValue: Invalid value: -1: must be positive',
        'spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue',
      ],
    ));
  it('refuse two targets of a resource', () =>
    deepEqual(
      complain({
        type: 'Resource',
        resource: {
          name: 'cpu',
          target: { type: 'Utilization', averageUtilization: 5, averageValue: '1' },
        },
      }),
      [
        'spec.metrics[0].resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization',
      ],
    ));
});
