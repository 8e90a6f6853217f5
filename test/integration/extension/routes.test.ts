// Definitions as large projects publish them: lists whose rules compare all pairs within the cost
// budget, unions of optional parts, defaults inside lists, patterns, integers or strings. The
// schemas are our own; their forms and bounds are those of gateways, routes, certificates and
// monitors.
import assert from 'node:assert/strict';
import type { JSONSchemaProps } from '../../../pkg/apis/apiextensions/v1/types.js';
import { namespace, type Api } from '../apiserver/harness.js';
import { serve } from '../apiserver/serve.js';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const GROUP = 'net.example.com';
const HOST = '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
const PATH = "^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$";

type Schema = JSONSchemaProps & Record<string, unknown>;
const rules = (...all: [message: string, rule: string][]) => ({
  'x-kubernetes-validations': all.map(([message, rule]) => ({ message, rule })),
});
const text = (more: object = {}): Schema => ({ type: 'string', maxLength: 253, ...more });
const object = (properties: Record<string, Schema>, more: object = {}): Schema => ({
  type: 'object',
  properties,
  ...more,
});
const list = (maxItems: number, items: Schema, more: object = {}): Schema => ({
  type: 'array',
  maxItems,
  items,
  ...more,
});
const keyed = (...keys: string[]) => ({
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
});
const port: Schema = { type: 'integer', format: 'int32', minimum: 1, maximum: 65535 };

const CONDITIONS = list(
  8,
  object(
    {
      type: text({ pattern: '^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?$' }),
      status: text({ enum: ['True', 'False', 'Unknown'] }),
      lastTransitionTime: text({ format: 'date-time' }),
    },
    { required: ['type', 'status', 'lastTransitionTime'] },
  ),
  {
    ...keyed('type'),
    default: [{ type: 'Accepted', status: 'Unknown', lastTransitionTime: '1970-01-01T00:00:00Z' }],
  },
);

const LISTENERS = list(
  64,
  object(
    {
      name: text({ minLength: 1 }),
      hostname: text({ minLength: 1, pattern: HOST }),
      port,
      protocol: text({ minLength: 1, maxLength: 255 }),
      tls: object(
        {
          mode: text({ default: 'Terminate', enum: ['Terminate', 'Passthrough'] }),
          options: {
            type: 'object',
            maxProperties: 16,
            additionalProperties: text({ maxLength: 4096, minLength: 0 }),
          },
          certificates: list(64, object({ name: text(), kind: text({ default: 'Secret' }) })),
        },
        rules([
          'a certificate or options are required to terminate',
          "self.mode == 'Terminate' ? size(self.certificates) > 0 || size(self.options) > 0 : true",
        ]),
      ),
      from: text({ default: 'Same', enum: ['All', 'Same', 'Selector'] }),
    },
    { required: ['name', 'port', 'protocol'] },
  ),
  {
    minItems: 1,
    ...keyed('name'),
    ...rules(
      [
        'tls is for TLS only',
        "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
      ],
      [
        'HTTPS terminates',
        "self.all(l, l.protocol == 'HTTPS' && has(l.tls) ? l.tls.mode == 'Terminate' : true)",
      ],
      ['names are unique', 'self.all(a, self.exists_one(b, a.name == b.name))'],
      [
        'port, protocol and hostname are unique together',
        'self.all(a, self.exists_one(b, a.port == b.port && a.protocol == b.protocol && ' +
          '(has(a.hostname) && has(b.hostname) ? a.hostname == b.hostname : ' +
          '!has(a.hostname) && !has(b.hostname))))',
      ],
    ),
  },
);

const HEADERS = list(
  16,
  object(
    { name: text({ maxLength: 256 }), value: text({ maxLength: 4096 }) },
    { required: ['name', 'value'] },
  ),
  keyed('name'),
);

