// Each invariant must find the violation that it forbids.
import assert from 'node:assert/strict';
import { unfinished } from './convergence.js';
import { Invariants, Violation } from './invariants.js';
import { Metrics } from './metrics.js';
import { Model, type AnyObject } from './model.js';
import { Twins } from './twins.js';

interface Court {
  model: Model;
  invariants: Invariants;
  metrics: Metrics;
  now: number;
  put(kind: string, name: string, rest?: object, metadata?: object): AnyObject;
  remove(kind: string, name: string): void;
}

function court(): Court {
  const model = new Model();
  const keyOf = (kind: string, name: string) =>
    kind === 'Namespace'
      ? `/registry/namespaces/${name}`
      : kind === 'CustomResourceDefinition'
        ? `/registry/apiextensions.k8s.io/customresourcedefinitions/${name}`
        : `/registry/${kind}/ns/${name}`;
  const metrics = new Metrics(model, () => made.now);
  const made: Court = {
    model,
    metrics,
    now: 1e9,
    invariants: new Invariants(model, metrics, () => made.now),
    put(kind, name, rest = {}, metadata = {}) {
      const scope = kind === 'Namespace' || kind === 'Node' ? {} : { namespace: 'ns' };
      const object = {
        apiVersion: 'v1',
        kind,
        metadata: {
          name,
          ...scope,
          uid: `uid-${kind}-${name}`,
          creationTimestamp: '2026-01-01T00:00:00Z',
          ...metadata,
        },
        ...rest,
      };
      made.invariants.check(model.take(keyOf(kind, name), object));
      return object;
    },
    remove: (kind, name) => made.invariants.check(model.take(keyOf(kind, name), undefined)),
  };
  return made;
}

const ownedBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'v1', kind, name, uid: `uid-${kind}-${name}`, controller: true }],
});
const ready = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } };

