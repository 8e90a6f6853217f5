// The CustomResourceDefinitions of well-known projects with typical objects: what the definitions
// allow is taken, and each of their constraints refuses what breaks it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import type {
  CustomResourceDefinition,
  JSONSchemaProps,
} from '../../../pkg/apis/apiextensions/v1/types.js';
import { Api, type Answer, type Json } from '../apiserver/harness.js';
import { publishedDefinitions, publishedYaml } from '../../support/published-definitions.js';
import { filled, violations } from '../../support/schema-objects.js';
import { skip } from '../../support/skip.js';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const OBJECTS = 'test/integration/extension/published-objects.yaml';
const APPROVED = 'KubernetesAPIApprovalPolicyConformant';
const LIMIT_MS = 60_000;
const NAME_PATTERN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
const MONITOR_INTERVAL =
  '^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$';

/** Kind, path into its example, bad value (undefined removes the field), message of the cause. */
const REFUSED: readonly [string, (string | number)[], unknown, string][] = [
  [
    'HTTPRoute',
    ['rules', 0, 'matches', 0, 'method'],
    'FETCH',
    'Unsupported value: "FETCH": supported values: "GET", "HEAD", "POST", "PUT", "DELETE", ' +
      '"CONNECT", "OPTIONS", "TRACE", "PATCH"',
  ],
  [
    'HTTPRoute',
    ['hostnames', 0],
    'UPPER.example.com',
    'Invalid value: "UPPER.example.com": spec.hostnames[0] in body should match ' +
      `'^(\\*\\.)?${NAME_PATTERN.slice(1)}'`,
  ],
  [
    'HTTPRoute',
    ['rules', 0, 'backendRefs', 1, 'weight'],
    1_000_001,
    'Invalid value: 1000001: spec.rules[0].backendRefs[1].weight in body should be less than or ' +
      'equal to 1000000',
  ],
  [
    'Gateway',
    ['listeners', 1, 'port'],
    0,
    'Invalid value: 0: spec.listeners[1].port in body should be greater than or equal to 1',
  ],
  [
    'Gateway',
    ['listeners'],
    [],
    'Invalid value: 0: spec.listeners in body should have at least 1 items',
  ],
  ['Certificate', ['secretName'], undefined, 'Required value'],
  [
    'Certificate',
    ['privateKey', 'algorithm'],
    'DSA',
    'Unsupported value: "DSA": supported values: "RSA", "ECDSA", "Ed25519"',
  ],
  [
    'CertificateRequest',
    ['request'],
    'not base64',
    'Invalid value: "not base64": spec.request in body must be of type byte: "not base64"',
  ],
  [
    'ServiceMonitor',
    ['endpoints', 0, 'interval'],
    '30 s',
    `Invalid value: "30 s": spec.endpoints[0].interval in body should match '${MONITOR_INTERVAL}'`,
  ],
  [
    'ServiceMonitor',
    ['endpoints', 1, 'targetPort'],
    true,
    'Invalid value: "boolean": spec.endpoints[1].targetPort in body must be of type ' +
      'integer,string: "boolean"',
  ],
];

