import { strict as assert } from 'node:assert';
import { observedContainer } from '../../../test/support/observed-container.js';
import type { ContainerStatus, Pod, PodStatus } from '../../apis/core/v1/types.js';
import type { ObservedContainer } from '../types/observed.js';
import { generateStatus, phaseOf, type StatusInput } from './generate.js';
import { overwritten, statusPatch } from './patch.js';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

function podOf(more: Partial<Pod['spec']> = {}, status?: PodStatus): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', uid: 'u' },
    spec: { containers: [{ name: 'c', image: 'i' }], ...more },
    ...(status ? { status } : {}),
  };
}

function seen(
  state: ObservedContainer['state'],
  more: Partial<ObservedContainer> = {},
): ObservedContainer {
  return observedContainer({
    state,
    createdAt: NOW,
    startedAt: NOW,
    finishedAt: NOW,
    image: 'docker.io/library/i:latest',
    imageRef: 'sha256:1',
    ...more,
  });
}

function generate(
  pod: Pod,
  containers: ObservedContainer[],
  more: Partial<StatusInput> = {},
): PodStatus {
  return generateStatus({
    pod,
    observed: {
      uid: 'u',
      name: 'p',
      namespace: 'default',
      sandboxes: [
        { id: 's', attempt: 0, ready: true, createdAt: NOW, ips: ['10.0.0.2'], hostNetwork: false },
      ],
      containers,
    },
    runtimeName: 'containerd',
    waiting: new Map(),
    starting: new Set(),
    started: () => true,
    ready: () => true,
    old: {},
    hostIPs: ['192.0.2.1'],
    now: NOW,
    ...more,
  });
}

const state = (kind: 'running' | 'waiting' | 'ok' | 'failed', name = 'c'): ContainerStatus => ({
  name,
  image: '',
  imageID: '',
  ready: kind === 'running',
  restartCount: 0,
  started: kind === 'running',
  state:
    kind === 'running'
      ? { running: {} }
      : kind === 'waiting'
        ? { waiting: {} }
        : { terminated: { exitCode: kind === 'ok' ? 0 : 1 } },
});

const condition = (s: PodStatus, type: string) => s.conditions?.find((c) => c.type === type);