describe('invariants of the simulation', () => {
  const forbids = (what: string, act: (court: Court) => void, message: RegExp) =>
    it(`forbid ${what}`, () => {
      assert.throws(
        () => act(court()),
        (error: unknown) => error instanceof Violation && message.test(error.message),
      );
    });

  const gizmo = (spec: object, status = {}) => ({
    apiVersion: 'sim.example.com/v1',
    spec: { size: 1, limit: 5, colour: 'red', ...spec },
    status,
  });
  const define = (court: Court) =>
    court.put('CustomResourceDefinition', 'gizmos.sim.example.com', {
      spec: { names: { kind: 'Gizmo' } },
      status: { acceptedNames: { plural: 'gizmos', singular: 'gizmo', shortNames: ['gz'] } },
    });
  const hook = (court: Court, kind: string) =>
    court.put(`${kind}WebhookConfiguration`, 'h', { webhooks: [{ failurePolicy: 'Fail' }] });
  for (const [what, spec, status] of [
    ['an unknown field', { other: 1 }, {}],
    ['an unknown field', { note: 'of v2' }, {}],
    ['an unknown status', {}, { other: 1 }],
    ['a wrong size', { size: 'many' }, {}],
    ['a size beyond its limit', { size: 8 }, {}],
    ['no limit', { limit: null }, {}],
    ['a wrong colour', { colour: 'black' }, {}],
  ] as const)
    forbids(
      `custom resources with ${what}: ${JSON.stringify({ ...spec, ...status })}`,
      (court) => {
        define(court);
        court.put('Gizmo', 'g', gizmo(spec, status));
      },
      new RegExp(`is stored with ${what}`),
    );
  forbids(
    'changes that a transition rule refuses',
    (court) => {
      define(court);
      court.put('Gizmo', 'g', gizmo({}));
      court.put('Gizmo', 'g', gizmo({ colour: 'blue' }));
    },
    /with another colour/,
  );
  forbids(
    'what a webhook denies',
    (court) => {
      define(court);
      hook(court, 'Validating');
      court.now = Date.parse('2026-01-02T00:00:00Z');
      court.put('Gizmo', 'g', gizmo({ size: 4 }));
    },
    /a size that a webhook denies/,
  );
  forbids(
    'what a webhook did not see',
    (court) => {
      define(court);
      hook(court, 'Mutating');
      court.now = Date.parse('2026-01-02T00:00:00Z');
      court.put('Gizmo', 'g', gizmo({}));
    },
    /no stamp of a webhook/,
  );
  forbids(
    'custom resources without their definition',
    (court) => court.put('Gizmo', 'g', gizmo({})),
    /with no definition/,
  );
  forbids(
    'definitions that leave objects behind',
    (court) => {
      define(court);
      court.put('Gizmo', 'g', gizmo({}));
      court.remove('CustomResourceDefinition', 'gizmos.sim.example.com');
    },
    /is gone, and Gizmo .* is still there/,
  );
  forbids(
    'one name of two definitions',
    (court) => {
      define(court);
      court.put('CustomResourceDefinition', 'gadgets.sim.example.com', {
        spec: { names: { kind: 'Gadget' } },
        status: { acceptedNames: { plural: 'gadgets', shortNames: ['gz'] } },
      });
    },
    /both have the name gz/,
  );

  forbids(
    'that a pod moves',
    (c) => {
      c.put('Pod', 'a', { spec: { nodeName: 'one' } });
      c.put('Pod', 'a', { spec: { nodeName: 'two' } });
    },
    /moved from one to two/,
  );

  forbids(
    'that a finished pod comes back',
    (c) => {
      c.put('Pod', 'a', { spec: {}, status: { phase: 'Succeeded' } });
      c.put('Pod', 'a', { spec: {}, status: { phase: 'Running' } });
    },
    /came back/,
  );

  forbids(
    'more pods than a controller may have, once it knows of them',
    (c) => {
      c.put('ReplicationController', 'rc', { spec: { replicas: 1 } });
      for (const name of ['a', 'b']) {
        c.put('Pod', name, { spec: {} }, ownedBy('ReplicationController', 'rc'));
        c.invariants.acknowledge(`uid-Pod-${name}`);
      }
    },
    /has 2 pods and may have 1/,
  );

  it('allow one pod more when the response to its creation was lost', () => {
    const c = court();
    c.put('ReplicationController', 'rc', { spec: { replicas: 1 } });
    c.put('Pod', 'a', { spec: {} }, ownedBy('ReplicationController', 'rc'));
    c.put('Pod', 'b', { spec: {} }, ownedBy('ReplicationController', 'rc'));
    c.invariants.acknowledge('uid-Pod-b');
  });

  forbids(
    'more replicas than a deployment may surge to',
    (c) => {
      c.put('Deployment', 'd', {
        spec: { replicas: 2, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
      });
      for (const name of ['a', 'b'])
        c.put('ReplicaSet', name, { spec: { replicas: 2 } }, ownedBy('Deployment', 'd'));
    },
    /asks for 4 pods and may have 3/,
  );

  forbids(
    'an ordinal before the one below it was ready',
    (c) => {
      c.put('StatefulSet', 's', { spec: { replicas: 2 } });
      c.put('Pod', 's-0', { spec: {} }, ownedBy('StatefulSet', 's'));
      c.put('Pod', 's-1', { spec: {} }, ownedBy('StatefulSet', 's'));
    },
    /before ordinal 0 was ready/,
  );

  const completed = (c: ReturnType<typeof court>, acknowledged: readonly string[]) => {
    c.put('Job', 'j', { spec: { completions: 1 } });
    for (const name of ['a', 'b'])
      c.put('Pod', name, { spec: {}, status: { phase: 'Succeeded' } }, ownedBy('Job', 'j'));
    for (const name of acknowledged) c.invariants.acknowledge(`uid-Pod-${name}`);
    const conditions = [{ type: 'Complete', status: 'True' }];
    c.put('Job', 'j', { spec: { completions: 1 }, status: { succeeded: 2, conditions } });
  };

  forbids(
    'that a job completes with too many pods',
    (c) => completed(c, ['a', 'b']),
    /is complete with 2 of 1/,
  );

  it('allow a success more when the response to the creation of its pod was lost', () => {
    completed(court(), ['a']);
  });

  forbids(
    'that a job counts one pod twice',
    (c) => {
      c.put('Job', 'j', { spec: { completions: 2 } });
      c.put('Pod', 'a', { spec: {}, status: { phase: 'Succeeded' } }, ownedBy('Job', 'j'));
      c.put('Job', 'j', { spec: { completions: 2 }, status: { succeeded: 2 } });
    },
    /counts 2 successes of 1 pods/,
  );

  forbids(
    'a deleted object that nothing holds',
    (c) => {
      c.put('ConfigMap', 'a', {}, { deletionTimestamp: '2026-01-01T00:00:01Z', finalizers: [] });
    },
    /is still there/,
  );

  forbids(
    'that a namespace goes before what is in it',
    (c) => {
      c.put('Namespace', 'ns', { spec: {} });
      c.put('ConfigMap', 'a');
      c.remove('Namespace', 'ns');
    },
    /is gone and ConfigMap ns\/a is still there/,
  );

  forbids(
    'that services share an address',
    (c) => {
      for (const name of ['a', 'b'])
        c.put('Service', name, { spec: { clusterIPs: ['10.100.0.9'] } });
    },
    /share 10\.100\.0\.9/,
  );

  const putReady = (c: Court, ...names: string[]) => {
    for (const name of names) c.put('Pod', name, { spec: {}, ...ready }, { labels: { app: 'x' } });
  };
  const evict = (c: Court, name: string) => {
    const conditions = [
      ...ready.status.conditions,
      { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' },
    ];
    c.put(
      'Pod',
      name,
      { spec: {}, status: { phase: 'Running', conditions } },
      { labels: { app: 'x' } },
    );
    c.remove('Pod', name);
  };
  const evictOneOfTwo = (c: Court) => {
    c.put('PodDisruptionBudget', 'b', {
      spec: { selector: { matchLabels: { app: 'x' } } },
      status: { desiredHealthy: 2 },
    });
    putReady(c, 'a', 'b');
    evict(c, 'a');
  };
  forbids(
    'an eviction that a budget does not allow',
    evictOneOfTwo,
    /wants 2 healthy pods and has 1/,
  );

  it('ignore evictions shortly after another loss', () => {
    const c = court();
    c.put('Pod', 'lost', { spec: {}, ...ready }, { labels: { app: 'x' } });
    c.remove('Pod', 'lost');
    evictOneOfTwo(c);
  });

  it('ignore evictions shortly after an eviction that no budget covered', () => {
    const c = court();
    putReady(c, 'early');
    evict(c, 'early');
    evictOneOfTwo(c);
  });
});

describe('twins of the simulation', () => {
  const shown = (rest: object, twins = new Twins()) => {
    for (const uid of ['one', 'two'])
      twins.take({
        key: '',
        previous: undefined,
        object: {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 's-0', namespace: 'ns', uid, ...ownedBy('StatefulSet', 's') },
          ...rest,
        },
      });
    return twins;
  };
  const running = [
    { node: 'a', uid: 'one', pod: 'ns/s-0' },
    { node: 'b', uid: 'two', pod: 'ns/s-0' },
  ];

  it('are an ordinal that runs twice, unless its grace was 0 or its node was deleted', () => {
    assert.match(
      shown({ spec: { terminationGracePeriodSeconds: 5 } }).check(running) ?? '',
      /ns\/s-0 runs on a as one and on b as two/,
    );
    assert.equal(
      shown({ spec: { terminationGracePeriodSeconds: 5 } }).check(running.slice(1)),
      undefined,
    );
    assert.equal(shown({ spec: { terminationGracePeriodSeconds: 0 } }).check(running), undefined);
    const twins = shown({ spec: {} });
    twins.take({
      key: '',
      object: undefined,
      previous: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } },
    });
    assert.equal(twins.check(running), undefined);
  });
});