const FILTER_KINDS = { SetHeader: 'setHeader', Redirect: 'redirect', Rewrite: 'rewrite' };
const FILTERS = list(
  16,
  object(
    {
      type: text({ enum: Object.keys(FILTER_KINDS) }),
      setHeader: object({ set: HEADERS }),
      redirect: object({ port, statusCode: { type: 'integer', default: 302, enum: [301, 302] } }),
      rewrite: object({ prefix: text({ maxLength: 1024 }) }),
    },
    {
      required: ['type'],
      ...rules(
        ...Object.entries(FILTER_KINDS).flatMap(([type, field]): [string, string][] => [
          [`${field} belongs to ${type}`, `!(has(self.${field}) && self.type != '${type}')`],
          [`${type} needs ${field}`, `!(!has(self.${field}) && self.type == '${type}')`],
        ]),
      ),
    },
  ),
  rules(
    [
      'redirect or rewrite',
      "!(self.exists(f, f.type == 'Redirect') && self.exists(f, f.type == 'Rewrite'))",
    ],
    ['one redirect', "self.filter(f, f.type == 'Redirect').size() <= 1"],
  ),
);

const MATCH = object({
  path: object(
    {
      type: text({ default: 'Prefix', enum: ['Exact', 'Prefix', 'Regex'] }),
      value: text({ default: '/', maxLength: 1024 }),
    },
    {
      default: { type: 'Prefix', value: '/' },
      ...rules(
        [
          'the path is absolute',
          "self.type in ['Exact', 'Prefix'] ? self.value.startsWith('/') : true",
        ],
        [
          'no empty segment',
          "self.type in ['Exact', 'Prefix'] ? !self.value.contains('//') : true",
        ],
        [
          'valid characters',
          `self.type in ['Exact', 'Prefix'] ? self.value.matches(r"""${PATH}""") : true`,
        ],
      ),
    },
  ),
  headers: HEADERS,
});

const BACKENDS = list(
  16,
  object(
    {
      group: text({ default: '', pattern: '^$|^[a-z0-9.-]+$' }),
      kind: text({ default: 'Service', maxLength: 63 }),
      name: text({ minLength: 1 }),
      port,
      weight: { type: 'integer', format: 'int32', default: 1, minimum: 0, maximum: 1_000_000 },
      filters: FILTERS,
    },
    {
      required: ['name'],
      ...rules([
        'a service needs a port',
        "size(self.group) == 0 && self.kind == 'Service' ? has(self.port) : true",
      ]),
    },
  ),
);

