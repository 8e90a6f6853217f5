// A deployment driven step by step against fake replica sets.
import assert from 'node:assert/strict';
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import { planDeployment, type DeploymentStep } from './plan.js';
import { templateHash } from '../runtime/template-hash.js';
import { revisionOf } from './revisions.js';
import { planScale, sizeOf } from './scale.js';
import { planDeploymentStatus } from './status.js';

const NOW = Date.UTC(2026, 0, 2);

function deploymentOf(image: string, spec: Partial<Deployment['spec']> = {}): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', namespace: 'ns', uid: 'du', generation: 1, annotations: { note: 'n' } },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'x' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
      template: {
        metadata: { labels: { app: 'x' } } as never,
        spec: { containers: [{ name: 'c', image }] },
      },
      progressDeadlineSeconds: 600,
      ...spec,
    },
  };
}

/** Fake replica sets. Their pods are available at once, unless the image begins with 'broken'. */
class FakeRollout {
  sets: ReplicaSet[] = [];
  log: string[] = [];
  private created = 0;
  constructor(public deployment: Deployment) {}

  step(): DeploymentStep {
    const step = planDeployment(this.deployment, this.sets, []);
    const imageOf = (set: ReplicaSet) => set.spec.template!.spec!.containers[0]!.image!;
    const name = (set: ReplicaSet) => `${imageOf(set)}`;
    if (step.kind === 'create') {
      const metadata = {
        ...step.set.metadata,
        uid: step.set.metadata.name,
        creationTimestamp: `2026-01-01T00:00:0${this.created++}Z`,
      };
      this.sets.push({ ...step.set, metadata });
      this.log.push(`create ${name(step.set)}=${sizeOf(step.set)}`);
    } else if (step.kind === 'annotate') {
      this.replace(step.set, (set) => ({
        ...set,
        metadata: { ...set.metadata, annotations: step.annotations },
      }));
    } else if (step.kind === 'scale') {
      for (const { replicas, set } of step.scalings) {
        this.replace(set, (s) => ({
          ...s,
          metadata: {
            ...s.metadata,
            annotations: { ...s.metadata.annotations, ...step.annotations },
          },
          spec: { ...s.spec, replicas },
        }));
        this.log.push(`${name(set)}=${replicas}`);
      }
    } else if (step.kind === 'set-revision') {
      this.deployment = {
        ...this.deployment,
        metadata: {
          ...this.deployment.metadata,
          annotations: { note: 'n', 'deployment.kubernetes.io/revision': String(step.revision) },
        },
      };
    } else if (step.kind === 'remove') {
      this.sets = this.sets.filter((set) => !step.sets.includes(set));
      this.log.push(`remove ${step.sets.map(name).join()}`);
    }
    for (const set of this.sets) {
      const available = imageOf(set).startsWith('broken') ? 0 : sizeOf(set);
      set.status = {
        replicas: sizeOf(set),
        readyReplicas: available,
        availableReplicas: available,
        observedGeneration: 1,
      };
    }
    const current = this.sets.find(
      (set) => imageOf(set) === this.deployment.spec.template.spec!.containers[0]!.image,
    );
    const { status } = planDeploymentStatus(this.deployment, current, this.sets, NOW);
    this.deployment = { ...this.deployment, status };
    return step;
  }

  settle(): string[] {
    for (let i = 0; i < 50; i++) if (this.step().kind === 'none') return this.log.splice(0);
    throw new Error(`does not settle: ${this.log.join(' ')}`);
  }

  roll(image: string, spec: Partial<Deployment['spec']> = {}): void {
    const { spec: fresh } = deploymentOf(image, {
      ...this.deployment.spec,
      template: deploymentOf(image).spec.template,
      ...spec,
    });
    this.deployment = { ...this.deployment, spec: fresh };
  }

  private replace(old: ReplicaSet, make: (set: ReplicaSet) => ReplicaSet): void {
    this.sets = this.sets.map((set) => (set.metadata.uid === old.metadata.uid ? make(set) : set));
  }
}

const reasonOf = (d: Deployment, type: string) =>
  d.status?.conditions?.find((c) => c.type === type)?.reason;