describe('invariants of volumes', () => {
  const broken = (what: string, act: (court: Court) => void, message: RegExp) =>
    it(`forbid ${what}`, () => {
      assert.throws(() => act(court()), message);
    });
  const claimed = (c: Court, claim = 'c', volume = 'v') =>
    c.put('PersistentVolumeClaim', claim, {
      spec: { volumeName: volume },
      status: { phase: 'Bound' },
    });
  const held = (c: Court, claim?: string, volume = 'v') =>
    c.put('PersistentVolume', volume, {
      spec: claim ? { claimRef: { uid: `uid-PersistentVolumeClaim-${claim}` } } : {},
      status: { phase: claim ? 'Bound' : 'Available' },
    });
  broken('two claims with one volume', (c) => [claimed(c), claimed(c, 'd')], /share v/);
  broken('a claim that changes its volume', (c) => [claimed(c), claimed(c, 'c', 'w')], /v to w/);
  broken('a volume that changes its claim', (c) => [held(c, 'c'), held(c, 'd')], /to another/);
  broken(
    'the end of a volume that is claimed',
    (c) => [held(c, 'c'), claimed(c), c.remove('PersistentVolume', 'v')],
    /which still has it/,
  );
  broken(
    'the release of a volume that is claimed',
    (c) => [held(c, 'c'), claimed(c), held(c)],
    /which still has it/,
  );
  broken(
    'lost claims',
    (c) => c.put('PersistentVolumeClaim', 'c', { spec: {}, status: { phase: 'Lost' } }),
    /is lost/,
  );
  const user = (c: Court, name: string, nodeName: string) =>
    c.put('Pod', name, {
      spec: { nodeName, volumes: [{ persistentVolumeClaim: { claimName: 'c' } }] },
    });
  broken('one claim on two nodes', (c) => [user(c, 'a', 'n'), user(c, 'b', 'm')], /two nodes/);

  it('allow the release of a volume after its claim, and two pods on one node', () => {
    const c = court();
    held(c, 'c');
    claimed(c);
    user(c, 'a', 'n');
    user(c, 'b', 'n');
    c.remove('PersistentVolumeClaim', 'c');
    held(c);
    c.remove('PersistentVolume', 'v');
  });

  it('list at rest the claims of pods that wait, and volumes that nobody released', () => {
    const c = court();
    user(c, 'a', 'n');
    c.put('PersistentVolumeClaim', 'c', { spec: {}, status: { phase: 'Pending' } });
    held(c);
    const text = unfinished(c.model, [], c.metrics).join('\n');
    assert.match(text, /PersistentVolumeClaim ns\/c is Pending/);
    assert.match(text, /PersistentVolume ns\/v is Available/);
  });
});

