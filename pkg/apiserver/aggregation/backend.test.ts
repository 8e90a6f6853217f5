// Reasons and texts of the condition Available (upstream remote_available_controller_test.go).
import assert from 'node:assert/strict';
import type { Endpoints, Service } from '../../apis/core/v1/types.js';
import type { APIService } from '../../apis/apiregistration/v1/types.js';
import { ENDPOINTS, SERVICES } from '../../apis/resource-types.js';
import { backendOf } from './backend.js';

const metadata = { name: 'bar', namespace: 'foo' };
const remote = (port?: number): APIService =>
  ({
    metadata: { name: 'v1.g' },
    spec: {
      group: 'g',
      version: 'v1',
      groupPriorityMinimum: 1,
      versionPriority: 1,
      service: { name: 'bar', namespace: 'foo', ...(port ? { port } : {}) },
    },
  }) as APIService;
const service = (port: number, more: object = {}) =>
  ({
    metadata,
    spec: { clusterIP: '10.0.0.9', ports: [{ name: 'https', port }], ...more },
  }) as Service;
const endpoints = (port: string, ...ips: string[]) =>
  ({
    metadata,
    subsets: [{ addresses: ips.map((ip) => ({ ip })), ports: [{ name: port, port: 8443 }] }],
  }) as Endpoints;

describe('the server of an APIService', () => {
  const found = (of: { service?: Service; endpoints?: Endpoints; port?: number }) =>
    backendOf(
      remote(of.port),
      {
        env: { random: { next: () => 0.5 } },
        reader: {
          get: (type: object) =>
            type === SERVICES ? of.service : type === ENDPOINTS ? of.endpoints : undefined,
        },
      } as unknown as Parameters<typeof backendOf>[1],
      {},
    );

  for (const [title, of, reason, message] of [
    ['no service', {}, 'ServiceNotFound', 'service/bar in "foo" is not present'],
    [
      'another port',
      { service: service(6443) },
      'ServicePortError',
      'service/bar in "foo" is not listening on port 443',
    ],
    [
      'no endpoints',
      { service: service(443) },
      'EndpointsNotFound',
      'cannot find endpoints for service/bar in "foo"',
    ],
    [
      'no address',
      { service: service(443), endpoints: endpoints('https') },
      'MissingEndpoints',
      'endpoints for service/bar in "foo" have no addresses with port name "https"',
    ],
    [
      'an address of another port',
      { service: service(443), endpoints: endpoints('metrics', '10.1.0.1') },
      'MissingEndpoints',
      'endpoints for service/bar in "foo" have no addresses with port name "https"',
    ],
    [
      'a node port without the port',
      { service: service(6443, { type: 'NodePort' }) },
      'FailedDiscoveryCheck',
      'no service port 443 found for service "bar"',
    ],
    [
      'a load balancer without endpoints',
      { service: service(443, { type: 'LoadBalancer' }) },
      'FailedDiscoveryCheck',
      'no endpoints available for service "bar"',
    ],
  ] as const)
    it(`has with ${title} the reason ${reason}`, () =>
      assert.deepEqual(found(of), { reason, message }));

  it('is one of the ready addresses, or the external name', () => {
    const at = (of: Parameters<typeof found>[0]) => {
      const { host, port } = found(of) as { host: string; port: number };
      return [host, port];
    };
    const two = endpoints('https', '10.1.0.1', '10.1.0.2');
    assert.deepEqual(at({ service: service(443), endpoints: two }), ['10.1.0.2', 8443]);
    assert.deepEqual(
      at({ service: service(8080, { type: 'NodePort' }), endpoints: two, port: 8080 }),
      ['10.1.0.2', 8443],
    );
    assert.deepEqual(
      at({ service: service(1, { type: 'ExternalName', externalName: 'x.example' }), port: 7 }),
      ['x.example', 7],
    );
  });
});
