import assert from 'node:assert/strict';
import type { Pod } from '../apis/core/v1/types.js';
import type { AdmissionPlugin, AdmissionRequest } from '../apiserver/admission/plugin.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { alwaysPullImages } from './always-pull-images.js';
import { denyServiceExternalIPs } from './deny-service-external-ips.js';
import { eventRateLimit } from './event-rate-limit.js';
import { podSecurityWith } from './pod-security.js';
import { selectAdmissionPlugins } from './plugins.js';

type Fields = Partial<AdmissionRequest> & { resource?: never; kind?: string };

const noted = new Map<string, string>();
const requestOf = (resource: string, fields: Fields = {}, user = 'ann'): AdmissionRequest =>
  ({
    operation: fields.oldObject ? 'UPDATE' : 'CREATE',
    subresource: '',
    namespace: 'shop',
    name: 'x',
    ...fields,
    resource: { facts: { group: '', resource, namespaced: true, kind: '' } },
    context: { now: 0, user: { name: user, groups: [] }, dryRun: false },
    warn: () => {},
    annotate: (key: string, value: string) => noted.set(key, value),
  }) as unknown as AdmissionRequest;

const env = virtualEnv();
const namespace = { metadata: { name: 'shop', labels: {} } };
const context = {
  env,
  reader: { list: () => [], find: () => Promise.resolve(namespace) },
} as never;

const pod = (spec: Partial<Pod['spec']>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x' },
  spec: { containers: [{ name: 'c', image: 'i', imagePullPolicy: 'Never' }], ...spec },
});

