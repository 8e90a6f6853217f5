import assert from 'node:assert/strict';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { ACTIONS } from './actions.generated.js';
import { callOf, needOf, revisionsOf, suits, type Action } from './actions.js';
import type { Kind } from './kind.js';
import { WORDS } from './words.generated.js';

const kind = (group: string, resource: string, more: Partial<Kind> = {}): Kind => ({
  group,
  version: 'v1',
  resource,
  kind: resource,
  namespaced: true,
  canWatch: true,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [],
  ...more,
});
const DEPLOYMENTS = kind('apps', 'deployments', { subresources: ['scale', 'status'] });
const PODS = kind('', 'pods', { subresources: ['ephemeralcontainers', 'eviction', 'log'] });
const NODES = kind('', 'nodes', { namespaced: false });
const object = (spec?: object, more: object = {}): ApiObject =>
  ({
    metadata: { name: 'a', namespace: 'n', uid: 'u', ...more },
    ...(spec && { spec }),
  }) as ApiObject;
const action = (name: string): Action => ACTIONS.find((one) => one.name === name)!;
const offered = (of: Kind, spec?: object): string[] =>
  ACTIONS.filter((one) => suits(one, of, object(spec))).map(({ name }) => name);

describe('actions', () => {
  it('have a label and an explanation each, and a name of their own', () => {
    const missing = ACTIONS.flatMap(({ name }) => [name, `${name}Says`]).filter(
      (w) => !(w in WORDS),
    );
    assert.deepEqual(missing, []);
    assert.equal(new Set(ACTIONS.map(({ name }) => name)).size, ACTIONS.length);
  });

  it('suit the kinds that the server serves with the verb or the subresource', () => {
    assert.deepEqual(offered(kind('', 'configmaps')), ['delete']);
    assert.deepEqual(offered(kind('', 'componentstatuses', { verbs: ['get', 'list'] })), []);
    assert.deepEqual(offered(kind('example.com', 'deployments', { subresources: ['scale'] })), [
      'scale',
      'delete',
    ]);
    assert.deepEqual(offered(PODS), ['evict', 'debug', 'delete']);
    assert.deepEqual(offered(kind('', 'pods')), ['delete']);
    const rest = ['suspend', 'unsuspend', 'delete'];
    assert.deepEqual(offered(kind('batch', 'cronjobs')), rest);
    assert.deepEqual(offered(kind('batch', 'cronjobs'), {}), ['trigger', 'suspend', 'delete']);
  });

  it('suit the state of the object where it is known', () => {
    const all = ['scale', 'restart', 'pause', 'resume', 'delete'];
    assert.deepEqual(offered(DEPLOYMENTS), all);
    assert.deepEqual(offered(DEPLOYMENTS, { paused: true }), ['scale', 'resume', 'delete']);
    assert.deepEqual(offered(DEPLOYMENTS, {}), ['scale', 'restart', 'rollBack', 'pause', 'delete']);
    assert.deepEqual(offered(NODES, { unschedulable: true }), ['uncordon', 'drain', 'delete']);
    assert.deepEqual(offered(NODES, {}), ['cordon', 'drain', 'delete']);
  });

  it('need the rights of their requests', () => {
    const need = (name: string, of: Kind) =>
      Object.values(needOf(action(name), of))
        .join(' ')
        .trim();
    assert.equal(need('scale', DEPLOYMENTS), 'patch apps deployments scale');
    assert.equal(need('restart', DEPLOYMENTS), 'patch apps deployments');
    assert.equal(need('evict', PODS), 'create  pods eviction');
    assert.equal(need('trigger', kind('batch', 'cronjobs')), 'create batch jobs');
  });

  it('name the object by its uid', () => {
    for (const one of ACTIONS.filter(({ resource }) => !resource)) {
      const { body } = callOf(one, PODS, object({}), {});
      assert.ok(JSON.stringify(body).includes('"uid":"u"'), one.name);
    }
  });

  it('send what was typed to the subresource', () => {
    assert.deepEqual(callOf(action('scale'), DEPLOYMENTS, object(), { replicas: 3 }), {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/n/deployments/a/scale',
      body: { metadata: { uid: 'u' }, spec: { replicas: 3 } },
      type: 'application/merge-patch+json',
    });
  });

  it('take texts of objects as they are, also those that look like values', () => {
    const spec = {
      jobTemplate: { metadata: { annotations: { a: '$now' } }, spec: { b: '$prefix' } },
    };
    const call = callOf(action('trigger'), kind('batch', 'cronjobs'), object(spec), { now: 'x' });
    const body = call.body as { metadata: { annotations: object; labels?: object }; spec: object };
    assert.equal(call.path, '/apis/batch/v1/namespaces/n/jobs');
    assert.deepEqual(body.spec, { b: '$prefix' });
    assert.deepEqual(body.metadata.annotations, {
      a: '$now',
      'cronjob.kubernetes.io/instantiate': 'manual',
    });
    assert.equal(body.metadata.labels, undefined);
  });

  it('find the earlier revisions, the latest first', () => {
    const owner = (uid: string) => [
      { apiVersion: 'v1', kind: 'k', name: 'a', uid, controller: true },
    ];
    const set = (revision: string, uid = 'u') =>
      object(
        {
          template: { metadata: { labels: { x: 'y', 'pod-template-hash': 'h' } }, spec: revision },
        },
        {
          ownerReferences: owner(uid),
          annotations: { 'deployment.kubernetes.io/revision': revision },
        },
      );
    const sets = [set('2'), set('10'), set('9'), set('11', 'other')];
    const [newest, ...rest] = revisionsOf(object(), sets);
    assert.deepEqual(newest, {
      number: 9,
      content: {
        spec: { template: { metadata: { labels: { x: 'y' } }, spec: '9', $patch: 'replace' } },
      },
    });
    assert.deepEqual(
      rest.map(({ number }) => number),
      [2],
    );
    const kept = (revision: number) => ({
      ...object(undefined, { ownerReferences: owner('u') }),
      revision,
      data: { spec: revision },
    });
    assert.deepEqual(revisionsOf(object(), [kept(1), kept(2)]), [
      { number: 1, content: { spec: 1 } },
    ]);
  });
});
