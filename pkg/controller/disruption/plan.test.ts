import assert from 'node:assert/strict';
import type { Pod } from '../../apis/core/v1/types.js';
import type {
  PodDisruptionBudget,
  PodDisruptionBudgetSpec,
  PodDisruptionBudgetStatus,
} from '../../apis/policy/v1/types.js';
import { timestamp } from '../../util/env/env.js';
import { DELETION_TIMEOUT_MS, planBudget, staleDisruptionInMs, type BudgetInput } from './plan.js';

const NOW = Date.UTC(2026, 0, 2);

const pod = (name: string, ready = true, deleting = false): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'n', ...(deleting ? { deletionTimestamp: timestamp(NOW) } : {}) },
  spec: { containers: [] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const budget = (
  spec: PodDisruptionBudgetSpec,
  status?: Partial<PodDisruptionBudgetStatus>,
): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'b', namespace: 'n', generation: 3 },
  spec,
  status: {
    currentHealthy: 0,
    desiredHealthy: 0,
    disruptionsAllowed: 0,
    expectedPods: 0,
    ...status,
  },
});
const counts = (
  spec: PodDisruptionBudgetSpec,
  pods: Pod[],
  scale: BudgetInput['scale'] = 0,
): number[] => {
  const { status } = planBudget({ budget: budget(spec), pods, scale, now: NOW });
  return [
    status.expectedPods,
    status.currentHealthy,
    status.desiredHealthy,
    status.disruptionsAllowed,
  ];
};
const ready = (count: number): Pod[] => Array.from({ length: count }, (_, i) => pod(`p${i}`));

describe('disruption budget plan', () => {
  it('counts by number and by percentage, rounded in favour of the pods', () => {
    const three = ready(3);
    const cases: [PodDisruptionBudgetSpec, number[]][] = [
      [{ minAvailable: 2 }, [3, 3, 2, 1]],
      [{ minAvailable: 5 }, [3, 3, 5, 0]],
      [{ minAvailable: '50%' }, [4, 3, 2, 1]],
      [{ minAvailable: '60%' }, [4, 3, 3, 0]],
      [{ maxUnavailable: 1 }, [4, 3, 3, 0]],
      [{ maxUnavailable: 9 }, [4, 3, 0, 3]],
      [{ maxUnavailable: '30%' }, [4, 3, 2, 1]],
      [{}, [3, 3, 0, 3]],
    ];
    for (const [spec, wanted] of cases)
      assert.deepEqual(counts(spec, three, 4), wanted, JSON.stringify(spec));
  });

  it('counts unready and terminating pods as unhealthy, and allows no disruption without pods', () => {
    assert.deepEqual(
      counts({ minAvailable: 1 }, [pod('a'), pod('b', false), pod('c', true, true)]),
      [3, 1, 1, 0],
    );
    assert.deepEqual(counts({ minAvailable: 0 }, []), [0, 0, 0, 0]);
  });

  it('does not count a pod whose eviction was granted, until the deletion is overdue', () => {
    const noted = (age: number) =>
      budget(
        { minAvailable: 1 },
        { disruptedPods: { p0: timestamp(NOW - age), gone: timestamp(NOW) } },
      );
    const fresh = planBudget({ budget: noted(1_000), pods: ready(2), scale: 0, now: NOW });
    assert.deepEqual(
      [fresh.status.currentHealthy, fresh.status.disruptionsAllowed, fresh.checkAgainInMs],
      [1, 0, DELETION_TIMEOUT_MS - 1_000],
    );
    assert.deepEqual(Object.keys(fresh.status.disruptedPods ?? {}), ['p0']);
    const overdue = planBudget({
      budget: noted(DELETION_TIMEOUT_MS),
      pods: ready(2),
      scale: 0,
      now: NOW,
    });
    assert.deepEqual(
      [overdue.status.disruptionsAllowed, overdue.status.disruptedPods, overdue.notDeleted.length],
      [1, undefined, 1],
    );
  });

  it('allows no disruption when the wanted replicas are unknown', () => {
    const { failure, status } = planBudget({
      budget: budget({ maxUnavailable: 1 }, { disruptionsAllowed: 2 }),
      pods: ready(2),
      scale: new Error('found no controllers'),
      now: NOW,
    });
    assert.equal(failure, 'found no controllers');
    assert.equal(status.disruptionsAllowed, 0);
    assert.deepEqual(
      status.conditions?.map(({ reason, status: value }) => [reason, value]),
      [['SyncFailed', 'False']],
    );
  });

  it('changes nothing when the status is up to date', () => {
    const first = planBudget({
      budget: budget({ minAvailable: 1 }),
      pods: ready(2),
      scale: 0,
      now: NOW,
    });
    assert.ok(first.changed);
    const again = planBudget({
      budget: { ...budget({ minAvailable: 1 }), status: first.status },
      pods: ready(2),
      scale: 0,
      now: NOW + 5_000,
    });
    assert.ok(!again.changed);
  });
});

describe('stale disruption', () => {
  it('is a condition that is two minutes old without a deletion', () => {
    const marked = (age: number, deleting = false): Pod => {
      const made = pod('a', true, deleting);
      made.status!.conditions!.push({
        type: 'DisruptionTarget',
        status: 'True',
        lastTransitionTime: timestamp(NOW - age),
      });
      return made;
    };
    assert.equal(staleDisruptionInMs(marked(20_000), NOW), 100_000);
    assert.equal(staleDisruptionInMs(marked(200_000), NOW), 0);
    assert.equal(staleDisruptionInMs(marked(200_000, true), NOW), undefined);
    assert.equal(staleDisruptionInMs(pod('a'), NOW), undefined);
  });
});