describe('deployment plan', () => {
  it('creates one replica set and reports that it is complete', () => {
    const world = new FakeRollout(deploymentOf('v1'));
    assert.deepEqual(world.settle(), ['create v1=4']);
    assert.equal(reasonOf(world.deployment, 'Progressing'), 'NewReplicaSetAvailable');
    assert.equal(reasonOf(world.deployment, 'Available'), 'MinimumReplicasAvailable');
    const [set] = world.sets;
    assert.equal(set!.metadata.name, `d-${templateHash(world.deployment.spec.template, 0)}`);
    assert.deepEqual(set!.metadata.annotations, {
      note: 'n',
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '4',
      'deployment.kubernetes.io/max-replicas': '5',
    });
  });

  it('rolls within maxSurge and maxUnavailable', () => {
    const world = new FakeRollout(deploymentOf('v1'));
    world.settle();
    world.roll('v2');
    assert.deepEqual(world.settle(), ['create v2=1', 'v1=2', 'v2=3', 'v1=0', 'v2=4']);
    assert.deepEqual(world.sets.map(revisionOf), [1n, 2n]);
  });

  it('stops at a broken revision and rolls back to the old one', () => {
    const world = new FakeRollout(deploymentOf('v1'));
    world.settle();
    world.roll('broken');
    assert.deepEqual(world.settle(), ['create broken=1', 'v1=3', 'broken=2']);
    world.roll('v1');
    world.settle();
    assert.deepEqual(
      world.sets.map((set) => [sizeOf(set), revisionOf(set)]),
      [
        [4, 3n],
        [0, 2n],
      ],
    );
    assert.equal(
      world.sets[0]!.metadata.annotations!['deployment.kubernetes.io/revision-history'],
      '1',
    );
  });

  it('Recreate: creates new pods only when all old pods are gone', () => {
    const world = new FakeRollout(deploymentOf('v1', { strategy: { type: 'Recreate' } }));
    world.settle();
    world.roll('v2');
    assert.deepEqual(world.settle(), ['v1=0', 'create v2=4']);
  });

  it('scales in proportion in the middle of a rollout', () => {
    const world = new FakeRollout(
      deploymentOf('v1', {
        replicas: 10,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
      }),
    );
    world.settle();
    world.roll('broken');
    assert.deepEqual(world.settle(), ['create broken=3', 'v1=8', 'broken=5']);
    world.roll('broken', { replicas: 15 });
    const [first, second] = planScale(world.deployment, world.sets[1], [world.sets[0]!]);
    assert.deepEqual([first!.replicas, second!.replicas], [11, 7]);
  });

  // A set that kept its size kept the annotations of the old scale too, so that each step of the
  // rollout was undone by one more scaling.
  it('comes to rest after each scaling in the middle of a rollout', () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7];
    for (const maxSurge of [0, 1, 2])
      for (const maxUnavailable of [maxSurge ? 0 : 1, 2])
        for (const from of sizes)
          for (const to of sizes) {
            const strategy = {
              type: 'RollingUpdate' as const,
              rollingUpdate: { maxSurge, maxUnavailable },
            };
            const world = new FakeRollout(deploymentOf('v1', { replicas: from, strategy }));
            for (const image of ['v1', 'broken', 'broken too']) {
              world.roll(image);
              world.settle();
            }
            world.roll('broken too', { replicas: to });
            world.settle();
            world.roll('v1');
            world.settle();
            const left = world.sets.filter((set) => sizeOf(set) > 0);
            assert.deepEqual(left.map(sizeOf), [to], `from ${from} to ${to}`);
          }
  });

  it('scales but does not roll while paused', () => {
    const world = new FakeRollout(deploymentOf('v1'));
    world.settle();
    world.roll('v2', { paused: true, replicas: 6 });
    assert.deepEqual(world.settle(), ['v1=6']);
    assert.equal(reasonOf(world.deployment, 'Progressing'), 'DeploymentPaused');
  });

  it('counts on from a revision beyond 2^53', () => {
    const world = new FakeRollout(deploymentOf('v1'));
    world.settle();
    const key = 'deployment.kubernetes.io/revision';
    world.sets[0]!.metadata.annotations![key] = '3546343826724305832';
    world.roll('v2');
    world.settle();
    assert.equal(world.sets[1]!.metadata.annotations![key], '3546343826724305833');
    assert.deepEqual(world.sets.map(revisionOf), [3546343826724305832n, 3546343826724305833n]);
  });

  it('keeps the revision history limit', () => {
    const world = new FakeRollout(deploymentOf('v1', { revisionHistoryLimit: 1 }));
    for (const image of ['v1', 'v2', 'v3']) {
      world.roll(image);
      world.settle();
    }
    assert.deepEqual(world.sets.map(revisionOf), [2n, 3n]);
  });

  it('reports a rollout beyond the progress deadline', () => {
    const world = new FakeRollout(deploymentOf('broken'));
    world.settle();
    const late = planDeploymentStatus(world.deployment, world.sets[0], world.sets, NOW + 600_001);
    assert.equal(
      late.status.conditions?.find((c) => c.type === 'Progressing')?.reason,
      'ProgressDeadlineExceeded',
    );
    const early = planDeploymentStatus(world.deployment, world.sets[0], world.sets, NOW + 1000);
    assert.deepEqual([early.changed, early.checkAgainInMs], [false, 599_000]);
  });
});