describe('published definitions', function () {
  // The first run fetches the packages.
  this.timeout(600_000);
  let server: RunningApiServer;
  let api: Api;
  const definitions: CustomResourceDefinition[] = [];
  const examples: Json[] = parseAllDocuments(readFileSync(OBJECTS, 'utf8')).map((one) =>
    one.toJS(),
  );

  before(async function () {
    const published = Promise.all([publishedDefinitions(), publishedYaml()]);
    const [objects, texts] = await published.catch((error: Error) =>
      skip(this, { setup: `published definitions (${error.message})` }),
    );
    server = await startApiServer();
    await server.ready();
    api = new Api(server);
    const yaml = { 'content-type': 'application/yaml' };
    for (const definition of objects) definitions.push(await made(api.post(CRDS, definition)));
    for (const text of texts) definitions.push(await made(api.post(CRDS, text, yaml)));
  });
  after(async () => {
    api?.close();
    await server?.stop();
  });

  /** The definition that was created without a warning. */
  async function made(posted: Promise<Answer>): Promise<CustomResourceDefinition> {
    const created = await api.ok(posted, 201);
    assert.equal((await posted).headers['warning'], undefined);
    return created as CustomResourceDefinition;
  }

  function versionOf({ apiVersion, kind }: Json) {
    const [group, name] = apiVersion.split('/');
    const definition = definitions.find(
      ({ spec }) => spec.group === group && spec.names.kind === kind,
    )!;
    const version = definition.spec.versions.find((one) => one.name === name)!;
    return { definition, version, schema: version.schema!.openAPIV3Schema! };
  }

  function pathOf(object: Json): string {
    const { definition, version } = versionOf(object);
    const { group, names, scope } = definition.spec;
    const place = scope === 'Cluster' ? '' : 'namespaces/default/';
    return `/apis/${group}/${version.name}/${place}${names.plural}?fieldValidation=Strict`;
  }

  const post = (object: Json): Promise<Answer> => api.post(pathOf(object), object);
  const example = (kind: string): Json =>
    structuredClone(examples.find((object) => object.kind === kind));

  it('are established, with structural schemas', async () => {
    assert.equal(definitions.length, 35);
    for (const { metadata, spec } of definitions) {
      const deadline = performance.now() + LIMIT_MS;
      for (;;) {
        const { status } = await api.ok(api.get(`${CRDS}/${metadata.name}`));
        const conditions = Object.fromEntries(
          status.conditions.map((one: Json) => [one.type, one.status]),
        );
        if (conditions.Established === 'True') {
          const approved = spec.group.endsWith('.k8s.io') ? { [APPROVED]: 'True' } : {};
          const good = { NamesAccepted: 'True', Established: 'True', ...approved };
          assert.deepEqual(conditions, good);
          break;
        }
        assert.ok(performance.now() < deadline, `${metadata.name} is not established`);
      }
    }
  });

  it('take typical objects', async () => {
    for (const object of examples) {
      const { spec } = await api.ok(post(object), 201);
      assertWithin(object.spec, spec, object.kind);
    }
  });

  it('give the defaults of the Gateway API', async () => {
    const base = { apiVersion: 'gateway.networking.k8s.io/v1', metadata: { name: 'defaults' } };
    const route = { ...base, kind: 'HTTPRoute', spec: { parentRefs: [{ name: 'prod-web' }] } };
    const match = { path: { type: 'PathPrefix', value: '/' } };
    assert.deepEqual((await api.ok(post(route), 201)).spec, {
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'prod-web' }],
      rules: [{ matches: [match] }],
    });
    const listeners = [{ name: 'http', protocol: 'HTTP', port: 80, allowedRoutes: { kinds: [] } }];
    const gateway = { ...base, kind: 'Gateway', spec: { gatewayClassName: 'acme-lb', listeners } };
    assert.deepEqual((await api.ok(post(gateway), 201)).spec.listeners, [
      { ...listeners[0], allowedRoutes: { kinds: [], namespaces: { from: 'Same' } } },
    ]);
  });

  it('take an object with every field, in every version', async () => {
    for (const { spec } of definitions) {
      for (const { name, schema, subresources, storage } of spec.versions) {
        const object = {
          ...(filled(schema!.openAPIV3Schema!) as Json),
          apiVersion: `${spec.group}/${name}`,
          kind: spec.names.kind,
          metadata: { name: `filled-${name}` },
        };
        const at = `${object.apiVersion} ${object.kind}`;
        const stored = await api.ok(post(object), 201);
        // The store keeps only fields that the stored version has as well.
        if (!storage) continue;
        assertWithin(object.spec, stored.spec, at);
        if (!subresources?.status) continue;
        const path = pathOf(object).replace('?', `/${object.metadata.name}/status?`);
        const { status } = await api.ok(api.put(path, { ...stored, status: object.status }));
        assertWithin(object.status, status, at);
      }
    }
  });

  it('refuse what breaks any constraint, at its field', async () => {
    let count = 0;
    for (const object of examples) {
      const { schema } = versionOf(object);
      const properties = schema.properties!['spec'] as JSONSchemaProps;
      for (const { field, reason, value } of violations(properties, object.spec, 'spec')) {
        const { status, json } = await post({ ...object, metadata: { name: 'bad' }, spec: value });
        const causes: Json[] = json.details?.causes ?? [];
        const found = causes.some((cause) => cause.field === field && cause.reason === reason);
        const said = `${object.kind} ${field} ${reason}: ${JSON.stringify(json).slice(0, 1000)}`;
        assert.ok(status === 422 && found, said);
        count++;
      }
    }
    assert.ok(count > 500, `${count} violations`);
  });

  it('name what they refuse', async () => {
    for (const [kind, path, value, message] of REFUSED) {
      const object = example(kind);
      const last = path.at(-1)!;
      const parent = path.slice(0, -1).reduce((at, key) => at[key], object.spec);
      if (value === undefined) delete parent[last];
      else parent[last] = value;
      object.metadata.name = 'bad';
      const { status, json } = await post(object);
      assert.equal(status, 422, `${kind} ${path.join('.')}`);
      const messages = json.details.causes.map((cause: Json) => cause.message);
      assert.ok(messages.includes(message), `${messages.join('\n')}\nhas not\n${message}`);
    }
  });

  it('refuse fields that they do not have', async () => {
    for (const object of examples) {
      const bad = { ...object, metadata: { name: 'bad' }, spec: { ...object.spec, surprise: 1 } };
      const { status, json } = await post(bad);
      assert.equal(status, 400, object.kind);
      assert.match(json.message, /strict decoding error: unknown field "spec\.surprise"$/);
    }
  });
});

/** Fails unless all of `part` is in `whole`, which may have defaults besides. */
function assertWithin(part: Json, whole: Json, at: string): void {
  if (typeof part !== 'object' || part === null) return assert.deepEqual(whole, part, at);
  if (Array.isArray(part)) assert.equal(whole?.length, part.length, at);
  for (const [key, value] of Object.entries(part))
    assertWithin(value, whole?.[key], `${at}.${key}`);
}
