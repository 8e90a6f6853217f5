import assert from 'node:assert/strict';
import {
  DEFAULT_FLOW_SCHEMAS,
  DEFAULT_PRIORITY_LEVELS,
} from '../../registry/flowcontrol/default-flows.js';
import type { UserInfo } from '../auth/authenticator.js';
import { parseRequestInfo } from '../request/request-info.js';
import { boundsOf, DemandMeter, divideSeats, smoothed } from './concurrency.js';
import { distinguisherOf, inPrecedence, schemaMatches } from './matching.js';

describe('seats of priority levels', () => {
  it('follow the shares of the default levels', () => {
    const bounds = boundsOf(DEFAULT_PRIORITY_LEVELS, 600);
    const nominal = Object.fromEntries([...bounds].map(([name, one]) => [name, one.nominal]));
    // 245 shares in all.
    assert.deepEqual(nominal, {
      exempt: 0,
      'catch-all': 13,
      system: 74,
      'node-high': 98,
      'leader-election': 25,
      'workload-high': 98,
      'workload-low': 245,
      'global-default': 49,
    });
    assert.deepEqual(bounds.get('workload-low'), { nominal: 245, lower: 24, upper: 600 });
  });

  it('go from levels that need few to levels that need many', () => {
    const seats = divideSeats(100, [
      { lower: 10, upper: 100, target: 10 },
      { lower: 20, upper: 100, target: 60 },
      { lower: 20, upper: 30, target: 500 },
    ]);
    assert.deepEqual(seats, [10, 60, 30]);
    assert.deepEqual(divideSeats(100, [{ lower: 5, upper: 100, target: 1 }]), [100]);
  });

  it('remember a demand for a while', () => {
    const meter = new DemandMeter(0);
    meter.set(10, 0);
    meter.set(0, 5_000);
    const demand = meter.take(10_000);
    assert.deepEqual(demand, { average: 5, deviation: 5, high: 10 });
    assert.equal(smoothed(0, demand), 10);
    assert.equal(smoothed(100, demand), 0.977 * 100 + 0.023 * 10);
    assert.deepEqual(meter.take(20_000), { average: 0, deviation: 0, high: 0 });
  });
});

describe('flow schemas', () => {
  const user = (name: string, ...groups: string[]): UserInfo => ({
    name,
    groups: [...groups, 'system:authenticated'],
  });
  const schemas = inPrecedence(DEFAULT_FLOW_SCHEMAS);
  const flow = (method: string, path: string, who: UserInfo): string => {
    const info = parseRequestInfo(method, path, new URLSearchParams());
    const schema = schemas.find((one) => schemaMatches(one, info, who))!;
    return `${schema.metadata.name}/${distinguisherOf(schema, info, who)}`;
  };
  const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-1';
  const node = user('system:node:node-1', 'system:nodes');
  const account = (name: string) => user(`system:serviceaccount:${name}`, 'system:serviceaccounts');

  const cases: [expected: string, method: string, path: string, who: UserInfo][] = [
    ['exempt/', 'GET', '/api/v1/pods', user('admin', 'system:masters')],
    ['probes/', 'GET', '/healthz', user('joe')],
    ['system-node-high/system:node:node-1', 'PUT', lease, node],
    ['system-node-high/system:node:node-1', 'PATCH', '/api/v1/nodes/node-1/status', node],
    ['system-nodes/system:node:node-1', 'GET', '/api/v1/pods', node],
    ['system-leader-election/system:kube-scheduler', 'PUT', lease, user('system:kube-scheduler')],
    ['kube-scheduler/blue', 'GET', '/api/v1/namespaces/blue/pods', user('system:kube-scheduler')],
    [
      'workload-leader-election/system:serviceaccount:kube-system:dns',
      'PUT',
      '/api/v1/namespaces/kube-system/configmaps/lock',
      account('kube-system:dns'),
    ],
    [
      'kube-system-service-accounts/kube-system',
      'GET',
      '/api/v1/namespaces/kube-system/secrets',
      account('kube-system:dns'),
    ],
    ['service-accounts/system:serviceaccount:blue:app', 'GET', '/api/v1/pods', account('blue:app')],
    ['global-default/joe', 'GET', '/api/v1/pods', user('joe')],
    ['global-default/joe', 'GET', '/version', user('joe')],
  ];
  for (const [expected, method, path, who] of cases)
    it(`${method} ${path} of ${who.name} is ${expected}`, () =>
      assert.equal(flow(method, path, who), expected));
});