describe('pod status', () => {
  it('derives the phase', () => {
    const two = podOf({
      containers: [
        { name: 'c', image: 'i' },
        { name: 'd', image: 'i' },
      ],
    });
    const never = podOf({ restartPolicy: 'Never' });
    const phase = (
      pod: Pod,
      list: ContainerStatus[],
      init: ContainerStatus[] = [],
      terminal = false,
    ) => phaseOf(pod, list, init, terminal);
    assert.equal(phase(two, [state('running'), state('waiting', 'd')]), 'Pending');
    assert.equal(phase(two, [state('running'), state('failed', 'd')]), 'Running');
    assert.equal(phase(podOf(), [state('failed')]), 'Running');
    assert.equal(phase(never, [state('failed')]), 'Failed');
    assert.equal(phase(never, [state('ok')]), 'Succeeded');
    assert.equal(phase(podOf({ restartPolicy: 'OnFailure' }), [state('failed')]), 'Running');
    assert.equal(phase(podOf(), [state('failed')], [], true), 'Failed');
    const init = podOf({ initContainers: [{ name: 'i', image: 'i' }] });
    assert.equal(phase(init, [state('waiting')], [state('running', 'i')]), 'Pending');
    assert.equal(
      phase(
        { ...init, spec: { ...init.spec, restartPolicy: 'Never' } },
        [state('waiting')],
        [state('failed', 'i')],
      ),
      'Failed',
    );
  });

  it('describes a running pod', () => {
    const s = generate(podOf(), [seen('running')]);
    assert.equal(s.phase, 'Running');
    assert.deepEqual(s.podIPs, [{ ip: '10.0.0.2' }]);
    assert.equal(s.hostIP, '192.0.2.1');
    assert.equal(s.startTime, '2026-01-02T03:04:05Z');
    assert.deepEqual(
      s.conditions?.map((c) => [c.type, c.status]),
      [
        ['PodReadyToStartContainers', 'True'],
        ['Initialized', 'True'],
        ['Ready', 'True'],
        ['ContainersReady', 'True'],
        ['PodScheduled', 'True'],
      ],
    );
    assert.deepEqual(s.containerStatuses, [
      {
        name: 'c',
        state: { running: { startedAt: '2026-01-02T03:04:05Z' } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: 'docker.io/library/i:latest',
        imageID: 'sha256:1',
        containerID: 'containerd://id',
        started: true,
      },
    ]);
  });

  it('keeps transition times while a condition stays', () => {
    const first = generate(podOf(), [seen('running')]);
    const later = generate(podOf(), [seen('running')], {
      old: first,
      now: NOW + 60_000,
      ready: () => false,
    });
    assert.equal(condition(later, 'Initialized')?.lastTransitionTime, '2026-01-02T03:04:05Z');
    assert.equal(condition(later, 'Ready')?.lastTransitionTime, '2026-01-02T03:05:05Z');
    assert.equal(condition(later, 'Ready')?.message, 'containers with unready status: [c]');
  });

  it('reports a crashed container as waiting, with its last state', () => {
    const waiting = new Map([['c', { reason: 'CrashLoopBackOff', message: 'back-off 10s' }]]);
    const s = generate(
      podOf(),
      [seen('exited', { exitCode: 2, message: 'why', restartCount: 3 })],
      { waiting, ready: () => false },
    );
    const c = s.containerStatuses![0]!;
    assert.equal(c.state?.waiting?.reason, 'CrashLoopBackOff');
    assert.deepEqual(
      [
        c.lastState?.terminated?.exitCode,
        c.lastState?.terminated?.reason,
        c.lastState?.terminated?.message,
      ],
      [2, 'Error', 'why'],
    );
    assert.deepEqual([c.restartCount, s.phase], [3, 'Running']);
  });

  it('keeps the phases Failed and Succeeded, and is Failed if the node terminates the pod', () => {
    assert.equal(
      generate(podOf(), [seen('running')], { old: { phase: 'Succeeded' } }).phase,
      'Succeeded',
    );
    const s = generate(podOf(), [seen('exited')], {
      ended: { reason: 'DeadlineExceeded', message: 'late' },
      final: true,
    });
    assert.deepEqual([s.phase, s.reason, s.message], ['Failed', 'DeadlineExceeded', 'late']);
    assert.equal(condition(s, 'PodReadyToStartContainers')?.status, 'False');
  });

  it('has only terminated containers when it is final', () => {
    const s = generate(
      podOf({
        containers: [
          { name: 'c', image: 'i' },
          { name: 'd', image: 'i' },
        ],
      }),
      [seen('exited', { exitCode: 0 })],
      { final: true },
    );
    assert.equal(s.containerStatuses?.[0]?.state?.terminated?.reason, 'Completed');
    assert.equal(s.containerStatuses?.[1]?.state?.terminated?.reason, 'ContainerStatusUnknown');
    assert.ok(s.containerStatuses?.every((c) => !c.ready));
  });

  it('never takes a termination back, whatever the runtime still shows', () => {
    const ended = (code: number, more: Partial<ObservedContainer> = {}) => [
      seen('exited', { exitCode: code, message: 'bye', ...more }),
    ];
    const waiting = new Map([['c', { reason: 'CrashLoopBackOff', message: 'back-off 10s' }]]);
    for (const [pod, code] of [
      [podOf(), 42],
      [podOf({ restartPolicy: 'Never' }), 0],
      [podOf({ restartPolicy: 'OnFailure' }), 3],
    ] as const) {
      const final = generate(pod, ended(code, { restartCount: 2 }), { final: true, waiting });
      const { terminated } = final.containerStatuses![0]!.state!;
      assert.deepEqual([terminated?.exitCode, terminated?.message], [code, 'bye']);
      const removed = generate(pod, [], { final: true, waiting, old: final, now: NOW + 9000 });
      assert.deepEqual(removed, final);
    }
  });

  it('ends only containers that may have run', () => {
    const withInit = (more: Partial<Pod['spec']> = {}) =>
      podOf({
        initContainers: [
          { name: 'i1', image: 'i' },
          { name: 'i2', image: 'i' },
        ],
        ...more,
      });
    const init = (name: string, exitCode: number) => seen('exited', { name, id: name, exitCode });
    const states = (s: PodStatus) =>
      [...s.initContainerStatuses!, ...s.containerStatuses!].map(
        (c) => c.state?.waiting?.reason ?? c.state?.terminated?.reason ?? 'Running',
      );
    const failed = generate(withInit({ restartPolicy: 'Never' }), [init('i1', 5)], { final: true });
    assert.deepEqual(states(failed), ['Error', 'PodInitializing', 'PodInitializing']);
    assert.equal(failed.phase, 'Failed');
    assert.equal(condition(failed, 'Initialized')?.status, 'False');
    const between = generate(withInit(), [init('i2', 0), init('i1', 0)], { final: true });
    assert.deepEqual(states(between), ['Completed', 'Completed', 'ContainerStatusUnknown']);
    assert.deepEqual(
      between.initContainerStatuses!.map((c) => c.ready),
      [true, true],
    );
    const early = generate(withInit(), [], { final: true });
    assert.deepEqual(states(early), [
      'ContainerStatusUnknown',
      'PodInitializing',
      'PodInitializing',
    ]);
    assert.equal(early.phase, 'Failed');
  });

  it('says PodInitializing for every container that waits behind an init container', () => {
    const pod = podOf({
      initContainers: [
        { name: 'i1', image: 'i' },
        { name: 'i2', image: 'i' },
      ],
    });
    const s = generate(pod, [seen('running', { name: 'i1' })]);
    assert.deepEqual(
      [s.initContainerStatuses![1]!, s.containerStatuses![0]!].map((c) => c.state?.waiting?.reason),
      ['PodInitializing', 'PodInitializing'],
    );
  });

  it('limits termination messages to 12 KiB per pod, cut between characters', () => {
    const containers = Array.from({ length: 4 }, (_, at) => ({ name: `c${at}`, image: 'i' }));
    const observed = containers.map(({ name }) => ({
      ...seen('exited', { exitCode: 1, message: 'ä'.repeat(2000) }),
      name,
      id: name,
    }));
    const s = generate(podOf({ containers, restartPolicy: 'Never' }), observed);
    const messages = s.containerStatuses!.map((c) => c.state!.terminated!.message!);
    assert.deepEqual(
      messages.map((m) => [new TextEncoder().encode(m).length, new Set(m).size]),
      containers.map(() => [3072, 1]),
    );
    const odd = generate(podOf({ containers: containers.slice(0, 1), restartPolicy: 'Never' }), [
      { ...observed[0]!, message: `x${'ä'.repeat(9000)}` },
    ]);
    assert.equal(
      new TextEncoder().encode(odd.containerStatuses![0]!.state!.terminated!.message!).length,
      12 * 1024 - 1,
    );
    const short = generate(
      podOf({ containers, restartPolicy: 'Never' }),
      observed.map((o) => ({ ...o, message: 'short' })),
    );
    assert.equal(short.containerStatuses![3]!.state!.terminated!.message, 'short');
  });

  it('evaluates readiness gates', () => {
    const gated = podOf({ readinessGates: [{ conditionType: 'x/y' }] });
    assert.match(
      condition(generate(gated, [seen('running')]), 'Ready')?.message ?? '',
      /corresponding condition of pod readiness gate "x\/y" does not exist/,
    );
    const open = generate(gated, [seen('running')], {
      old: { conditions: [{ type: 'x/y', status: 'True' }] },
    });
    assert.equal(condition(open, 'Ready')?.status, 'True');
    assert.equal(condition(open, 'x/y')?.status, 'True');
  });

  it('removes stale addresses by patch and keeps conditions of other writers', () => {
    const conditions = [
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'why' },
    ];
    const pod = podOf(
      {},
      {
        phase: 'Running',
        podIP: '10.0.0.9',
        podIPs: [{ ip: '10.0.0.9' }],
        reason: 'Old',
        conditions,
      },
    );
    const patch = statusPatch(pod, {
      ...generate(podOf(), [seen('running')]),
      conditions: [
        { type: 'x/y', status: 'True' },
        { type: 'Ready', status: 'True' },
      ],
    }) as { metadata: object; status: Record<string, unknown> };
    assert.deepEqual(patch.metadata, { uid: 'u' });
    assert.deepEqual(patch.status['podIPs'], [
      { ip: '10.0.0.2' },
      { $patch: 'delete', ip: '10.0.0.9' },
    ]);
    assert.deepEqual(patch.status['conditions'], [
      { type: 'Ready', status: 'True', reason: null, message: null },
    ]);
    assert.equal(patch.status['reason'], null);
  });

  it('detects another writer', () => {
    const ours = generate(podOf(), [seen('running')]);
    assert.equal(overwritten(ours, ours), false);
    const theirs = {
      ...ours,
      conditions: ours.conditions!.map((c) => (c.type === 'Ready' ? { ...c, status: 'False' } : c)),
    };
    assert.equal(overwritten(theirs, ours), true);
  });
});
