// Services on clusters with two ranges: families, policies, upgrades and downgrades. The cases are
// those of upstream's service/storage/rest_test.go.
import { deepStrictEqual, throws } from 'node:assert/strict';
import type { Service, ServiceSpec } from '../../apis/core/v1/types.js';
import type { RequestContext } from '../../apiserver/resource/definition.js';
import { parseServiceRanges } from './service-ranges.js';
import { services } from './services.js';

const V4 = '10.100.0.0/24';
const V6 = 'fd00:100::/112';
const nodePortRange = '30000-30099';
const definitionOf = (serviceClusterIPRange: string) =>
  services({ serviceClusterIPRange, nodePortRange });
const dual = definitionOf(`${V4},${V6}`);
const sixFirst = definitionOf(`${V6},${V4}`);
const single = definitionOf(V4);
type Definition = typeof dual;

const context: RequestContext = {
  now: 0,
  user: { name: 'u', groups: [] },
  dryRun: false,
  random: { next: () => 0, uuid: () => '' },
};
const reservation = (ip: string): string => `/registry/ranges/serviceips/${ip}`;
const PORTS = [{ port: 80, protocol: 'TCP', targetPort: 80 }];
const [IP4, IP6] = ['10.100.0.18', 'fd00:100::102'];
const BOTH = ['IPv4', 'IPv6'];

const serviceOf = (spec: ServiceSpec): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'default', uid: 'u' },
  spec: structuredClone({ ports: PORTS, selector: { a: 'b' }, ...spec }),
});

interface Outcome {
  service: Service;
  errors: string[];
  brief: unknown[];
}

function outcome(service: Service, errors: readonly { field: string; message: string }[]): Outcome {
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = service.spec;
  deepStrictEqual(clusterIP, errors.length ? clusterIP : clusterIPs?.[0]);
  return {
    service,
    errors: errors.map(({ field, message }) => `${field}: ${message}`),
    brief: [ipFamilyPolicy, ipFamilies, clusterIPs],
  };
}

function create(definition: Definition, spec: ServiceSpec, taken: string[] = []): Outcome {
  const service = serviceOf(spec);
  definition.defaults?.(service);
  definition.prepareCreate?.(service, context);
  const errors =
    definition.allocate?.(service, undefined, {
      ...context,
      isFree: (wanted) => !taken.includes(wanted),
    }) ?? [];
  return outcome(service, errors.length ? errors : (definition.validate?.(service) ?? []));
}

function update(definition: Definition, old: Service, spec: ServiceSpec): Outcome {
  const next = serviceOf(spec);
  const before = structuredClone(old);
  definition.defaults?.(next);
  definition.prepareUpdate?.(next, before, context);
  const errors = definition.allocate?.(next, before, { ...context, isFree: () => true }) ?? [];
  deepStrictEqual(before, old, 'the stored object was changed');
  return outcome(
    next,
    errors.length
      ? errors
      : [...(definition.validate?.(next) ?? []), ...(definition.validateUpdate?.(next, old) ?? [])],
  );
}

const made = (definition: Definition, spec: ServiceSpec): Service => {
  const { errors, service } = create(definition, spec);
  deepStrictEqual(errors, []);
  return service;
};

