import assert from 'node:assert/strict';
import type { Endpoints, EndpointSubset, Service } from '../../apis/core/v1/types.js';
import type { EndpointSlice } from '../../apis/discovery/v1/types.js';
import { isMirrored, planMirror } from './plan.js';

const endpoints = (subsets: EndpointSubset[], labels: Record<string, string> = {}): Endpoints => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'db', namespace: 'n', uid: 'u', labels },
  subsets,
});
const service = (selector?: Record<string, string>): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db', namespace: 'n' },
  spec: selector ? { selector } : {},
});
const ports = [{ name: '', port: 5432, protocol: 'TCP' }];
const stored = (slice: object, name: string): EndpointSlice => ({
  ...(slice as EndpointSlice),
  metadata: { ...(slice as EndpointSlice).metadata, name },
});

describe('endpoint slice mirror', () => {
  it('is for services without a selector only', () => {
    assert.ok(isMirrored(endpoints([]), service()));
    assert.ok(!isMirrored(endpoints([]), service({ app: 'x' })));
    assert.ok(!isMirrored(endpoints([]), undefined));
    assert.ok(
      !isMirrored(endpoints([], { 'endpointslice.kubernetes.io/skip-mirror': 'true' }), service()),
    );
  });

  it('has a slice for each family and set of ports, and follows changes', () => {
    const subset = {
      addresses: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
      notReadyAddresses: [{ ip: '10.0.0.2' }],
      ports: [{ port: 5432 }],
    };
    const first = planMirror(endpoints([subset]), []);
    assert.deepEqual(
      first.create.map((slice) => [
        slice.addressType,
        slice.endpoints?.map((e) => [e.addresses[0], e.conditions?.ready]),
        slice.ports,
      ]),
      [
        [
          'IPv4',
          [
            ['10.0.0.1', true],
            ['10.0.0.2', false],
          ],
          ports,
        ],
        ['IPv6', [['fd00::1', true]], ports],
      ],
    );
    const slices = first.create.map((slice, i) => stored(slice, `db-${i}`));
    assert.deepEqual(planMirror(endpoints([subset]), slices), {
      create: [],
      update: [],
      remove: [],
    });
    const next = planMirror(endpoints([{ ...subset, addresses: [{ ip: '10.0.0.9' }] }]), slices);
    assert.deepEqual(
      [
        next.create.length,
        next.update.map(({ metadata }) => metadata.name),
        next.remove.map(({ metadata }) => metadata.name),
      ],
      [0, ['db-0'], ['db-1']],
    );
  });
});
