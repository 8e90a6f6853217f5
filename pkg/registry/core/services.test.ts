// Services: allocation, values that updates keep, values that a change of type releases.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { Service, ServiceSpec } from '../../apis/core/v1/types.js';
import type { RequestContext } from '../../apiserver/resource/definition.js';
import { parseServiceRanges, pickFree } from './service-ranges.js';
import { services } from './services.js';

const definition = services({
  serviceClusterIPRange: '10.100.0.0/24',
  nodePortRange: '30000-30099',
});
const context: RequestContext = {
  now: 0,
  user: { name: 'u', groups: [] },
  dryRun: false,
  random: { next: () => 0, uuid: () => '' },
};

const ipReservation = (ip: string): string => `/registry/ranges/serviceips/${ip}`;
const portReservation = (port: number): string => `/registry/ranges/servicenodeports/${port}`;

function serviceOf(spec: ServiceSpec): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's', namespace: 'default', uid: 'u' },
    spec,
  };
}

function create(spec: ServiceSpec, taken: string[] = []): { service: Service; errors: string[] } {
  const service = serviceOf(structuredClone(spec));
  definition.defaults?.(service);
  definition.prepareCreate?.(service, context);
  const allocated =
    definition.allocate?.(service, undefined, {
      ...context,
      isFree: (reservation) => !taken.includes(reservation),
    }) ?? [];
  const errors = allocated.length ? allocated : (definition.validate?.(service) ?? []);
  return { service, errors: errors.map(({ field, message }) => `${field}: ${message}`) };
}

function update(old: Service, spec: ServiceSpec): { service: Service; errors: string[] } {
  const service = serviceOf(structuredClone(spec));
  definition.defaults?.(service);
  definition.prepareUpdate?.(service, old, context);
  const allocated = definition.allocate?.(service, old, { ...context, isFree: () => true }) ?? [];
  const errors = allocated.length
    ? allocated
    : [
        ...(definition.validate?.(service) ?? []),
        ...(definition.validateUpdate?.(service, old) ?? []),
      ];
  return { service, errors: errors.map(({ field, message }) => `${field}: ${message}`) };
}

const PORTS = [{ port: 80 }];