describe('invariants of autoscalers', () => {
  const spec = (range: object) => ({
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      metrics: [{ type: 'Resource' }],
      minReplicas: 2,
      maxReplicas: 4,
      ...range,
    },
  });
  const owner = (subresource?: string) => ({
    managedFields: [{ manager: 'm', subresource, fieldsV1: { 'f:spec': { 'f:replicas': {} } } }],
  });
  const size = (c: Court, replicas: number, subresource?: string) =>
    c.put('Deployment', 'web', { spec: { replicas, template: {} } }, owner(subresource));
  const scaled = (c: Court, from: number, to: number) => {
    size(c, from);
    size(c, to, 'scale');
  };
  const said = (act: (c: Court) => void): string => {
    const c = court();
    c.put('HorizontalPodAutoscaler', 'hpa', spec({}));
    try {
      act(c);
    } catch (error) {
      assert.ok(error instanceof Violation);
      return error.message;
    }
    return '';
  };

  it('forbid a size out of the range, which users may choose', () => {
    const message =
      'Deployment ns/web was scaled from 3 to 5, out of the range of every autoscaler';
    assert.equal(
      said((c) => scaled(c, 3, 5)),
      message,
    );
    assert.equal(
      said((c) => scaled(c, 3, 4)),
      '',
    );
    assert.equal(
      said((c) => {
        scaled(c, 3, 4);
        size(c, 5);
      }),
      '',
    );
  });

  it('know for a while the range that was', () => {
    const after = (ms: number) =>
      said((c) => {
        c.put('HorizontalPodAutoscaler', 'hpa', spec({ maxReplicas: 9 }));
        c.remove('HorizontalPodAutoscaler', 'hpa');
        c.now += ms;
        scaled(c, 3, 9);
      });
    assert.equal(after(100_000), '');
    assert.match(after(200_000), /out of the range of every autoscaler/);
  });

  it('forbid a change without metrics, but for the bounds', () => {
    const silent = (from: number, to: number, ms: number, act = (_: Court) => {}) =>
      said((c) => {
        c.metrics.silence('ns/web', true);
        c.now += ms;
        act(c);
        scaled(c, from, to);
      });
    assert.equal(silent(2, 3, 200_000), 'Deployment ns/web was scaled from 2 to 3 without metrics');
    assert.equal(silent(2, 3, 100_000), '');
    assert.equal(silent(9, 4, 200_000), '');
    assert.match(silent(9, 3, 200_000), /without metrics/);
    assert.equal(
      silent(2, 3, 200_000, (c) => c.metrics.silence('ns/web', false)),
      '',
    );
    const down = said((c) => {
      c.metrics.up = false;
      c.now += 200_000;
      scaled(c, 2, 3);
    });
    assert.match(down, /without metrics/);
  });

  it('list at rest a size that the load does not ask for, and a status that is behind', () => {
    const c = court();
    const conditions = [
      { type: 'AbleToScale', reason: 'ReadyForNewScale' },
      { type: 'ScalingActive', reason: 'ValidMetricFound' },
    ];
    const status = { currentReplicas: 3, desiredReplicas: 3, conditions };
    const left = (rest: object, load: number) => {
      c.put('HorizontalPodAutoscaler', 'hpa', { ...spec({}), status: { ...status, ...rest } });
      c.metrics.loads.set('ns/web', load);
      return unfinished(c.model, [], c.metrics).filter((line) => line.startsWith('Horizontal'));
    };
    c.put('Namespace', 'ns', { spec: {} });
    size(c, 3);
    const name = 'HorizontalPodAutoscaler ns/hpa';
    assert.deepEqual(left({}, 15), []);
    assert.deepEqual(left({}, 30), [`${name}: size is 3, wanted 4`]);
    assert.deepEqual(left({}, 0), [`${name}: size is 3, wanted 2`]);
    assert.deepEqual(left({ currentReplicas: 2 }, 15), [`${name}: currentReplicas is 2, wanted 3`]);
    c.metrics.silence('ns/web', true);
    c.now += 1_000;
    assert.deepEqual(left({}, 15), [
      `${name}: ScalingActive is ValidMetricFound, wanted FailedGetResourceMetric`,
    ]);
    c.metrics.silence('ns/web', false);
    size(c, 5);
    assert.match(left({}, 25).join(), /size is 5, wanted 4/);
    c.remove('Deployment', 'web');
    assert.deepEqual(left({}, 15), [
      `${name}: AbleToScale is ReadyForNewScale, wanted FailedGetScale`,
    ]);
  });
});

