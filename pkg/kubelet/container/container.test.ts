import { strict as assert } from 'node:assert';
import type { Container, Pod, Service } from '../../apis/core/v1/types.js';
import { containerConfig } from './container-config.js';
import { parseResolvConf, podDns } from './dns.js';
import { environment, type EnvSources } from './env.js';
import { expand, expandedSubPath } from './expansion.js';
import { fieldValue, resourceValue } from './field-ref.js';
import { hostsFile } from './names.js';
import { containerResources, podResources } from './resources.js';
import type { RuntimeImage } from '../runtime/runtime.js';
import { appArmorBlock } from './apparmor.js';
import { containerSecurity } from './security.js';
import { serviceEnv, servicesFor } from './service-env.js';

function podOf(more: Partial<Pod['spec']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: 'u', labels: { b: '2', a: '1"' } },
    spec: { containers: [{ name: 'c', image: 'i' }], ...more },
  };
}

const service = (name: string, clusterIP: string, ports: object[], namespace = 'ns'): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { clusterIP, ports } as Service['spec'],
});
const context = {
  podIPs: ['10.0.0.2', 'fd00::2'],
  hostIPs: ['192.0.2.1'],
  nodeName: 'n',
  allocatable: { cpu: '4', memory: '8Gi' },
};
const nothing: EnvSources = {
  ...context,
  services: [],
  configMap: () => Promise.resolve(undefined),
  secret: () => Promise.resolve(undefined),
};

const IMAGE: RuntimeImage = {
  id: 'i',
  repoTags: [],
  repoDigests: [],
  sizeBytes: 0,
  username: '',
  pinned: false,
};
const SECCOMP = '/var/lib/kubelet/seccomp';

const security = (
  pod: Pod,
  container: Container,
  image: Partial<RuntimeImage> = {},
  isDefault = false,
) => containerSecurity(pod, container, { ...IMAGE, ...image }, { root: SECCOMP, isDefault });