type Row = [title: string, definition: Definition, spec: ServiceSpec, expected: unknown[]];
const CREATED: Row[] = [
  ['no wish', dual, {}, ['SingleStack', ['IPv4'], [IP4]]],
  ['no wish, IPv6 first', sixFirst, {}, ['SingleStack', ['IPv6'], [IP6]]],
  [
    'SingleStack in the other family',
    dual,
    { ipFamilies: ['IPv6'] },
    ['SingleStack', ['IPv6'], [IP6]],
  ],
  [
    'PreferDualStack',
    dual,
    { ipFamilyPolicy: 'PreferDualStack' },
    ['PreferDualStack', BOTH, [IP4, IP6]],
  ],
  [
    'PreferDualStack of a single-stack cluster',
    single,
    { ipFamilyPolicy: 'PreferDualStack' },
    ['PreferDualStack', ['IPv4'], [IP4]],
  ],
  [
    'RequireDualStack',
    dual,
    { ipFamilyPolicy: 'RequireDualStack' },
    ['RequireDualStack', BOTH, [IP4, IP6]],
  ],
  [
    'RequireDualStack, IPv6 first',
    dual,
    { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6'] },
    ['RequireDualStack', ['IPv6', 'IPv4'], [IP6, IP4]],
  ],
  [
    'a named IPv6 address',
    dual,
    { clusterIP: 'fd00:100::7' },
    ['SingleStack', ['IPv6'], ['fd00:100::7']],
  ],
  [
    'a named first address',
    dual,
    { ipFamilyPolicy: 'PreferDualStack', clusterIP: '10.100.0.9' },
    ['PreferDualStack', BOTH, ['10.100.0.9', IP6]],
  ],
  [
    'two named addresses',
    dual,
    {
      ipFamilyPolicy: 'RequireDualStack',
      clusterIP: 'fd00:100::7',
      clusterIPs: ['fd00:100::7', '10.100.0.7'],
    },
    ['RequireDualStack', ['IPv6', 'IPv4'], ['fd00:100::7', '10.100.0.7']],
  ],
  ['headless', dual, { clusterIP: 'None' }, ['SingleStack', ['IPv4'], ['None']]],
  [
    'headless PreferDualStack',
    dual,
    { clusterIP: 'None', ipFamilyPolicy: 'PreferDualStack' },
    ['PreferDualStack', BOTH, ['None']],
  ],
  [
    'headless without a selector',
    single,
    { clusterIP: 'None', selector: {} },
    ['RequireDualStack', BOTH, ['None']],
  ],
  [
    'headless without a selector, IPv6 first',
    single,
    { clusterIP: 'None', selector: {}, ipFamilies: ['IPv6'] },
    ['RequireDualStack', ['IPv6', 'IPv4'], ['None']],
  ],
  [
    'headless without a selector, SingleStack',
    sixFirst,
    { clusterIP: 'None', selector: {}, ipFamilyPolicy: 'SingleStack' },
    ['SingleStack', ['IPv6'], ['None']],
  ],
  [
    'ExternalName',
    dual,
    { type: 'ExternalName', externalName: 'a.b', ports: [] },
    [undefined, undefined, undefined],
  ],
];

type BadRow = [title: string, definition: Definition, spec: ServiceSpec, errors: string[]];
const MULTIPLE = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
const REFUSED: BadRow[] = [
  [
    'RequireDualStack of a single-stack cluster',
    single,
    { ipFamilyPolicy: 'RequireDualStack' },
    [
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
  ],
  [
    'a family that is not here',
    single,
    { ipFamilies: ['IPv6'] },
    ['spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
  ],
  [
    'an address of a family that is not here',
    single,
    { clusterIP: 'fd00::1' },
    [
      'spec.clusterIPs[0]: Invalid value: []string{"fd00::1"}: IPv6 is not configured on this cluster',
    ],
  ],
  [
    'SingleStack with two families',
    dual,
    { ipFamilyPolicy: 'SingleStack', ipFamilies: BOTH },
    [`spec.ipFamilyPolicy: Invalid value: "SingleStack": ${MULTIPLE} IP families are specified`],
  ],
  [
    'two addresses without policy',
    dual,
    { clusterIP: IP4, clusterIPs: [IP4, IP6] },
    [`spec.ipFamilyPolicy: Invalid value: "SingleStack": ${MULTIPLE} cluster IPs are specified`],
  ],
  [
    'two addresses of a family',
    dual,
    {
      ipFamilyPolicy: 'PreferDualStack',
      clusterIP: '10.100.0.2',
      clusterIPs: ['10.100.0.2', '10.100.0.3'],
    },
    [
      'spec.clusterIPs: Invalid value: []string{"10.100.0.2", "10.100.0.3"}: may specify no more than one IP for each IP family',
    ],
  ],
  [
    'three addresses',
    dual,
    {
      ipFamilyPolicy: 'PreferDualStack',
      clusterIP: '10.100.0.2',
      clusterIPs: ['10.100.0.2', 'fd00:100::2', '10.100.0.3'],
    },
    [
      'spec.clusterIPs: Invalid value: []string{"10.100.0.2", "fd00:100::2", "10.100.0.3"}: may only hold up to 2 values',
      'spec.clusterIPs: Invalid value: []string{"10.100.0.2", "fd00:100::2", "10.100.0.3"}: may specify no more than one IP for each IP family',
    ],
  ],
  [
    'an address of the wrong family',
    dual,
    { ipFamilies: ['IPv6'], clusterIP: IP4 },
    [
      'spec.clusterIPs[0]: Invalid value: "10.100.0.18": expected an IPv6 value as indicated by `ipFamilies[0]`',
    ],
  ],
  [
    'a family twice',
    dual,
    { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4', 'IPv4'] },
    ['spec.ipFamilies[1]: Duplicate value: "IPv4"'],
  ],
  [
    'an unknown family',
    dual,
    { ipFamilies: ['IPv5'] },
    ['spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"'],
  ],
  [
    'an unknown policy',
    dual,
    { ipFamilyPolicy: 'Both' },
    [
      'spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
    ],
  ],
  [
    'an IPv6 address out of range',
    dual,
    { clusterIP: 'fd00::1' },
    [
      'spec.clusterIPs: Invalid value: []string{"fd00::1"}: failed to allocate IP fd00::1: the provided IP (fd00::1) is not in the valid range. The range of valid IPs is fd00:100::/112',
    ],
  ],
  [
    'ExternalName with families',
    dual,
    {
      type: 'ExternalName',
      externalName: 'a.b',
      ports: [],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    },
    [
      'spec.ipFamilies: Forbidden: may not be set for ExternalName services',
      'spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services',
    ],
  ],
];

describe('dual-stack services', () => {
  for (const [title, definition, spec, expected] of CREATED) {
    it(`creates: ${title}`, () => {
      const { brief, errors, service } = create(definition, spec);
      deepStrictEqual(errors, []);
      deepStrictEqual(brief, expected);
      const held = (service.spec.clusterIPs ?? []).filter((ip) => ip !== 'None');
      deepStrictEqual(definition.reservations?.(service), held.map(reservation));
    });
  }
  for (const [title, definition, spec, errors] of REFUSED) {
    it(`refuses: ${title}`, () => deepStrictEqual(create(definition, spec).errors, errors));
  }

  it('reserves an address under one key for all spellings', () => {
    const { errors } = create(dual, { clusterIP: 'FD00:0100:0::0007' }, [
      reservation('fd00:100::7'),
    ]);
    deepStrictEqual(errors, [
      'spec.clusterIPs: Invalid value: []string{"FD00:0100:0::0007"}: failed to allocate IP FD00:0100:0::0007: provided IP is already allocated',
    ]);
  });

  it('refuses invalid ranges', () => {
    const parse = (serviceClusterIPRange: string) => () =>
      parseServiceRanges({ serviceClusterIPRange, nodePortRange });
    throws(parse(`${V4},10.101.0.0/24`), /must be of different IP family/);
    throws(parse(`${V4},${V6},fd01::/112`), /must not contain more than two entries/);
    throws(parse(`${V4},fd00::/64`), /bad --service-cluster-ip-range fd00::\/64/);
  });
});

describe('stack changes of services', () => {
  it('upgrades by policy, by families or by addresses, and keeps the first address', () => {
    const old = made(dual, {});
    for (const policy of ['PreferDualStack', 'RequireDualStack']) {
      const { brief, errors } = update(dual, old, { ...old.spec, ipFamilyPolicy: policy });
      deepStrictEqual([errors, brief], [[], [policy, BOTH, [IP4, IP6]]]);
    }
    const named = update(dual, old, {
      ...old.spec,
      ipFamilyPolicy: 'RequireDualStack',
      clusterIPs: [IP4, 'fd00:100::9'],
    });
    deepStrictEqual(
      [named.errors, named.brief],
      [[], ['RequireDualStack', BOTH, [IP4, 'fd00:100::9']]],
    );
    const silent = update(dual, old, { ...old.spec, ipFamilies: BOTH });
    deepStrictEqual(silent.errors, [
      `spec.ipFamilyPolicy: Invalid value: "SingleStack": ${MULTIPLE} IP families are specified`,
    ]);
  });

  it('downgrades by SingleStack only, and releases the second address', () => {
    const old = made(dual, { ipFamilyPolicy: 'RequireDualStack' });
    const { brief, errors, service } = update(dual, old, {
      ...old.spec,
      ipFamilyPolicy: 'SingleStack',
    });
    deepStrictEqual([errors, brief], [[], ['SingleStack', ['IPv4'], [IP4]]]);
    deepStrictEqual(dual.reservations?.(service), [reservation(IP4)]);
    const byHand = update(dual, old, {
      ...old.spec,
      ipFamilyPolicy: 'SingleStack',
      clusterIPs: [IP4],
      ipFamilies: ['IPv4'],
    });
    deepStrictEqual([byHand.errors, byHand.brief], [[], ['SingleStack', ['IPv4'], [IP4]]]);
  });

  it('releases no address or family without the policy SingleStack', () => {
    const old = made(dual, { ipFamilyPolicy: 'PreferDualStack' });
    deepStrictEqual(update(dual, old, { ...old.spec, clusterIPs: [IP4] }).errors, [
      'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be \'SingleStack\' to release the secondary cluster IP',
    ]);
    deepStrictEqual(update(dual, old, { ...old.spec, ipFamilies: ['IPv4'] }).errors, [
      'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be \'SingleStack\' to release the secondary IP family',
    ]);
  });

  it('keeps primary address and family', () => {
    const old = made(dual, { ipFamilyPolicy: 'RequireDualStack' });
    const turned = update(dual, old, {
      ...old.spec,
      clusterIP: IP6,
      clusterIPs: [IP6, IP4],
      ipFamilies: ['IPv6', 'IPv4'],
    });
    const shown = `[]string{"${IP6}", "${IP4}"}`;
    const family =
      'spec.ipFamilies[0]: Invalid value: []core.IPFamily{"IPv6", "IPv4"}: may not change once set';
    deepStrictEqual(turned.errors, [
      `spec.clusterIPs[0]: Invalid value: ${shown}: may not change once set`,
      `spec.clusterIPs[1]: Invalid value: ${shown}: may not change once set`,
      family,
      family,
    ]);
  });

  it('keeps the allocated values when an update leaves them out', () => {
    const old = made(dual, { ipFamilyPolicy: 'RequireDualStack' });
    const { brief, errors } = update(dual, old, {});
    deepStrictEqual([errors, brief], [[], ['RequireDualStack', BOTH, [IP4, IP6]]]);
  });

  it('does not change PreferDualStack services when the cluster gains or loses a family', () => {
    const before = made(single, { ipFamilyPolicy: 'PreferDualStack' });
    const later = update(dual, before, { ...before.spec, sessionAffinity: 'ClientIP' });
    deepStrictEqual([later.errors, later.brief], [[], ['PreferDualStack', ['IPv4'], [IP4]]]);
    const both = made(dual, { ipFamilyPolicy: 'PreferDualStack' });
    const lost = update(single, both, { ...both.spec, sessionAffinity: 'ClientIP' });
    deepStrictEqual([lost.errors, lost.brief], [[], ['PreferDualStack', BOTH, [IP4, IP6]]]);
  });

  it('releases all values as ExternalName and allocates new ones afterwards', () => {
    const old = made(dual, { ipFamilyPolicy: 'RequireDualStack' });
    const named = update(dual, old, { ...old.spec, type: 'ExternalName', externalName: 'a.b' });
    deepStrictEqual(
      [named.errors, named.brief, dual.reservations?.(named.service)],
      [[], [undefined, undefined, undefined], []],
    );
    const back = update(dual, named.service, {
      type: 'ClusterIP',
      ipFamilyPolicy: 'PreferDualStack',
    });
    deepStrictEqual([back.errors, back.brief], [[], ['PreferDualStack', BOTH, [IP4, IP6]]]);
  });

  it('lets headless services change families', () => {
    const old = made(dual, { clusterIP: 'None' });
    const { brief, errors } = update(dual, old, { ...old.spec, ipFamilies: ['IPv6'] });
    deepStrictEqual([errors, brief], [[], ['SingleStack', ['IPv6'], ['None']]]);
  });
});
