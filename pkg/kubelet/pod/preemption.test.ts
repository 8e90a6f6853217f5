import { strict as assert } from 'node:assert';
import type { Pod } from '../../apis/core/v1/types.js';
import type { Shortage } from '../../component-helpers/node-fit.js';
import { podsToPreempt } from './preemption.js';

const CRITICAL = 2_000_001_000;

function pod(name: string, requests: Record<string, string>, more: object = {}): Pod {
  const { limits, ...spec } = more as { limits?: Record<string, string> };
  const resources = { requests, ...(limits ? { limits } : {}) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, uid: name },
    spec: { priority: 0, containers: [{ name: 'c', resources }], ...spec },
  };
}

const guaranteed = (name: string, amounts: Record<string, string>): Pod =>
  pod(name, amounts, { limits: amounts });
const short = (resource: string, missing: number): Shortage => ({
  resource,
  requested: missing,
  used: 10,
  capacity: 10,
});
const critical = pod('critical', {}, { priority: CRITICAL });
const names = (pods: Pod[] | undefined) => pods?.map((p) => p.metadata.name);

describe('preemption for a critical pod', () => {
  it('takes the pod that comes closest, the least important kind first', () => {
    const pods = [
      guaranteed('g', { cpu: '1', memory: '1Gi' }),
      pod('big', { cpu: '900m' }),
      pod('fit', { cpu: '300m' }),
      pod('small', { cpu: '100m' }),
      pod('none', {}),
    ];
    assert.deepEqual(names(podsToPreempt(critical, pods, [short('cpu', 100)])), ['small']);
    assert.deepEqual(names(podsToPreempt(critical, pods, [short('cpu', 250)])), ['fit']);
    assert.deepEqual(names(podsToPreempt(critical, pods, [short('cpu', 1200)])), ['big', 'fit']);
    assert.deepEqual(names(podsToPreempt(critical, pods, [short('pods', 1)])), ['none']);
    assert.deepEqual(names(podsToPreempt(critical, pods, [short('memory', 1)])), ['g']);
    assert.deepEqual(
      names(podsToPreempt(critical, pods, [short('cpu', 100), short('memory', 1)])),
      ['g'],
    );
  });

  it('evicts nobody when all of them together free too little', () => {
    const pods = [pod('a', { cpu: '1' }), pod('b', { cpu: '1' })];
    assert.equal(podsToPreempt(critical, pods, [short('cpu', 2001)]), undefined);
    assert.equal(podsToPreempt(critical, pods, [short('example.com/a', 1)]), undefined);
  });

  it('spares critical and static pods of the same priority', () => {
    const annotations = { 'kubernetes.io/config.source': 'file' };
    const fixed = pod('static', { cpu: '1' });
    const statics = { ...fixed, metadata: { ...fixed.metadata, annotations } };
    const other = pod('other', { cpu: '1' }, { priority: CRITICAL });
    assert.equal(podsToPreempt(critical, [other], [short('cpu', 1)]), undefined);
    const higher = pod('higher', {}, { priority: CRITICAL + 1 });
    assert.deepEqual(names(podsToPreempt(higher, [other], [short('cpu', 1)])), ['other']);
    assert.deepEqual(names(podsToPreempt(critical, [statics], [short('cpu', 1)])), ['static']);
    assert.equal(podsToPreempt(statics, [other], [short('cpu', 1)]), undefined);
  });
});