describe('services', () => {
  it('get a cluster IP from the upper band', () => {
    const { service, errors } = create({ ports: PORTS });
    deepStrictEqual(errors, []);
    strictEqual(service.spec.clusterIP, '10.100.0.18');
    deepStrictEqual(service.spec.clusterIPs, ['10.100.0.18']);
    deepStrictEqual(service.spec.ipFamilies, ['IPv4']);
    strictEqual(service.spec.ipFamilyPolicy, 'SingleStack');
    deepStrictEqual(definition.reservations?.(service), [ipReservation('10.100.0.18')]);
  });

  it('get no value that is taken', () => {
    strictEqual(
      create({ ports: PORTS }, [ipReservation('10.100.0.18')]).service.spec.clusterIP,
      '10.100.0.19',
    );
  });

  it('may ask for the first address', () => {
    deepStrictEqual(create({ ports: PORTS, clusterIP: '10.100.0.1' }).errors, []);
  });

  it('are refused with the reason when a given address is not available', () => {
    deepStrictEqual(
      create({ ports: PORTS, clusterIP: '10.100.0.9' }, [ipReservation('10.100.0.9')]).errors,
      [
        'spec.clusterIPs: Invalid value: []string{"10.100.0.9"}: failed to allocate IP 10.100.0.9: provided IP is already allocated',
      ],
    );
    deepStrictEqual(create({ ports: PORTS, clusterIP: '10.0.0.9' }).errors, [
      'spec.clusterIPs: Invalid value: []string{"10.0.0.9"}: failed to allocate IP 10.0.0.9: the provided IP (10.0.0.9) is not in the valid range. The range of valid IPs is 10.100.0.0/24',
    ]);
  });

  it('reserve nothing when headless or of type ExternalName', () => {
    const headless = create({ clusterIP: 'None' }).service;
    deepStrictEqual(headless.spec.clusterIPs, ['None']);
    deepStrictEqual(definition.reservations?.(headless), []);
    const named = create({ type: 'ExternalName', externalName: 'example.com' });
    deepStrictEqual(named.errors, []);
    deepStrictEqual(definition.reservations?.(named.service), []);
    strictEqual(named.service.spec.clusterIP, undefined);
  });

  it('get a node port for each port, and one for a port of two protocols', () => {
    const ports = [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      { name: 'web', port: 80 },
    ];
    const { service, errors } = create({ type: 'NodePort', ports });
    deepStrictEqual(errors, []);
    deepStrictEqual(
      service.spec.ports?.map(({ nodePort }) => nodePort),
      [30_016, 30_016, 30_017],
    );
    deepStrictEqual(definition.reservations?.(service), [
      ipReservation('10.100.0.18'),
      portReservation(30_016),
      portReservation(30_017),
    ]);
  });

  it('are refused with node ports that are taken or out of range', () => {
    const ports = [{ port: 80, nodePort: 30_005 }];
    deepStrictEqual(create({ type: 'NodePort', ports }, [portReservation(30_005)]).errors, [
      'spec.ports[0].nodePort: Invalid value: 30005: provided port is already allocated',
    ]);
    deepStrictEqual(create({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }).errors, [
      'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-30099',
    ]);
  });

  it('get a health check port when they route to local endpoints only', () => {
    const { service, errors } = create({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ports: PORTS,
    });
    deepStrictEqual(errors, []);
    strictEqual(service.spec.ports?.[0]?.nodePort, 30_016);
    strictEqual(service.spec.healthCheckNodePort, 30_017);
    const without = create({
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: false,
      ports: PORTS,
    }).service;
    strictEqual(without.spec.ports?.[0]?.nodePort, undefined);
  });

  it('lose the address of their load balancer with the type', () => {
    const { service: old } = create({ type: 'LoadBalancer', ports: PORTS });
    old.status = {
      loadBalancer: { ingress: [{ ip: '203.0.113.9', ipMode: 'VIP' }] },
      conditions: [
        { type: 'a', status: 'True', reason: 'R', message: '', lastTransitionTime: '' } as never,
      ],
    };
    for (const type of ['NodePort', 'ClusterIP'] as const) {
      const { service } = update(old, { ...old.spec, type });
      deepStrictEqual(service.status?.loadBalancer, {});
      strictEqual(service.status?.conditions?.length, 1, 'other status stays');
    }
    const { service } = update(old, { ...old.spec, selector: { app: 'b' } });
    deepStrictEqual(service.status?.loadBalancer, old.status.loadBalancer);
  });

  it('keep allocated values when an update leaves them out', () => {
    const { service: old } = create({ type: 'NodePort', ports: [{ name: 'a', port: 80 }] });
    const { service, errors } = update(old, { type: 'NodePort', ports: [{ name: 'a', port: 81 }] });
    deepStrictEqual(errors, []);
    strictEqual(service.spec.clusterIP, old.spec.clusterIP);
    strictEqual(service.spec.ports?.[0]?.nodePort, old.spec.ports?.[0]?.nodePort);
  });

  it('cannot change their cluster IP', () => {
    const { service: old } = create({ ports: PORTS });
    const fixed = [
      'spec.clusterIPs[0]: Invalid value: []string{"10.100.0.77"}: may not change once set',
    ];
    deepStrictEqual(
      update(old, { ...old.spec, clusterIP: '10.100.0.77' }).errors,
      fixed,
      'an old client knows one field',
    );
    deepStrictEqual(
      update(old, { ports: PORTS, clusterIP: '10.100.0.77', clusterIPs: ['10.100.0.77'] }).errors,
      fixed,
    );
    deepStrictEqual(update(old, { ports: PORTS, clusterIP: '10.100.0.77' }).errors, fixed);
  });

  it('release the values that a new type does not need', () => {
    const { service: old } = create({ type: 'NodePort', ports: PORTS });
    const inner = update(old, { ...old.spec, type: 'ClusterIP' });
    deepStrictEqual(inner.errors, []);
    deepStrictEqual(definition.reservations?.(inner.service), [ipReservation('10.100.0.18')]);
    strictEqual(inner.service.spec.externalTrafficPolicy, undefined);
    const named = update(old, {
      ...old.spec,
      type: 'ExternalName',
      externalName: 'example.com',
      ports: PORTS,
    });
    deepStrictEqual(named.errors, []);
    deepStrictEqual(definition.reservations?.(named.service), []);
    const back = update(named.service, { type: 'ClusterIP', ports: PORTS });
    ok(back.service.spec.clusterIP);
  });

  it('name the field of a value that another service has reserved', () => {
    const { service } = create({ type: 'NodePort', ports: PORTS });
    strictEqual(
      definition.reservationConflict?.(service, portReservation(30_016)).field,
      'spec.ports[0].nodePort',
    );
    strictEqual(
      definition.reservationConflict?.(service, ipReservation('10.100.0.18')).field,
      'spec.clusterIPs',
    );
  });

  it('use the lower band last, and are refused when the range is full', () => {
    const ip = parseServiceRanges({
      serviceClusterIPRange: '10.0.0.0/24',
      nodePortRange: '30000-30099',
    }).ips.IPv4!;
    const upper = new Set(
      Array.from({ length: ip.count - ip.bandOffset }, (_, index) =>
        ip.reservation(ip.valueAt(ip.bandOffset + index)),
      ),
    );
    strictEqual(
      pickFree(
        ip,
        () => 0,
        (reservation) => !upper.has(reservation),
      ),
      '10.0.0.2',
    );
    strictEqual(
      pickFree(
        ip,
        () => 0.99,
        () => false,
      ),
      undefined,
    );
    strictEqual(ip.valueAt(ip.count - 1), '10.0.0.254');
  });
});
