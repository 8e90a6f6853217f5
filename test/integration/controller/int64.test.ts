// Integers beyond 2^53 through the API, the controllers and back: every digit stays.
import assert from 'node:assert/strict';
import { stringifyJson } from '../../../pkg/apimachinery/codec/json.js';
import { NODES, PODS } from '../../../pkg/apis/resource-types.js';
import {
  BOUND_MS,
  controlPlane,
  eventually,
  type ControlPlane,
} from '../../support/control-plane.js';

const GRACE = 9_007_199_254_740_993n;
const MOST = 2n ** 63n - 1n;

const podSpec = {
  terminationGracePeriodSeconds: GRACE,
  containers: [{ name: 'c', image: 'i' }],
  tolerations: [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: MOST }],
};
const template = (restartPolicy: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { ...podSpec, restartPolicy },
});
const selector = { matchLabels: { app: 'web' } };
const jobSpec = { activeDeadlineSeconds: MOST, template: template('Never') };

describe('integers of 64 bits on a server', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let namespace: string;
  controlPlane((...made) => ([plane, namespace] = made));

  const text = async (method: string, path: string, body?: object): Promise<string> => {
    const { body: bytes, status } = await plane.client.raw(method, path, body);
    const answer = new TextDecoder().decode(bytes);
    assert.ok(status < 300, answer);
    return answer;
  };
  const createIn = (group: string, resource: string, kind: string, spec: object, name: string) =>
    text('POST', `/apis/${group}/namespaces/${namespace}/${resource}`, {
      apiVersion: group,
      kind,
      metadata: { name },
      spec,
    });

  it('reach the pods of every workload digit by digit', async () => {
    const apps = { replicas: 1, selector, template: template('Always') };
    await createIn('apps/v1', 'deployments', 'Deployment', apps, 'web');
    await createIn('apps/v1', 'statefulsets', 'StatefulSet', { ...apps, serviceName: 's' }, 'db');
    await createIn('batch/v1', 'jobs', 'Job', jobSpec, 'once');
    const schedule = { schedule: '* * * * *', startingDeadlineSeconds: MOST };
    const cron = { ...schedule, jobTemplate: { spec: jobSpec } };
    assert.match(
      await createIn('batch/v1', 'cronjobs', 'CronJob', cron, 'often'),
      new RegExp(`:${MOST}\\b`),
    );
    const pods = await eventually('three pods', async () => {
      const list = await plane.pods(namespace);
      return list.length === 3 && list;
    });
    for (const { metadata } of pods) {
      const stored = await text('GET', `/api/v1/namespaces/${namespace}/pods/${metadata.name}`);
      assert.match(stored, new RegExp(`"terminationGracePeriodSeconds":${GRACE}\\b`));
      assert.match(stored, new RegExp(`"tolerationSeconds":${MOST}\\b`));
    }
    const sets = await text('GET', `/apis/apps/v1/namespaces/${namespace}/replicasets`);
    assert.equal((JSON.parse(sets) as { items: unknown[] }).items.length, 1);
  });

  it('are the grace of a deletion, from the body, the query and the pod', async () => {
    await plane.client.create(NODES, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n' },
      spec: {},
    });
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const asked: [name: string, query: string, body: object | undefined, wanted: bigint][] = [
      ['a', '', undefined, GRACE],
      ['b', `?gracePeriodSeconds=${MOST}`, undefined, MOST],
      ['c', '', { gracePeriodSeconds: GRACE + 1n }, GRACE + 1n],
    ];
    for (const [name, query, body, wanted] of asked) {
      const spec = { ...podSpec, nodeName: 'n' };
      await text('POST', path, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
      const deleted = await text('DELETE', `${path}/${name}${query}`, body);
      assert.match(
        deleted,
        new RegExp(`"deletionGracePeriodSeconds":${wanted}\\b`),
        stringifyJson(body),
      );
      const shorter = await text('DELETE', `${path}/${name}?gracePeriodSeconds=5`);
      assert.match(shorter, /"deletionGracePeriodSeconds":5\b/);
      const { metadata } = await plane.client.get(PODS, { namespace, name });
      const left = Date.parse(metadata.deletionTimestamp!) - Date.now();
      assert.ok(left < 10_000, `${left} ms`);
    }
    for (const bad of ['abc', '1.5', `${MOST + 1n}`, '']) {
      const { status } = await plane.client.raw('DELETE', `${path}/a?gracePeriodSeconds=${bad}`);
      assert.equal(status, 400, bad);
    }
  });
});