const RULES = list(
  16,
  object(
    {
      name: text({ minLength: 1 }),
      matches: list(64, MATCH, { default: [{ path: { type: 'Prefix', value: '/' } }] }),
      filters: FILTERS,
      backends: BACKENDS,
      timeout: text({ pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' }),
    },
    rules(
      [
        'a redirect has no backends',
        'has(self.backends) && self.backends.size() > 0 ? (!has(self.filters) || self.filters.all(f, !has(f.redirect))) : true',
      ],
      ['a timeout is positive', "!has(self.timeout) || duration(self.timeout) > duration('0s')"],
    ),
  ),
  {
    default: [{ matches: [{ path: { type: 'Prefix', value: '/' } }] }],
    ...rules(
      [
        'at most 128 matches',
        '(self.size() > 0 ? self[0].matches.size() : 0) + (self.size() > 1 ? self[1].matches.size() : 0) <= 128',
      ],
      [
        'names are unique',
        'self.all(a, !has(a.name) || self.exists_one(b, has(b.name) && a.name == b.name))',
      ],
    ),
  },
);

const NAME_PART = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const ORIGINS = list(8, text({ pattern: '^(\\*|https?://[^/]+)$' }), {
  'x-kubernetes-list-type': 'set',
  ...rules(['any origin stands alone', "self.size() < 2 || !('*' in self)"]),
});
const sameParent =
  'a.kind == b.kind && a.name == b.name && ' +
  '(has(a.__namespace__) ? a.__namespace__ : "") == (has(b.__namespace__) ? b.__namespace__ : "")';
const LINK = object(
  {
    owner: text({ ...rules(['the owner stays', 'self == oldSelf']) }),
    parents: list(
      32,
      object(
        {
          kind: text({ default: 'Gate' }),
          name: text({ minLength: 1 }),
          namespace: text({ minLength: 1, maxLength: 63 }),
          section: text({ minLength: 1 }),
        },
        { required: ['name'] },
      ),
      rules(
        [
          'all or none of the links to a parent name a section',
          `self.all(a, self.all(b, ${sameParent} ? has(a.section) == has(b.section) : true))`,
        ],
        [
          'links differ',
          `self.all(a, self.exists_one(b, ${sameParent} && ` +
            '(has(a.section) ? a.section : "") == (has(b.section) ? b.section : "")))',
        ],
      ),
    ),
    addresses: list(
      16,
      object(
        { type: text({ default: 'IP', pattern: '^IP|Name|[a-z.]+\\/[A-Z]+$' }), value: text() },
        {
          oneOf: [
            {
              properties: {
                type: { enum: ['IP'] },
                value: { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
              },
            },
            { properties: { type: { not: { enum: ['IP'] } } } },
          ],
          ...rules([
            'a name is a host',
            `self.type == 'Name' && has(self.value) ? self.value.matches(r"""${HOST}""") : true`,
          ]),
        },
      ),
      rules([
        'addresses of a type differ',
        'self.all(a, !has(a.value) || ' +
          'self.exists_one(b, b.type == a.type && has(b.value) && b.value == a.value))',
      ]),
    ),
    labels: {
      type: 'object',
      maxProperties: 8,
      additionalProperties: text({ maxLength: 63, pattern: '^[-A-Za-z0-9_.]*$' }),
      ...rules(
        [
          'keys are names with a domain or without',
          `self.all(key, key.matches(r"""^([-a-z0-9.]+/)?${NAME_PART}$"""))`,
        ],
        ['domains are short', "self.all(key, key.split('/')[0].size() < 64)"],
      ),
    },
    protocol: text({ ...rules(['only the web', "self.matches('(?i)^(HTTP|HTTPS)$')"]) }),
    retries: { ...list(8, { type: 'integer' }), 'x-kubernetes-list-type': 'set' },
    origins: ORIGINS,
    timeouts: object(
      { whole: text({ maxLength: 24 }), try: text({ maxLength: 24 }) },
      rules([
        'a try fits into the whole',
        '!has(self.whole) || !has(self.try) || duration(self.whole) == duration("0s") || ' +
          'duration(self.try) <= duration(self.whole)',
      ]),
    ),
  },
  { required: ['owner'] },
);

const MONITOR = object({
  strategy: text({ pattern: '^(?i)(stop|go)?$' }),
  replicas: { type: 'integer', format: 'int32' },
  interval: text({
    pattern:
      '^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$',
  }),
  targetPort: {
    'x-kubernetes-int-or-string': true,
    anyOf: [{ type: 'integer' }, { type: 'string' }],
  },
  memory: {
    'x-kubernetes-int-or-string': true,
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    pattern:
      '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  },
  key: object(
    { name: text({ default: '' }), key: text() },
    { required: ['key'], 'x-kubernetes-map-type': 'atomic' },
  ),
  pod: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  resource: {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
  },
});

function definition(kind: string, spec: Schema, columns: [string, string, string][]) {
  const plural = `${kind.toLowerCase()}s`;
  const openAPIV3Schema = object(
    { spec, status: object({ conditions: CONDITIONS }, { default: {} }) },
    { required: ['spec'] },
  );
  return {
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, categories: ['net'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema },
          subresources: { status: {} },
          additionalPrinterColumns: columns.map(([name, type, jsonPath]) => ({
            name,
            type,
            jsonPath,
          })),
        },
      ],
    },
  };
}

const DEFINED = {
  gates: definition(
    'Gate',
    object({ class: text(), listeners: LISTENERS }, { required: ['class', 'listeners'] }),
    [
      ['Class', 'string', '.spec.class'],
      ['Programmed', 'string', '.status.conditions[?(@.type=="Programmed")].status'],
      ['Accepted', 'string', '.status.conditions[?(@.type=="Accepted")].status'],
      ['Age', 'date', '.metadata.creationTimestamp'],
    ],
  ),
  paths: definition(
    'Path',
    object({ hostnames: list(16, text({ pattern: HOST })), rules: RULES }),
    [['Hostnames', 'string', '.spec.hostnames']],
  ),
  links: definition('Link', LINK, [
    ['Address', 'string', '.spec.addresses[*].value'],
    ['Origins', 'string', '.spec.origins'],
    ['Owner', 'string', '.spec.owner'],
  ]),
  monitors: definition('Monitor', MONITOR, [['Desired', 'integer', '.spec.replicas']]),
};

const http = { name: 'http', port: 80, protocol: 'HTTP' };
const https = { name: 'https', port: 443, protocol: 'HTTPS' };
const gate = (...listeners: object[]) => ({ class: 'c', listeners });
const route = (rule: object) => ({ rules: [rule] });
const service = { name: 's', port: 80 };
const redirect = { type: 'Redirect', redirect: {} };
const rewrite = { type: 'Rewrite', rewrite: { prefix: '/' } };
const link = (more: object) => ({ owner: 'o', ...more });
const parents = (...all: object[]) => link({ parents: all.map((one) => ({ name: 'g', ...one })) });
const addresses = (...all: object[]) => link({ addresses: all });
const path = (value: string, type = 'Prefix') => route({ matches: [{ path: { type, value } }] });

/** Specs that are accepted where `error` is absent. */
const CASES: [resource: keyof typeof DEFINED, spec: object, error?: RegExp][] = [
  [
    'gates',
    gate(http, { ...http, name: 'b', hostname: '*.a.com' }, { ...http, name: 'c', port: 81 }),
  ],
  ['gates', gate(http, { ...http, port: 81 }), /spec\.listeners\[1\]: Duplicate value: map\[/],
  ['gates', gate(http, { ...http, name: 'b' }), /port, protocol and hostname are unique/],
  [
    'gates',
    gate({ ...http, hostname: 'a.com' }, { ...http, name: 'b', hostname: 'a.com' }),
    /unique together/,
  ],
  ['gates', gate({ ...http, tls: { options: { a: 'b' } } }), /tls is for TLS only/],
  ['gates', gate({ ...https, tls: { mode: 'Passthrough' } }), /HTTPS terminates/],
  ['gates', gate({ ...https, tls: { certificates: [{ name: 'x' }] } })],
  ['gates', gate({ ...http, hostname: 'A.com' }), /hostname in body should match|should match/],
  ['gates', gate(), /should have at least 1 items/],
  ['gates', gate({ ...http, port: 0 }), /should be greater than or equal to 1/],
  [
    'gates',
    gate(...Array.from({ length: 64 }, (_, n) => ({ ...http, name: `l${n}`, port: n + 1 }))),
  ],
  [
    'gates',
    gate(...Array.from({ length: 65 }, (_, n) => ({ ...http, name: `l${n}`, port: n + 1 }))),
    /must have at most 64 items/,
  ],
  ['paths', {}],
  ['paths', route({ backends: [service] })],
  ['paths', route({ backends: [{ name: 's' }] }), /a service needs a port/],
  ['paths', route({ backends: [{ name: 's', kind: 'Bucket', group: 'x.com' }] })],
  ['paths', route({ filters: [redirect] })],
  ['paths', route({ filters: [redirect], backends: [service] }), /a redirect has no backends/],
  ['paths', route({ filters: [redirect, rewrite] }), /redirect or rewrite/],
  ['paths', route({ filters: [redirect, redirect] }), /one redirect/],
  ['paths', route({ filters: [{ type: 'Redirect' }] }), /Redirect needs redirect/],
  ['paths', route({ filters: [{ ...rewrite, redirect: {} }] }), /redirect belongs to Redirect/],
  [
    'paths',
    route({ backends: [{ ...service, filters: [redirect, rewrite] }] }),
    /backends\[0\]\.filters: Invalid value.*redirect or rewrite/,
  ],
  ['paths', path('a'), /the path is absolute/],
  ['paths', path('/a//b'), /no empty segment/],
  ['paths', path('/a b'), /valid characters/],
  ['paths', path('a b//', 'Regex')],
  ['paths', path('/%41', 'Exact')],
  ['paths', route({ timeout: '1h30m' })],
  ['paths', route({ timeout: '0s' }), /a timeout is positive/],
  ['paths', route({ timeout: 'soon' }), /should match/],
  ['paths', { rules: [{ name: 'a' }, {}, { name: 'b' }, {}] }],
  ['paths', { rules: [{ name: 'a' }, {}, { name: 'a' }] }, /names are unique/],
  ['paths', { rules: [0, 1].map(() => ({ matches: Array(64).fill({}) })) }],
  [
    'gates',
    gate({ ...https, tls: { mode: 'Terminate' } }),
    /spec\.listeners\[0\]\.tls: Invalid value: "object": no such key: certificates evaluating rule: a certificate or options/,
  ],
  ['gates', gate({ ...https, tls: { options: {}, certificates: [] } }), /a certificate or options/],
  ['gates', gate({ ...https, tls: { options: { a: '' } } })],
  ['paths', { rules: [64, 65].map((length) => ({ matches: Array(length - 1).fill({}) })) }],
  ['links', parents({}, { name: 'h' }, { kind: 'Mesh' }, { namespace: 'a' }, { namespace: 'b' })],
  ['links', parents({ section: 'a' }, { section: 'b' })],
  ['links', parents({}, {}), /spec\.parents: Invalid value: "array": links differ$/],
  [
    'links',
    parents({ section: 'a' }, {}),
    /: all or none of the links to a parent name a section$/,
  ],
  ['links', parents({ namespace: 'a' }, { namespace: 'a' }), /: links differ$/],
  ['links', parents(...Array.from({ length: 32 }, (_, n) => ({ name: `g${n}` })))],
  [
    'links',
    addresses(
      { value: '10.0.0.1' },
      { value: '::1' },
      { type: 'Name', value: '*.a.com' },
      { type: 'Name' },
      { type: 'x.y/Z', value: 'any' },
    ),
  ],
  [
    'links',
    addresses({ value: '10.0.0.256' }),
    /\[<nil>: Invalid value: "": "spec\.addresses\[0\]" must validate one and only one schema \(oneOf\)\. Found none valid, <nil>: Invalid value: "": "spec\.addresses\[0\]\.value" must validate at least one schema \(anyOf\), .*must be of type ipv4: "10\.0\.0\.256", <nil>: Invalid value: "null": some validation rules were not checked/,
  ],
  ['links', addresses({ value: '::1' }, { value: '::1' }), /: addresses of a type differ$/],
  ['links', addresses({ type: 'Name', value: 'a_b' }), /addresses\[0\]: .*: a name is a host$/],
  ['links', link({ labels: { 'a.com/b': 'c', b: '' } })],
  ['links', link({ labels: { '-': '' } }), /spec\.labels: Invalid value: "object": keys are names/],
  ['links', link({ labels: { [`${'a'.repeat(64)}/b`]: '' } }), /: domains are short$/],
  ['links', link({ labels: { b: 'c d' } }), /spec\.labels\.b in body should match/],
  ['links', link({ protocol: 'Https' })],
  ['links', link({ protocol: 'FTP' }), /spec\.protocol: Invalid value: "string": only the web$/],
  ['links', link({ retries: [500, 500] }), /spec\.retries\[1\]: Duplicate value: 500$/],
  ['links', link({ origins: ['*'] })],
  ['links', link({ origins: ['*', 'http://a'] }), /: any origin stands alone$/],
  ['links', link({ origins: ['*', '*'] }), /origins\[1\]: Duplicate value: "\*", .*stands alone/],
  ['links', link({ timeouts: { whole: '1m2s', try: '62s' } })],
  ['links', link({ timeouts: { whole: '0s', try: '62s' } })],
  ['links', link({ timeouts: { whole: '1s', try: '1001ms' } }), /: a try fits into the whole$/],
  ['monitors', { interval: '1h30m', targetPort: 80, memory: '1.5Gi', key: { key: 'k' } }],
  ['monitors', { targetPort: 'http', memory: 100, replicas: 2 }],
  ['monitors', { interval: '30 s' }, /should match/],
  ['monitors', { strategy: 'STOP' }],
  ['monitors', { strategy: 'no' }, /should match '\^\(\?i\)\(stop\|go\)\?\$'/],
  ['monitors', { memory: 'much' }, /should match/],
  ['monitors', { targetPort: true }, /must be of type integer|int-or-string|Invalid value/],
  ['monitors', { key: { name: 'n' } }, /spec\.key\.key: Required value/],
  ['monitors', { pod: { containers: [{ any: { thing: [1, 'x', null] } }] } }],
  [
    'monitors',
    { resource: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: {} } },
  ],
  ['monitors', { resource: { kind: 'ConfigMap' } }, /spec\.resource\.apiVersion: Required value/],
];

describe('custom resources in the form of published ones', function () {
  this.timeout(60_000);
  let api: Api;
  let root = '';
  serve((_server, made) => (api = made));
  before(async () => {
    const ns = await namespace(api, 'published');
    root = `/apis/${GROUP}/v1/${ns.replace('/api/v1/', '')}`;
    for (const one of Object.values(DEFINED)) await api.ok(api.post(DEFINITIONS, one), 201);
  });

  const kindOf = (resource: keyof typeof DEFINED) => DEFINED[resource].spec.names.kind;
  const made = (resource: keyof typeof DEFINED, name: string, spec: object) => ({
    apiVersion: `${GROUP}/v1`,
    kind: kindOf(resource),
    metadata: { name },
    spec,
  });

  for (const [at, [resource, spec, error]] of CASES.entries()) {
    const shown = JSON.stringify(spec).slice(0, 100);
    it(`${error ? 'refuse' : 'accept'} ${resource} with ${shown}`, async () => {
      const one = made(resource, `c${at}`, spec);
      const created = await api.post(`${root}/${resource}`, one);
      assert.equal(created.status, error ? 422 : 201, created.bytes.toString().slice(0, 500));
      if (error) assert.match(created.json.message, error);
      const applied = await api.patch(
        `${root}/${resource}/a${at}?fieldManager=m`,
        'application/apply-patch+yaml',
        { ...one, metadata: { name: `a${at}` } },
      );
      // A duplicate key cannot be merged, which upstream answers with 500.
      assert.ok(error ? applied.status >= 422 : applied.status === 201, `${applied.status}`);
    });
  }

  it('show defaults of every depth, also of the status', async () => {
    const one = made('paths', 'defaults', {
      rules: [{ backends: [service], filters: [redirect] }, {}],
    });
    const refused = await api.post(`${root}/paths`, one);
    assert.equal(refused.status, 422);
    one.spec = { rules: [{ filters: [redirect] }, { backends: [service] }] };
    const { spec, status } = await api.ok(api.post(`${root}/paths`, one), 201);
    const matches = [{ path: { type: 'Prefix', value: '/' } }];
    assert.deepEqual(spec.rules, [
      { matches, filters: [{ type: 'Redirect', redirect: { statusCode: 302 } }] },
      { matches, backends: [{ group: '', kind: 'Service', weight: 1, ...service }] },
    ]);
    const read = await api.ok(api.get(`${root}/paths/defaults`));
    const dry = await api.ok(
      api.post(`${root}/paths?dryRun=All`, { ...one, metadata: { name: 'dry' } }),
      201,
    );
    assert.equal(dry.metadata.resourceVersion, undefined);
    for (const one of [status, read.status, dry.status])
      assert.equal(one?.conditions[0].type, 'Accepted');
  });

  it('are shown in their columns', async () => {
    const one = made('gates', 'shown', gate(http));
    const stored = await api.ok(api.post(`${root}/gates`, one), 201);
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const conditions = [{ type: 'Programmed', status: 'True', lastTransitionTime }];
    await api.ok(api.put(`${root}/gates/shown/status`, { ...stored, status: { conditions } }));
    const { rows } = await api.ok(
      api.get(`${root}/gates/shown`, { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' }),
    );
    assert.deepEqual(rows[0].cells.slice(0, 4), ['shown', 'c', 'True', null]);
  });

  it('keep what may not change', async () => {
    const spec = link({ addresses: [{ value: '::1' }, { value: '::2' }], origins: ['*'] });
    const stored = await api.ok(api.post(`${root}/links`, made('links', 'kept', spec)), 201);
    const changed = (more: object) =>
      api.put(`${root}/links/kept`, { ...stored, spec: { ...stored.spec, ...more } });
    const { message } = await api.ok(changed({ owner: 'p' }), 422);
    assert.match(message, /: spec\.owner: Invalid value: "string": the owner stays$/);
    await api.ok(changed({ retries: [500] }));
    const { rows } = await api.ok(
      api.get(`${root}/links/kept`, { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' }),
    );
    assert.deepEqual(rows[0].cells, ['kept', '::1', '["*"]', 'o']);
  });

  it('are merged by the keys of their lists when two managers apply', async () => {
    const apply = (manager: string, ...listeners: object[]) =>
      api.patch(
        `${root}/gates/shared?fieldManager=${manager}`,
        'application/apply-patch+yaml',
        made('gates', 'shared', gate(...listeners)),
      );
    await api.ok(apply('one', http), 201);
    const both = await api.ok(apply('two', { ...http, name: 'other', port: 8080 }));
    assert.deepEqual(
      both.spec.listeners.map(({ name }: { name: string }) => name),
      ['http', 'other'],
    );
    const conflict = await apply('two', { ...http, port: 81 });
    assert.equal(conflict.status, 409);
    assert.match(
      conflict.json.message,
      /conflict with "one": \.spec\.listeners\[name="http"\]\.port/,
    );
  });
});