describe('AlwaysPullImages', () => {
  const plugin = alwaysPullImages(context);
  it('changes every kind of container and image volumes', () => {
    const object = pod({
      initContainers: [{ name: 'a', image: 'a', imagePullPolicy: 'IfNotPresent' }],
      ephemeralContainers: [{ name: 'e', image: 'e' }],
      volumes: [{ name: 'v', image: { reference: 'r' } }],
    });
    assert.throws(
      () => plugin.validate!(requestOf('pods', { object })),
      /spec\.initContainers\[0\]\.imagePullPolicy: Unsupported value: "IfNotPresent": supported values: "Always"/,
    );
    void plugin.mutate!(requestOf('pods', { object }));
    void plugin.validate!(requestOf('pods', { object }));
    assert.deepEqual(JSON.stringify(object).match(/[pP]ullPolicy":"(\w+)"/g)!.length, 4);
    assert.ok(!/IfNotPresent|Never/.test(JSON.stringify(object)));
  });

  it('leaves updates without new images alone, and no others', () => {
    const object = pod({});
    void plugin.mutate!(requestOf('pods', { object, oldObject: pod({}) }));
    assert.equal(object.spec.containers[0]!.imagePullPolicy, 'Never');
    const changed = pod({ containers: [{ name: 'c', image: 'new' }] });
    void plugin.mutate!(requestOf('pods', { object: changed, oldObject: pod({}) }));
    assert.equal(changed.spec.containers[0]!.imagePullPolicy, 'Always');
    const debug = pod({ ephemeralContainers: [{ name: 'e', image: 'private' }] });
    void plugin.mutate!(
      requestOf('pods', { object: debug, oldObject: pod({}), subresource: 'ephemeralcontainers' }),
    );
    assert.equal(debug.spec.ephemeralContainers![0]!.imagePullPolicy, 'Always');
  });
});

describe('DenyServiceExternalIPs', () => {
  const plugin = denyServiceExternalIPs(context);
  const service = (...externalIPs: string[]) =>
    ({ metadata: { name: 'x' }, spec: { externalIPs } }) as never;
  it('lets services keep and lose addresses, and gain none', () => {
    const ask = (object: never, oldObject?: never) =>
      plugin.validate!(requestOf('services', { object, ...(oldObject ? { oldObject } : {}) }));
    void ask(service());
    void ask(service('1.1.1.1'), service('1.1.1.1', '2.2.2.2'));
    void ask(service(), service('1.1.1.1'));
    for (const refused of [
      () => ask(service('1.1.1.1')),
      () => ask(service('1.1.1.1', '2.2.2.2'), service('1.1.1.1')),
      () => ask(service('2.2.2.2'), service('1.1.1.1')),
    ])
      assert.throws(refused, /Use of external IPs is denied by admission control/);
  });
});

describe('EventRateLimit', () => {
  const configuration = (limits: unknown) => ({
    apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1',
    kind: 'Configuration',
    limits,
  });
  const made = (...limits: unknown[]): AdmissionPlugin =>
    eventRateLimit(configuration(limits))(context);
  const event = (name: string) =>
    ({
      metadata: { name },
      source: { component: 'k' },
      involvedObject: { kind: 'Pod', name },
    }) as never;
  const passes = (plugin: AdmissionPlugin, fields: Fields, user?: string): boolean => {
    try {
      void plugin.validate!(requestOf('events', { object: event('a'), ...fields }, user));
      return true;
    } catch (error) {
      assert.match(String(error), /Too many requests: limit reached on type \w+ for key/);
      assert.equal((error as { code: number }).code, 429);
      return false;
    }
  };

  it('refuses what exceeds the rate of its key, and admits again later', async () => {
    const plugin = made({ type: 'Namespace', qps: 1, burst: 2 });
    const asked = () => passes(plugin, {});
    assert.deepEqual([asked(), asked(), asked()], [true, true, false]);
    assert.ok(passes(plugin, { namespace: 'other' }));
    await env.clock.advance(1_000);
    assert.deepEqual([asked(), asked()], [true, false]);
  });

  it('counts by user, by server, and by source and object', () => {
    const byUser = made({ type: 'User', qps: 1, burst: 1 });
    assert.deepEqual(
      ['ann', 'bob', 'ann'].map((user) => passes(byUser, {}, user)),
      [true, true, false],
    );
    const byObject = made({ type: 'SourceAndObject', qps: 1, burst: 1 });
    assert.deepEqual(
      ['a', 'b', 'a'].map((name) => passes(byObject, { object: event(name) })),
      [true, true, false],
    );
    const server = made({ type: 'Server', qps: 1, burst: 1 });
    assert.deepEqual(
      ['a', 'b'].map((name) => passes(server, { namespace: name }, name)),
      [true, false],
    );
  });

  it('refuses wrong configurations with each field', () => {
    for (const [limits, message] of [
      [undefined, /limits: Invalid value: \[\]: must not be empty/],
      [[{ type: 'Pod', qps: 1, burst: 1 }], /limits\[0\]\.type: Unsupported value: "Pod"/],
      [[{ type: 'User', burst: -1 }], /burst: Invalid value: -1.*qps: Invalid value: 0/],
      [[{ type: 'User', qps: 1, burst: 1, cacheSize: -1 }], /cacheSize.*must not be negative/],
      [[{ type: 'User', qps: 1, burst: 1, size: 1 }], /unknown field "limits\[0\]\.size"/],
      [[{ type: 'User', qps: '1', burst: 1 }], /limits\[0\]\.qps: wrong type/],
    ] as const)
      assert.throws(() => eventRateLimit(configuration(limits)), message);
    assert.throws(() => eventRateLimit({ kind: 'Configuration' }), /no kind "Configuration"/);
    assert.throws(() => eventRateLimit(undefined), /needs a configuration/);
  });
});

describe('PodSecurityConfiguration', () => {
  const configuration = (defaults: unknown, exemptions: unknown = {}) => ({
    apiVersion: 'pod-security.admission.config.k8s.io/v1',
    kind: 'PodSecurityConfiguration',
    defaults,
    exemptions,
  });
  const check = (config: unknown, object: Pod, fields: Fields = {}, user?: string) =>
    podSecurityWith(config)(context).validate!(requestOf('pods', { object, ...fields }, user));
  const bad = (more: Partial<Pod['spec']> = {}) => pod({ hostNetwork: true, ...more });

  it('gives namespaces without labels its defaults', async () => {
    await check(undefined, bad());
    await assert.rejects(
      Promise.resolve(check(configuration({ enforce: 'baseline' }), bad())),
      /violates PodSecurity "baseline:latest": host namespaces/,
    );
    await assert.rejects(
      Promise.resolve(
        check(configuration({ enforce: 'restricted', 'enforce-version': 'v1.20' }), pod({})),
      ),
      /violates PodSecurity "restricted:v1\.20"/,
    );
  });

  it('exempts users, namespaces and runtime classes, and says so', async () => {
    const config = configuration(
      { enforce: 'restricted' },
      { usernames: ['root'], namespaces: ['kube-system'], runtimeClasses: ['kata'] },
    );
    for (const [object, fields, user, by] of [
      [bad(), {}, 'root', 'user'],
      [bad(), { namespace: 'kube-system' }, 'ann', 'namespace'],
      [bad({ runtimeClassName: 'kata' }), {}, 'ann', 'runtimeClass'],
    ] as const) {
      noted.clear();
      await check(config, object, fields, user);
      assert.deepEqual([...noted], [['pod-security.kubernetes.io/exempt', by]]);
    }
    await assert.rejects(Promise.resolve(check(config, bad({ runtimeClassName: 'runc' }))));
  });

  it('refuses wrong levels, versions, lists and names', () => {
    for (const [config, message] of [
      [configuration({ enforce: 'strict' }), /defaults\.enforce: Invalid value: "strict"/],
      [configuration({ 'warn-version': '1.2' }), /defaults\.warn-version: Invalid value: "1\.2"/],
      [configuration({ enforced: 'x' }), /unknown field "defaults\.enforced"/],
      [configuration({}, { users: [] }), /unknown field "exemptions\.users"/],
      [configuration({}, { usernames: [''] }), /exemptions\.usernames\[0\]: Invalid value: ""/],
      [configuration({}, { namespaces: ['a', 'a'] }), /namespaces\[1\]: Duplicate value: "a"/],
      [configuration({}, { namespaces: 'a' }), /exemptions\.namespaces: wrong type/],
      [{ kind: 'PodSecurityConfiguration', apiVersion: 'v1' }, /no kind/],
    ] as const)
      assert.throws(() => podSecurityWith(config), message);
  });
});

describe('the choice of admission plugins', () => {
  it('refuses plugins in both lists and configurations that no plugin reads', () => {
    assert.throws(() => selectAdmissionPlugins(['Priority'], ['Priority']), /overlapped/);
    assert.throws(
      () => selectAdmissionPlugins([], [], new Map([['Priority', {}]])),
      /plugin Priority takes no configuration/,
    );
    assert.throws(() => selectAdmissionPlugins([], [], new Map([['X', {}]])), /unknown admission/);
    assert.equal(
      selectAdmissionPlugins(['AlwaysPullImages', 'DenyServiceExternalIPs']).length,
      selectAdmissionPlugins().length + 2,
    );
  });
});