describe('container configuration', () => {
  it('expands $(VAR) once and leaves unknown references', () => {
    const lookup = (n: string) => ({ A: 'x', B: '$(A)' })[n];
    assert.equal(expand('$(A) $$(A) $(B) $(C) $A $', lookup), 'x $(A) $(A) $(C) $A $');
  });

  it('sets service variables in both forms, with the first port as the default', () => {
    const env = serviceEnv([
      service('redis-master', '10.100.0.7', [
        { port: 6379, name: 'main' },
        { port: 53, protocol: 'UDP' },
      ]),
      service('headless', 'None', [{ port: 1 }]),
    ]);
    assert.deepEqual(
      env.map(([k, v]) => `${k}=${v}`),
      [
        'REDIS_MASTER_SERVICE_HOST=10.100.0.7',
        'REDIS_MASTER_SERVICE_PORT=6379',
        'REDIS_MASTER_SERVICE_PORT_MAIN=6379',
        'REDIS_MASTER_PORT=tcp://10.100.0.7:6379',
        'REDIS_MASTER_PORT_6379_TCP=tcp://10.100.0.7:6379',
        'REDIS_MASTER_PORT_6379_TCP_PROTO=tcp',
        'REDIS_MASTER_PORT_6379_TCP_PORT=6379',
        'REDIS_MASTER_PORT_6379_TCP_ADDR=10.100.0.7',
        'REDIS_MASTER_PORT_53_UDP=udp://10.100.0.7:53',
        'REDIS_MASTER_PORT_53_UDP_PROTO=udp',
        'REDIS_MASTER_PORT_53_UDP_PORT=53',
        'REDIS_MASTER_PORT_53_UDP_ADDR=10.100.0.7',
      ],
    );
    const all = [
      service('kubernetes', '10.100.0.1', [{ port: 443 }], 'default'),
      service('a', '10.100.0.2', [{ port: 1 }]),
      service('b', '10.100.0.3', [{ port: 1 }], 'other'),
    ];
    assert.deepEqual(
      servicesFor('ns', true, all).map((s) => s.metadata.name),
      ['a', 'kubernetes'],
    );
    assert.deepEqual(
      servicesFor('ns', false, all).map((s) => s.metadata.name),
      ['kubernetes'],
    );
  });

  it('lets later variables override earlier ones and names missing objects and keys', async () => {
    const container: Container = {
      name: 'c',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '$(A)$(A)' },
        { name: 'A', value: '3' },
      ],
    };
    assert.deepEqual(
      [...(await environment(podOf(), container, nothing))],
      [
        ['A', '3'],
        ['B', '11'],
      ],
    );
    const missing = (optional: boolean): Container => ({
      name: 'c',
      env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional } } }],
    });
    await assert.rejects(
      environment(podOf(), missing(false), nothing),
      /^SyncError: secret "s" not found$/,
    );
    assert.equal((await environment(podOf(), missing(true), nothing)).size, 0);
    const empty = {
      ...nothing,
      configMap: () =>
        Promise.resolve({
          apiVersion: 'v1' as const,
          kind: 'ConfigMap' as const,
          metadata: { name: 'm' },
        }),
    };
    const keyed: Container = {
      name: 'c',
      env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } }],
    };
    await assert.rejects(
      environment(podOf(), keyed, empty),
      /couldn't find key k in ConfigMap ns\/m/,
    );
  });

  it('resolves fieldRef and resourceFieldRef', () => {
    assert.equal(fieldValue(podOf(), 'metadata.labels', context), 'a="1\\""\nb="2"');
    assert.equal(fieldValue(podOf(), "metadata.labels['b']", context), '2');
    assert.equal(fieldValue(podOf(), 'status.podIPs', context), '10.0.0.2,fd00::2');
    assert.throws(() => fieldValue(podOf(), 'spec.nothing', context));
    const container: Container = {
      name: 'c',
      resources: { limits: { cpu: '1500m', memory: '64Mi' } },
    };
    const value = (resource: string, divisor?: string) =>
      resourceValue(podOf(), container, { resource, ...(divisor ? { divisor } : {}) }, context);
    assert.deepEqual(
      [value('limits.cpu'), value('limits.cpu', '1m'), value('limits.memory', '1Mi')],
      ['2', '1500', '64'],
    );
    assert.equal(
      resourceValue(podOf(), { name: 'c' }, { resource: 'limits.memory', divisor: '1Gi' }, context),
      '8',
    );
  });

  it('converts requests and limits to cgroup values', () => {
    const container: Container = {
      name: 'c',
      resources: { requests: { cpu: '250m' }, limits: { cpu: '500m', memory: '64Mi' } },
    };
    const pod = podOf({ containers: [container] });
    const r = containerResources(pod, container, 8 * 2 ** 30);
    assert.deepEqual(
      [r.cpuShares, r.cpuQuota, r.cpuPeriod, r.memoryLimitInBytes],
      [256, 50_000, 100_000, 64 * 2 ** 20],
    );
    assert.equal(containerResources(podOf(), { name: 'c' }, 1).cpuShares, 2);
    assert.equal(containerResources(podOf(), { name: 'c' }, 1).oomScoreAdj, 1000);
    assert.deepEqual(podResources(podOf({ containers: [container, { name: 'd' }] })), {
      cpuShares: 256,
      cpuPeriod: 100_000,
    });
  });

  it('sets no pod limit for a resource that an init container does not limit', () => {
    const limits = { cpu: '500m', memory: '64Mi' };
    const limited: Container = { name: 'c', resources: { requests: limits, limits } };
    const memoryOnly: Container = { name: 'i', resources: { limits: { memory: '1Gi' } } };
    assert.deepEqual(podResources(podOf({ containers: [limited], initContainers: [memoryOnly] })), {
      cpuShares: 512,
      cpuPeriod: 100_000,
      memoryLimit: 2 ** 30,
    });
  });

  it('gives a best-effort pod the minimum shares, even with overhead', () => {
    const overhead = { cpu: '1', memory: '1Gi' };
    assert.deepEqual(podResources(podOf({ containers: [{ name: 'c' }], overhead })), {
      cpuShares: 2,
      cpuPeriod: 100_000,
    });
  });

  it('sets oom_score_adj', () => {
    const capacity = 10_000;
    const sized = (name: string, memory: string, more: object = {}): Container => ({
      name,
      resources: { requests: { memory } },
      ...more,
    });
    const score = (spec: object, container: Container) =>
      containerResources(podOf({ containers: [container], ...spec }), container, capacity)
        .oomScoreAdj;
    assert.equal(score({}, sized('c', '2500')), 750);
    assert.equal(score({}, sized('c', '2501')), 750, 'the share is rounded down');
    assert.equal(score({}, sized('c', '1')), 999);
    assert.equal(score({}, sized('c', '10000')), 3);
    assert.equal(score({ priorityClassName: 'system-node-critical' }, { name: 'c' }), -997);
    const sidecar = sized('s', '100', { restartPolicy: 'Always' });
    const containers = [sized('c', '4000'), sized('d', '3000')];
    const initContainers = [sidecar];
    assert.equal(score({ containers, initContainers }, sidecar), 700);
    assert.equal(score({ containers: [sized('c', '10')], initContainers }, sidecar), 990);
  });

  it('builds resolv.conf by dnsPolicy', () => {
    const host = parseResolvConf(
      '# x\nnameserver 192.0.2.53\nsearch corp.example.\noptions rotate\n',
    );
    const cluster = { servers: ['10.100.0.10'], domain: 'cluster.local' };
    assert.deepEqual(podDns(podOf(), host, cluster), {
      servers: ['10.100.0.10'],
      searches: ['ns.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'corp.example'],
      options: ['ndots:5'],
    });
    assert.deepEqual(podDns(podOf({ hostNetwork: true }), host, cluster), host);
    assert.deepEqual(podDns(podOf({ dnsPolicy: 'Default' }), host, cluster), host);
    const own = podDns(
      podOf({
        dnsPolicy: 'None',
        dnsConfig: {
          nameservers: ['1.1.1.1'],
          searches: ['x'],
          options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
        },
      }),
      host,
      cluster,
    );
    assert.deepEqual(own, { servers: ['1.1.1.1'], searches: ['x'], options: ['ndots:2', 'edns0'] });
    assert.deepEqual(
      podDns(podOf({ dnsConfig: { options: [{ name: 'ndots', value: '1' }] } }), host, cluster)
        .options,
      ['ndots:1'],
    );
  });

  it('bounds name servers and search lists, and says what is left', () => {
    const cluster = { servers: ['10.100.0.10'], domain: 'cluster.local' };
    const host = { servers: [], searches: [], options: [] };
    const ask = (dnsConfig: object, more: object = {}, servers = cluster.servers) => {
      const warned: string[] = [];
      const spec = { dnsPolicy: 'None', dnsConfig, ...more };
      const config = podDns(podOf(spec), host, { ...cluster, servers }, (reason, message) =>
        warned.push(`${reason}: ${message}`),
      );
      return { config, warned };
    };
    assert.deepEqual(ask({ nameservers: ['1', '2', '3', '4'] }).warned, [
      'DNSConfigForming: Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 1 2 3',
    ]);
    const line = (searches: string[]) => {
      const { config, warned } = ask({ searches });
      assert.deepEqual(
        warned,
        config.searches.length < searches.length
          ? [
              `DNSConfigForming: Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${config.searches.join(' ')}`,
            ]
          : [],
      );
      return config.searches;
    };
    const names = (count: number, length: number) =>
      Array.from(
        { length: count },
        (_, at) => `${String(at).padStart(2, '0')}${'x'.repeat(length - 2)}`,
      );
    assert.equal(line(names(33, 5)).length, 32);
    assert.equal(line(names(32, 63)).length, 32, '2,047 characters');
    assert.equal(line(names(32, 64)).length, 31);
    assert.equal(line(names(10, 253)).length, 8);
    assert.deepEqual(line(['a', 'x'.repeat(254), 'b']), ['a', 'b']);
    assert.match(
      ask({}, { dnsPolicy: 'ClusterFirst' }, []).warned.join(),
      /^MissingClusterDNS: pod: "p_ns\(.*\)". kubelet does not have ClusterDNS IP configured/,
    );
  });

  it('writes /etc/hosts', () => {
    const text = hostsFile(
      podOf({ subdomain: 'sub', hostAliases: [{ ip: '192.0.2.9', hostnames: ['x', 'y'] }] }),
      ['10.0.0.2'],
      'cluster.local',
      '',
    );
    assert.match(text, /^# Kubernetes-managed hosts file\.\n127\.0\.0\.1\tlocalhost\n/);
    assert.ok(text.includes('10.0.0.2\tp.sub.ns.svc.cluster.local\tp\n'));
    assert.ok(text.endsWith('192.0.2.9\tx\ty\n'));
    assert.match(
      hostsFile(podOf({ hostNetwork: true }), [], '', '127.0.0.1 me\n'),
      /host network\)\.\n127\.0\.0\.1 me/,
    );
  });

  it('refuses to run as root with runAsNonRoot', () => {
    const pod = podOf({ securityContext: { runAsNonRoot: true } });
    assert.throws(() => security(pod, { name: 'c' }), /image will run as root/);
    assert.throws(
      () => security(pod, { name: 'c', securityContext: { runAsUser: 0 } }),
      /breaks non-root policy/,
    );
    assert.throws(() => security(pod, { name: 'c' }, { username: 'www' }), /non-numeric user/);
    assert.deepEqual(security(pod, { name: 'c', securityContext: { runAsUser: 5 } }).runAsUser, {
      value: 5,
    });
    assert.deepEqual(
      security(podOf(), { name: 'c', securityContext: { privileged: true } }).maskedPaths,
      [],
    );
  });

  it('gives the runtime the security profiles that the pod asks for', () => {
    const pod = (securityContext: object, annotations = {}): Pod => {
      const p = podOf({ securityContext });
      return { ...p, metadata: { ...p.metadata, annotations } };
    };
    const of = (p: Pod, securityContext?: object) =>
      security(p, { name: 'c', ...(securityContext ? { securityContext } : {}) });
    const localhost = { type: 'Localhost', localhostProfile: 'profiles/a.json' };
    assert.deepEqual(of(pod({ seccompProfile: localhost })).seccomp, {
      profileType: 'Localhost',
      localhostRef: '/var/lib/kubelet/seccomp/profiles/a.json',
    });
    assert.deepEqual(
      of(pod({ seccompProfile: localhost }), { seccompProfile: { type: 'RuntimeDefault' } })
        .seccomp,
      { profileType: 'RuntimeDefault' },
    );
    const withDefault = (context: object) =>
      security(pod(context), { name: 'c' }, {}, true).seccomp?.profileType;
    assert.deepEqual(
      [withDefault({}), withDefault({ seccompProfile: { type: 'Unconfined' } })],
      ['RuntimeDefault', 'Unconfined'],
    );
    assert.deepEqual(of(pod({})).seccomp, { profileType: 'Unconfined' });
    assert.deepEqual(of(pod({ seLinuxOptions: { level: 's0' } })).selinuxOptions, { level: 's0' });
    assert.deepEqual(
      of(pod({ seLinuxOptions: { level: 's0' } }), { seLinuxOptions: { type: 't' } })
        .selinuxOptions,
      { type: 't' },
    );
    const armor = (p: Pod, own?: object) => {
      const { apparmor, apparmorProfile } = of(p, own);
      return [apparmor, apparmorProfile];
    };
    assert.deepEqual(armor(pod({ appArmorProfile: { type: 'RuntimeDefault' } })), [
      { profileType: 'RuntimeDefault' },
      'runtime/default',
    ]);
    const mine = { appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' } };
    assert.deepEqual(armor(pod({ appArmorProfile: { type: 'RuntimeDefault' } }), mine), [
      { profileType: 'Localhost', localhostRef: 'mine' },
      'localhost/mine',
    ]);
    const key = 'container.apparmor.security.beta.kubernetes.io/c';
    assert.deepEqual(armor(pod({}, { [key]: 'localhost/old' }))[1], 'localhost/old');
    assert.deepEqual(armor(pod({}, { [key]: 'unconfined' }))[1], 'unconfined');
    assert.deepEqual(armor(pod(mine), { privileged: true }), [undefined, undefined]);
    assert.deepEqual(armor(pod({})), [undefined, undefined]);
  });

  it('refuses a subPathExpr with an unset or empty variable', () => {
    const env = new Map([
      ['A', 'x'],
      ['EMPTY', ''],
    ]);
    assert.equal(expandedSubPath('$(A)/$$(A)/b', env), 'x/$(A)/b');
    assert.equal(expandedSubPath(undefined, env), '');
    assert.throws(
      () => expandedSubPath('$(B)/$(A)/$(EMPTY)', env),
      /^SyncError: missing value for B, EMPTY$/,
    );
  });

  it('keeps a byte order mark in the value of a secret', async () => {
    const data = { k: Buffer.from('\ufeffvalue').toString('base64') };
    const secret = {
      apiVersion: 'v1' as const,
      kind: 'Secret' as const,
      metadata: { name: 's' },
      data,
    };
    const env = await environment(
      podOf(),
      { name: 'c', env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
      { ...nothing, secret: () => Promise.resolve(secret) },
    );
    assert.equal(env.get('X'), '\ufeffvalue');
  });

  it('joins the process namespace of a target, where containers have their own', () => {
    const pid = (spec: Partial<Pod['spec']>, targetId?: string) =>
      containerConfig(
        podOf(spec),
        { name: 'c' },
        {
          restartCount: 0,
          image: IMAGE,
          env: new Map(),
          mounts: [],
          memoryCapacity: 1,
          seccomp: { root: SECCOMP, isDefault: false },
          ...(targetId ? { targetId } : {}),
        },
      ).linux!.securityContext!.namespaceOptions!;
    assert.deepEqual([pid({}, 'x').pid, pid({}, 'x').targetId], ['TARGET', 'x']);
    assert.equal(pid({}).pid, 'CONTAINER');
    assert.equal(pid({ shareProcessNamespace: true }, 'x').pid, 'POD');
    assert.equal(pid({ hostPID: true }, 'x').pid, 'NODE');
  });

  it('blocks pods that ask for AppArmor where there is none', () => {
    const asks = (p: Pod) => appArmorBlock(p)?.message;
    const message = 'Cannot enforce AppArmor: AppArmor is not enabled on the host';
    const profile = (type: string) => ({ securityContext: { appArmorProfile: { type } } });
    assert.equal(asks(podOf(profile('RuntimeDefault'))), message);
    assert.equal(asks(podOf(profile('Unconfined'))), undefined);
    assert.equal(asks(podOf()), undefined);
    const init: Container = { name: 'i', ...profile('RuntimeDefault') };
    assert.equal(asks(podOf({ initContainers: [init] })), message);
  });
});
