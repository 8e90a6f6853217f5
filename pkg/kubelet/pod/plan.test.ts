import { strict as assert } from 'node:assert';
import { observedContainer } from '../../../test/support/observed-container.js';
import type { Container, Pod } from '../../apis/core/v1/types.js';
import { containerHash } from '../types/labels.js';
import type { ObservedContainer, ObservedPod } from '../types/observed.js';
import { planPod, stopOrder, type PodPlan, type ProbeVerdict } from './plan.js';

const spec = (name: string, more: Partial<Container> = {}): Container => ({
  name,
  image: 'i',
  ...more,
});

function podOf(more: Partial<Pod['spec']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', uid: 'u' },
    spec: { containers: [spec('c')], ...more },
  };
}

function seen(
  name: string,
  state: ObservedContainer['state'],
  more: Partial<ObservedContainer> = {},
): ObservedContainer {
  return observedContainer({
    id: `id-${name}`,
    name,
    sandboxId: 's0',
    state,
    createdAt: 1,
    startedAt: 1,
    finishedAt: 2,
    image: 'i',
    imageRef: 'i',
    hash: containerHash(spec(name)),
    ...more,
  });
}

function observed(
  containers: ObservedContainer[],
  sandbox: 'ready' | 'dead' | 'none' = 'ready',
): ObservedPod {
  const sandboxes =
    sandbox === 'none'
      ? []
      : [
          {
            id: 's0',
            attempt: 0,
            ready: sandbox === 'ready',
            createdAt: 1,
            ips: ['10.0.0.2'],
            hostNetwork: false,
          },
        ];
  return { uid: 'u', name: 'p', namespace: 'default', sandboxes, containers };
}

function plan(
  pod: Pod,
  state: ObservedPod,
  more: { backoff?: number; verdict?: ProbeVerdict; started?: boolean; counted?: number } = {},
): PodPlan {
  return planPod({
    pod,
    observed: state,
    backoffUntil: () => more.backoff ?? 0,
    countedRestarts: () => more.counted ?? 0,
    verdict: () => more.verdict ?? 'ok',
    started: () => more.started ?? true,
    now: 1000,
  });
}

const starts = (p: PodPlan) => p.start.map((s) => s.container.name);

