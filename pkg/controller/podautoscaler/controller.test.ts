import assert from 'node:assert/strict';
import { MemoryInformers } from '../../../test/support/memory-informers.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { Deployment } from '../../apis/apps/v1/types.js';
import type { Scale } from '../../apis/autoscaling/v1/types.js';
import type { HorizontalPodAutoscaler } from '../../apis/autoscaling/v2/types.js';
import {
  DEPLOYMENTS,
  HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2 as SCALERS,
  PODS,
} from '../../apis/resource-types.js';
import type { ControllerContext } from '../runtime/controller.js';
import { createHorizontalController } from './controller.js';
import type { HorizontalOptions } from './replicas.js';

const SCALE = '/apis/apps/v1/namespaces/ns/deployments/web/scale';
const META = { name: 'web', namespace: 'ns' };

/** An autoscaler whose metric asks for three replicas, and a target of some size. */
function world(serverSize: number) {
  const informers = new MemoryInformers();
  const paths: string[] = [];
  const written: ApiObject[] = [];
  const namespace = ({ metadata }: ApiObject) => [metadata.namespace ?? ''];
  for (const type of [PODS, SCALERS]) informers.of(type as typeof PODS).addIndexers({ namespace });
  const scale = {
    metadata: { ...META, resourceVersion: '5' },
    spec: { replicas: serverSize },
    status: { replicas: serverSize, selector: 'app=web' },
  } as Scale;
  const resources = [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: [] }];
  const answers: Record<string, object> = {
    '/apis': { groups: [{ versions: [{ groupVersion: 'apps/v1' }] }] },
    '/api/v1': { resources: [] },
    '/apis/apps/v1': { resources },
    [SCALE]: scale,
    '/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue': { items: [{ value: '3' }] },
  };
  const client = {
    raw: async (_method: string, path: string) => {
      paths.push(path);
      return { status: 200, body: new TextEncoder().encode(JSON.stringify(answers[path])) };
    },
    update: async (_type: unknown, object: ApiObject) => {
      written.push(object);
      return { ...object, metadata: { ...object.metadata, resourceVersion: '9' } };
    },
  };
  const { signal } = new AbortController();
  const env = virtualEnv();
  const context = { client, env, informers, signal, events: () => ({ event() {} }) };
  const controller = createHorizontalController(
    context as unknown as ControllerContext,
    {
      horizontalPodAutoscalerSyncPeriod: 15_000,
      horizontalPodAutoscalerTolerance: 0.1,
      horizontalPodAutoscalerDownscaleStabilization: 0,
    } as HorizontalOptions,
  );
  const target = { type: 'AverageValue', averageValue: '1' };
  informers
    .of(SCALERS)
    .put({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: META,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 2,
        maxReplicas: 4,
        metrics: [{ type: 'External', external: { metric: { name: 'queue' }, target } }],
      },
    } as HorizontalPodAutoscaler);
  const { store } = informers.of(DEPLOYMENTS);
  return {
    /** The informer of deployments shows a size, and all changes until a revision. */
    show(replicas: number, revision = 5n) {
      const spec = { replicas, selector: { matchLabels: { app: 'web' } } };
      const metadata = { ...META, resourceVersion: '5' };
      const status = { replicas };
      const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec, status };
      informers.of(DEPLOYMENTS).put(web as unknown as Deployment);
      store.revision = revision;
    },
    /** The reads of the scale, and the sizes that were written. */
    async look() {
      paths.length = 0;
      written.length = 0;
      await controller.reconcile('ns/web');
      const scales = written.filter(({ kind }) => kind !== 'HorizontalPodAutoscaler') as Scale[];
      return [
        paths.filter((path) => path === SCALE).length,
        scales.map(({ spec }) => spec.replicas),
      ];
    },
    /** A second autoscaler of the target, whose bounds force a size, looks; there is a pod, too. */
    async rival() {
      const own = informers.of(SCALERS).store.get('ns/web')! as HorizontalPodAutoscaler;
      const metadata = { name: 'rival', namespace: 'ns' };
      informers
        .of(SCALERS)
        .put({ ...own, metadata, spec: { ...own.spec, maxReplicas: 2 } } as never);
      const labels = { app: 'web' };
      informers
        .of(PODS)
        .put({ metadata: { name: 'p', namespace: 'ns', labels }, spec: {} } as never);
      await controller.reconcile('ns/rival');
    },
    written,
  };
}

describe('horizontal pod autoscaler controller', () => {
  it('reads no scale of a workload while the informer shows nothing to change', async () => {
    const w = world(3);
    w.show(3);
    assert.deepEqual(await w.look(), [0, []]);
  });

  it('reads the scale of a workload that no informer shows', async () => {
    assert.deepEqual(await world(3).look(), [1, []]);
  });

  it('writes the scale that the server has, with its resourceVersion', async () => {
    const w = world(7);
    w.show(6);
    assert.deepEqual(await w.look(), [1, [4]]);
    assert.equal(w.written[0]!.metadata.resourceVersion, '5');
  });

  it('writes nothing where a late informer shows another size than the server has', async () => {
    const w = world(3);
    w.show(6);
    assert.deepEqual(await w.look(), [1, []]);
  });

  it('does not act beside an autoscaler whose bounds force another size', async () => {
    const w = world(3);
    w.show(3);
    await w.rival();
    await w.look();
    const { status } = w.written[0] as HorizontalPodAutoscaler;
    assert.equal(status!.conditions!.at(-1)!.reason, 'AmbiguousSelector');
  });

  it('reads the scale until the informer shows the last write', async () => {
    const w = world(7);
    w.show(7);
    assert.deepEqual(await w.look(), [1, [4]]);
    w.show(3, 8n);
    assert.equal((await w.look())[0], 1);
    w.show(3, 9n);
    assert.equal((await w.look())[0], 0);
  });
});