describe('unfinished work', () => {
  it('is listed until the cluster has its desired state', () => {
    const c = court();
    c.put(
      'ReplicationController',
      'rc',
      {
        spec: { replicas: 1 },
        status: { replicas: 1, readyReplicas: 1, availableReplicas: 1, observedGeneration: 1 },
      },
      { generation: 1 },
    );
    assert.match(
      unfinished(c.model, [], c.metrics).join('\n'),
      /ReplicationController ns\/rc: pods is 0, wanted 1/,
    );
    c.put('Namespace', 'ns', { spec: {} });
    c.put('Node', 'n', { spec: {}, status: { conditions: [{ type: 'Ready', status: 'True' }] } });
    c.put(
      'Pod',
      'a',
      { spec: { nodeName: 'n' }, ...ready },
      ownedBy('ReplicationController', 'rc'),
    );
    assert.deepEqual(unfinished(c.model, [{ node: 'n', uids: ['uid-Pod-a'] }], c.metrics), []);
    assert.match(
      unfinished(c.model, [{ node: 'n', uids: [] }], c.metrics).join('\n'),
      /does not run on n/,
    );
    c.put('Service', 's', { spec: { selector: {} } });
    c.put('Service', 's', { spec: { selector: { app: 'none' } } });
    c.put(
      'EndpointSlice',
      's-1',
      { endpoints: [{ addresses: ['10.1.1.1'] }] },
      { labels: { 'kubernetes.io/service-name': 's' } },
    );
    assert.match(
      unfinished(c.model, [{ node: 'n', uids: ['uid-Pod-a'] }], c.metrics).join('\n'),
      /addresses in slices is 10\.1\.1\.1/,
    );
  });
});