describe('plan of a pod', () => {
  it('starts with the sandbox alone', () => {
    const p = plan(podOf(), observed([], 'none'));
    assert.equal(p.createSandbox, 0);
    assert.deepEqual([p.killPod, starts(p)], [false, []]);
  });

  it('replaces a dead sandbox and increments the attempt', () => {
    const p = plan(podOf(), observed([seen('c', 'exited', { exitCode: 137 })], 'dead'));
    assert.deepEqual([p.killPod, p.createSandbox], [true, 1]);
  });

  it('does not restart a pod with restartPolicy Never', () => {
    const p = plan(
      podOf({ restartPolicy: 'Never' }),
      observed([seen('c', 'exited', { exitCode: 1 })], 'dead'),
    );
    assert.equal(p.createSandbox, undefined);
  });

  it('replaces a sandbox without an address or on the wrong network', () => {
    const bare = observed([]);
    bare.sandboxes[0]!.ips = [];
    assert.equal(plan(podOf(), bare).createSandbox, 1);
    assert.equal(plan(podOf({ hostNetwork: true }), observed([])).createSandbox, 1);
  });

  it('follows the restart policy', () => {
    const ended = (exitCode: number) => observed([seen('c', 'exited', { exitCode })]);
    assert.deepEqual(starts(plan(podOf(), ended(0))), ['c']);
    assert.deepEqual(starts(plan(podOf({ restartPolicy: 'OnFailure' }), ended(1))), ['c']);
    const over = plan(podOf({ restartPolicy: 'OnFailure' }), ended(0));
    assert.deepEqual([over.killPod, starts(over)], [true, []]);
  });

  it('waits for the end of the back-off', () => {
    const p = plan(podOf(), observed([seen('c', 'exited', { exitCode: 1 })]), { backoff: 5000 });
    assert.deepEqual([starts(p), p.waiting.map((w) => w.until)], [[], [5000]]);
  });

  it('counts restarts and reuses the number of a container that never ran', () => {
    assert.equal(
      plan(podOf(), observed([seen('c', 'exited', { restartCount: 4 })])).start[0]!.restartCount,
      5,
    );
    const neverStarted = plan(podOf(), observed([seen('c', 'created', { restartCount: 4 })]))
      .start[0]!;
    assert.deepEqual([neverStarted.restartCount, neverStarted.replaces], [4, 'id-c']);
  });

  it('kills containers with a changed image or a failed probe', () => {
    const running = observed([seen('c', 'running')]);
    assert.match(
      plan(podOf({ containers: [spec('c', { image: 'other' })] }), running).kill[0]!.message,
      /definition changed/,
    );
    assert.equal(
      plan(podOf(), running, { verdict: 'liveness' }).kill[0]!.message,
      'Container c failed liveness probe, will be restarted',
    );
    assert.equal(plan(podOf(), running, { verdict: 'startup' }).kill[0]!.reason, 'startup');
    assert.deepEqual(plan(podOf(), running).kill, []);
  });

  it('runs init containers one by one', () => {
    const pod = podOf({ initContainers: [spec('i1'), spec('i2')] });
    assert.deepEqual(starts(plan(pod, observed([]))), ['i1']);
    assert.deepEqual(starts(plan(pod, observed([seen('i1', 'running')]))), []);
    assert.deepEqual(starts(plan(pod, observed([seen('i1', 'exited')]))), ['i2']);
    assert.deepEqual(
      starts(plan(pod, observed([seen('i1', 'exited'), seen('i2', 'exited', { exitCode: 1 })]))),
      ['i2'],
    );
    assert.deepEqual(starts(plan(pod, observed([seen('i1', 'exited'), seen('i2', 'exited')]))), [
      'c',
    ]);
    const never = plan(
      { ...pod, spec: { ...pod.spec, restartPolicy: 'Never' } },
      observed([seen('i1', 'exited', { exitCode: 1 })]),
    );
    assert.deepEqual([never.killPod, starts(never)], [true, []]);
  });

  it('runs init containers again in a new sandbox', () => {
    const pod = podOf({ initContainers: [spec('i1')] });
    const old = observed([
      seen('c', 'exited', { sandboxId: 'old' }),
      seen('i1', 'exited', { sandboxId: 'old' }),
    ]);
    assert.deepEqual(starts(plan(pod, old)), ['i1']);
  });

  it('numbers instances per pod, across sandboxes', () => {
    const side = spec('side', { restartPolicy: 'Always' });
    const pod = podOf({ initContainers: [side, spec('i1')] });
    const old = (name: string, more: Partial<ObservedContainer> = {}) =>
      seen(name, 'exited', { sandboxId: 'old', id: `old-${name}`, restartCount: 2, ...more });
    const all = [old('side', { exitCode: 137 }), old('i1'), old('c', { exitCode: 137 })];
    const first = plan(pod, observed(all)).start;
    assert.deepEqual(
      first.map((s) => [s.container.name, s.restartCount, s.replaces]),
      [['side', 3, undefined]],
    );
    const inits = plan(pod, observed([seen('side', 'running'), ...all])).start;
    assert.deepEqual(
      inits.map((s) => [s.container.name, s.restartCount]),
      [['i1', 3]],
    );
    const created = plan(
      podOf({ initContainers: [spec('i1')] }),
      observed([seen('i1', 'created', { sandboxId: 'old', id: 'x', restartCount: 1 })]),
    ).start[0]!;
    assert.deepEqual([created.restartCount, created.replaces], [1, 'x']);
    assert.equal(plan(podOf(), observed([]), { counted: 4 }).start[0]!.restartCount, 4);
  });

  it('waits for the back-off of an init container that crashed in an earlier sandbox', () => {
    const pod = podOf({ initContainers: [spec('i1')] });
    const crashed = observed([seen('i1', 'exited', { sandboxId: 'old', exitCode: 1 })]);
    assert.deepEqual(starts(plan(pod, crashed, { backoff: 5000 })), []);
  });

  it('keeps sidecars running beside regular containers', () => {
    const pod = podOf({
      initContainers: [spec('side', { restartPolicy: 'Always' }), spec('init')],
    });
    assert.deepEqual(starts(plan(pod, observed([]))), ['side']);
    assert.deepEqual(
      starts(plan(pod, observed([seen('side', 'running')]), { started: false })),
      [],
    );
    assert.deepEqual(starts(plan(pod, observed([seen('side', 'running')]))), ['init']);
    assert.deepEqual(
      starts(
        plan(pod, observed([seen('side', 'exited', { exitCode: 1 }), seen('init', 'running')])),
      ),
      ['side'],
    );
    const done = observed([seen('c', 'running'), seen('side', 'exited'), seen('init', 'exited')]);
    assert.deepEqual(starts(plan(pod, done)), ['side']);
  });

  it('starts ephemeral containers once, also while init containers run or fail', () => {
    const pod = podOf({
      initContainers: [spec('i1')],
      ephemeralContainers: [{ ...spec('e'), targetContainerName: 'i1' } as never],
    });
    assert.deepEqual(starts(plan(pod, observed([]))), ['e', 'i1']);
    assert.deepEqual(starts(plan(pod, observed([seen('i1', 'running')]))), ['e']);
    const crashed = observed([seen('i1', 'exited', { exitCode: 1 })]);
    assert.deepEqual(starts(plan(pod, crashed, { backoff: 0 })), ['e', 'i1']);
    for (const state of ['created', 'running', 'exited'] as const)
      assert.deepEqual(starts(plan(pod, observed([seen('i1', 'running'), seen('e', state)]))), []);
  });

  it('completes with the regular containers, regardless of sidecars', () => {
    const pod = podOf({
      restartPolicy: 'Never',
      initContainers: [spec('side', { restartPolicy: 'Always' })],
    });
    const p = plan(pod, observed([seen('c', 'exited'), seen('side', 'running')]));
    assert.deepEqual([p.killPod, starts(p)], [true, []]);
  });

  it('stops sidecars last, in reverse order', () => {
    const side = (name: string) => spec(name, { restartPolicy: 'Always' });
    const pod = podOf({ initContainers: [side('s1'), side('s2')] });
    const all = observed([seen('c', 'running'), seen('s1', 'running'), seen('s2', 'running')]);
    assert.deepEqual(
      stopOrder(pod, all).map((g) => g.map((c) => c.name)),
      [['c'], ['s2'], ['s1']],
    );
  });
});
