import { strict as assert } from 'node:assert';
import type { StatusError } from '../apimachinery/errors/status-error.js';
import type { Pod } from '../apis/core/v1/types.js';
import * as types from '../apis/resource-types.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { MemoryReader } from '../../test/support/memory-reader.js';
import {
  contextOf,
  pod,
  type Question,
  refused,
  setup,
} from '../../test/support/admission-plugin.js';
import { ADMISSION_PLUGINS, DEFAULT_ADMISSION_PLUGINS, selectAdmissionPlugins } from './plugins.js';

/** pkg/kubeapiserver/options/plugins.go of v1.32, AllOrderedPlugins. */
const UPSTREAM_ORDER = `AlwaysAdmit NamespaceAutoProvision NamespaceLifecycle NamespaceExists
  LimitPodHardAntiAffinityTopology LimitRanger ServiceAccount NodeRestriction TaintNodesByCondition
  AlwaysPullImages ImagePolicyWebhook PodSecurity PodNodeSelector Priority DefaultTolerationSeconds
  PodTolerationRestriction EventRateLimit ExtendedResourceToleration DefaultStorageClass
  StorageObjectInUseProtection OwnerReferencesPermissionEnforcement PersistentVolumeClaimResize
  RuntimeClass CertificateApproval CertificateSigning ClusterTrustBundleAttest
  CertificateSubjectRestriction DefaultIngressClass DenyServiceExternalIPs MutatingAdmissionPolicy
  MutatingAdmissionWebhook ValidatingAdmissionPolicy ValidatingAdmissionWebhook ResourceQuota
  AlwaysDeny`.split(/\s+/);

describe('admission', () => {
  it("lists its plugins by name, in upstream's order", () => {
    const on = (enable: string[], disable: string[]) =>
      selectAdmissionPlugins(enable, disable).map(
        (factory) => factory(contextOf(virtualEnv(), new MemoryReader())).name,
      );
    const all = Object.keys(ADMISSION_PLUGINS);
    const names = all.filter((name) => DEFAULT_ADMISSION_PLUGINS.includes(name));
    assert.deepEqual(
      names,
      UPSTREAM_ORDER.filter((name) => names.includes(name)),
    );
    const always = ['RBACEscalation', 'PolicyParamAccess'];
    assert.deepEqual(on([], []), [...names, ...always]);
    assert.deepEqual(on([], names), always);
    assert.deepEqual(
      on([], ['PodSecurity']),
      on([], []).filter((name) => name !== 'PodSecurity'),
    );
    for (const name of ['Nonsense', 'RBACEscalation'])
      assert.throws(
        () => selectAdmissionPlugins([], [name]),
        new RegExp(`unknown admission plugin ${name}`),
      );
  });

  it('NamespaceLifecycle: creates only in active namespaces', async () => {
    const { reader, admit } = setup('NamespaceLifecycle');
    await assert.rejects(admit({ object: pod() }), refused(404, 'namespaces "shop" not found'));
    reader.set(types.NAMESPACES, { metadata: { name: 'shop' }, status: { phase: 'Active' } });
    await admit({ object: pod() });
    reader.set(types.NAMESPACES, { metadata: { name: 'shop' }, status: { phase: 'Terminating' } });
    await assert.rejects(admit({ object: pod() }), (error: StatusError) => {
      refused(
        403,
        'pods "web" is forbidden: unable to create new content in namespace shop because it is being terminated',
      )(error);
      return error.status.details?.causes?.[0]?.reason === 'NamespaceTerminating';
    });
    await admit({ operation: 'UPDATE', object: pod() });
    await assert.rejects(
      admit({
        operation: 'DELETE',
        resource: 'namespaces',
        namespaced: false,
        name: 'kube-system',
      }),
      refused(403, 'namespaces "kube-system" is forbidden: this namespace may not be deleted'),
    );
    await admit({ operation: 'DELETE', resource: 'namespaces', namespaced: false, name: 'shop' });
  });

  it('ServiceAccount: sets the account, the token volume and the pull secrets', async () => {
    const { reader, admit } = setup('ServiceAccount');
    await assert.rejects(
      admit({ object: pod({ serviceAccountName: 'x' }) }),
      refused(
        403,
        'pods "web" is forbidden: error looking up service account shop/x: serviceaccount "x" not found',
      ),
    );
    reader.set(types.SERVICE_ACCOUNTS, {
      metadata: { namespace: 'shop', name: 'default' },
      imagePullSecrets: [{ name: 's' }],
    });
    const { spec } = (await admit({ object: pod({ initContainers: [{ name: 'i' }] }) })) as Pod;
    assert.equal(spec.serviceAccountName, 'default');
    const [volume] = spec.volumes!;
    assert.match(volume!.name, /^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    assert.equal(volume!.projected!.sources![0]!.serviceAccountToken!.expirationSeconds, 3607);
    assert.equal(volume!.projected!.sources![1]!.configMap!.name, 'kube-root-ca.crt');
    for (const container of [...spec.containers, ...spec.initContainers!]) {
      assert.deepEqual(container.volumeMounts, [
        {
          name: volume!.name,
          readOnly: true,
          mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
        },
      ]);
    }
    assert.deepEqual(spec.imagePullSecrets, [{ name: 's' }]);
    assert.equal(
      ((await admit({ object: pod({ automountServiceAccountToken: false }) })) as Pod).spec.volumes,
      undefined,
    );
    reader.set(types.SERVICE_ACCOUNTS, {
      metadata: { namespace: 'shop', name: 'default' },
      automountServiceAccountToken: false,
    });
    assert.equal(((await admit({ object: pod() })) as Pod).spec.volumes, undefined);
    assert.ok(
      ((await admit({ object: pod({ automountServiceAccountToken: true }) })) as Pod).spec.volumes,
    );
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    assert.equal(
      ((await admit({ object: pod({}, mirror) })) as Pod).spec.serviceAccountName,
      undefined,
    );
    await assert.rejects(
      admit({ object: pod({ serviceAccountName: 'default' }, mirror) }),
      refused(403, /a mirror pod may not reference service accounts/),
    );
  });

  it('ServiceAccount: waits for the default account of a new namespace', async () => {
    const { env, reader, admit } = setup('ServiceAccount');
    const admitted = admit({ object: pod() });
    await env.clock.advance(150);
    reader.set(types.SERVICE_ACCOUNTS, { metadata: { namespace: 'shop', name: 'default' } });
    await env.clock.advance(1_000);
    assert.equal(((await admitted) as Pod).spec.serviceAccountName, 'default');
  });

  it('ServiceAccount: lets pods use the secrets of an account that enforces them only', async () => {
    const { reader, admit } = setup('ServiceAccount');
    const account = (enforce: string) =>
      reader.set(types.SERVICE_ACCOUNTS, {
        metadata: {
          namespace: 'shop',
          name: 'default',
          annotations: { 'kubernetes.io/enforce-mountable-secrets': enforce },
        },
        secrets: [{ name: 'own' }],
        imagePullSecrets: [{ name: 'pull' }],
        automountServiceAccountToken: false,
      });
    const container = (more: object) => ({ name: 'c', ...more });
    const env = (name: string) => [{ name: 'E', valueFrom: { secretKeyRef: { name, key: 'k' } } }];
    const uses = (name: string): [object, RegExp][] => [
      [{ volumes: [{ name: 'v', secret: { secretName: name } }] }, /^volume with secret/],
      [
        { volumes: [{ name: 'v', projected: { sources: [{ secret: { name } }] } }] },
        /^volume with secret/,
      ],
      [{ containers: [container({ env: env(name) })] }, /^container c with envVar E referencing/],
      [
        { initContainers: [container({ envFrom: [{ secretRef: { name } }] })] },
        /^init container c with envFrom referencing/,
      ],
      [
        { ephemeralContainers: [container({ env: env(name) })] },
        /^ephemeral container c with envVar E referencing/,
      ],
    ];
    account('true');
    for (const [spec, words] of uses('other'))
      await assert.rejects(
        admit({ object: pod(spec) }),
        (error: Error) =>
          words.test(error.message.replace('pods "web" is forbidden: ', '')) &&
          error.message.endsWith('does not reference that secret'),
      );
    for (const [spec] of uses('own')) await admit({ object: pod(spec) });
    await assert.rejects(
      admit({ object: pod({ imagePullSecrets: [{ name: 'own' }] }) }),
      refused(
        403,
        /imagePullSecrets\[0\].name="own" is not allowed because service account default/,
      ),
    );
    const debug = pod(uses('other')[4]![0]);
    await assert.rejects(
      admit({
        operation: 'UPDATE',
        subresource: 'ephemeralcontainers',
        object: debug,
        oldObject: pod(),
      }),
      refused(403, /ephemeral container c with envVar E/),
    );
    account('no');
    for (const [spec] of uses('other')) await admit({ object: pod(spec) });
  });

  it('ServiceAccount: refuses a mirror pod every way to a secret', async () => {
    const { admit } = setup('ServiceAccount');
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    for (const spec of [
      { imagePullSecrets: [{ name: 's' }] },
      { containers: [{ name: 'c', envFrom: [{ secretRef: { name: 's' } }] }] },
      { volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 's' } }] } }] },
    ])
      await assert.rejects(
        admit({ object: pod(spec, mirror) }),
        refused(403, /a mirror pod may not reference secrets/),
      );
  });

  it('NodeRestriction: a node reports the size of its volumes, and changes no claim else', async () => {
    const { admit } = setup('NodeRestriction');
    const user = { name: 'system:node:n1', groups: ['system:nodes'] };
    const claim = (status: object, metadata: object = {}, spec: object = {}) => ({
      metadata: { name: 'c', namespace: 'shop', ...metadata },
      spec: { volumeName: 'v', ...spec },
      status: { phase: 'Bound', capacity: { storage: '1Gi' }, ...status },
    });
    const write = (object: object, subresource = 'status') =>
      admit({
        resource: 'persistentvolumeclaims',
        operation: 'UPDATE',
        subresource,
        object,
        oldObject: claim({}),
        user,
      } as Question);
    await write(claim({ capacity: { storage: '2Gi' }, conditions: [{ type: 'Resizing' }] }));
    for (const bad of [
      claim({ phase: 'Lost' }),
      claim({}, { labels: { a: 'b' } }),
      claim({}, { finalizers: ['x'] }),
      claim({}, {}, { volumeName: 'other' }),
      claim({ accessModes: ['ReadWriteMany'] }),
    ])
      await assert.rejects(
        write(bad),
        refused(403, /node "n1" is not allowed to update fields other than status.capacity/),
      );
    await assert.rejects(write(claim({}), ''), refused(403, /only 'status' is allowed/));
  });

  it('NodeRestriction: a node can neither delete itself nor have itself deleted', async () => {
    const { admit } = setup('NodeRestriction');
    const user = { name: 'system:node:n1', groups: ['system:nodes'] };
    const node = (more: object) => ({ metadata: { name: 'n1', ...more }, spec: {} });
    const owned = node({
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'u' }],
    });
    const as = (question: Question) => admit({ resource: 'nodes', ...question, user });
    const words = refused(403, /node "n1" is not allowed to modify ownerReferences/);
    await as({ object: node({}) });
    await assert.rejects(as({ object: owned }), words);
    for (const subresource of ['', 'status'])
      for (const [object, oldObject] of [
        [owned, node({})],
        [node({}), owned],
      ])
        await assert.rejects(
          as({ operation: 'UPDATE', subresource, object: object!, oldObject: oldObject! }),
          words,
        );
    await assert.rejects(
      as({ operation: 'DELETE', name: 'n1', oldObject: node({}) }),
      refused(403, /is not allowed to delete node/),
    );
  });

  it('NodeRestriction: a kubelet writes only its own objects', async () => {
    const { reader, admit } = setup('NodeRestriction');
    const user = { name: 'system:node:n1', groups: ['system:nodes'] };
    const as = (question: Question) => admit({ ...question, user });
    const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
    await as({ object: pod({ nodeName: 'n1' }, mirror) });
    await assert.rejects(
      as({ object: pod({ nodeName: 'n1' }) }),
      refused(403, /can only create mirror pods/),
    );
    await assert.rejects(
      as({ object: pod({ nodeName: 'n2' }, mirror) }),
      refused(403, /can only create pods with spec.nodeName set to itself/),
    );
    await assert.rejects(
      as({
        object: pod(
          { nodeName: 'n1', volumes: [{ name: 'v', secret: { secretName: 's' } }] },
          mirror,
        ),
      }),
      refused(403, /reference a secret/),
    );
    await as({
      operation: 'UPDATE',
      subresource: 'status',
      object: pod({ nodeName: 'n1' }),
      oldObject: pod({ nodeName: 'n1' }),
    });
    await assert.rejects(
      as({
        operation: 'UPDATE',
        subresource: 'status',
        object: pod({ nodeName: 'n2' }),
        oldObject: pod({ nodeName: 'n2' }),
      }),
      refused(403, /can only update pod status for pods with spec.nodeName set to itself/),
    );
    await assert.rejects(
      as({
        operation: 'UPDATE',
        subresource: 'status',
        object: pod({ nodeName: 'n1' }, { labels: { a: 'b' } }),
        oldObject: pod({ nodeName: 'n1' }),
      }),
      refused(403, /cannot update labels/),
    );
    await assert.rejects(
      as({ operation: 'DELETE', name: 'web', oldObject: pod({ nodeName: 'n2' }) }),
      refused(403, /can only delete pods/),
    );
    const node = (name: string, more: object = {}) => ({ metadata: { name, ...more }, spec: {} });
    await as({
      resource: 'nodes',
      namespaced: false,
      object: node('n1', {
        labels: { 'kubernetes.io/hostname': 'n1', 'node.kubernetes.io/x': '', mine: '' },
      }),
    });
    await assert.rejects(
      as({ resource: 'nodes', namespaced: false, object: node('n2') }),
      refused(403, /node "n1" is not allowed to modify node "n2"/),
    );
    await assert.rejects(
      as({
        resource: 'nodes',
        namespaced: false,
        object: node('n1', { labels: { 'node-role.kubernetes.io/master': '' } }),
      }),
      refused(403, /not allowed to set the following labels: node-role.kubernetes.io\/master/),
    );
    await assert.rejects(
      as({
        operation: 'UPDATE',
        resource: 'nodes',
        namespaced: false,
        object: { ...node('n1'), spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } },
        oldObject: node('n1'),
      }),
      refused(403, /not allowed to modify taints/),
    );
    const token = (ref: object) =>
      as({
        resource: 'serviceaccounts',
        subresource: 'token',
        name: 'default',
        object: { spec: { boundObjectRef: ref } },
      });
    await assert.rejects(token({}), refused(403, /not bound to a pod/));
    reader.set(types.PODS, {
      metadata: { namespace: 'shop', name: 'web', uid: 'u' },
      spec: { nodeName: 'n1', containers: [] },
    });
    await token({ kind: 'Pod', name: 'web', uid: 'u' });
    reader.set(types.PODS, {
      metadata: { namespace: 'shop', name: 'web', uid: 'u' },
      spec: { nodeName: 'n2', containers: [] },
    });
    await assert.rejects(
      token({ kind: 'Pod', name: 'web', uid: 'u' }),
      refused(403, /scheduled on a different node/),
    );
    await assert.rejects(
      as({
        resource: 'leases',
        group: 'coordination.k8s.io',
        namespace: 'kube-node-lease',
        object: { metadata: { name: 'n2' } },
      }),
      refused(403, /same name as the requesting node/),
    );
    await admit({ resource: 'nodes', namespaced: false, object: node('n2') });
  });

  it('Priority: sets the value of the named or the default class', async () => {
    const { reader, admit } = setup('Priority');
    const { spec } = (await admit({ object: pod() })) as Pod;
    assert.deepEqual(
      [spec.priority, spec.preemptionPolicy, spec.priorityClassName],
      [0, 'PreemptLowerPriority', undefined],
    );
    await assert.rejects(
      admit({ object: pod({ priorityClassName: 'high' }) }),
      refused(403, 'pods "web" is forbidden: no PriorityClass with name high was found'),
    );
    reader.set(types.PRIORITY_CLASSES, {
      metadata: { name: 'high' },
      value: 1000,
      preemptionPolicy: 'Never',
    });
    reader.set(types.PRIORITY_CLASSES, {
      metadata: { name: 'usual' },
      value: 5,
      globalDefault: true,
    });
    assert.deepEqual(
      ((await admit({ object: pod({ priorityClassName: 'high' }) })) as Pod).spec.priority,
      1000,
    );
    assert.equal(((await admit({ object: pod() })) as Pod).spec.priorityClassName, 'usual');
    await assert.rejects(
      admit({ object: pod({ priorityClassName: 'high', priority: 7 }) }),
      refused(
        403,
        /the integer value of priority \(7\) must not be provided in pod spec; priority admission controller computed 1000/,
      ),
    );
    const computed = pod({ priority: 0, preemptionPolicy: 'Never' });
    const update = { operation: 'UPDATE' as const, oldObject: computed };
    const kept = ((await admit({ ...update, object: pod() })) as Pod).spec;
    assert.deepEqual([kept.priority, kept.preemptionPolicy], [0, 'Never']);
    const set = ((await admit({ ...update, object: pod({ priority: 9 }) })) as Pod).spec;
    assert.equal(set.priority, 9, 'validation refuses the change');
    await assert.rejects(
      admit({
        resource: 'priorityclasses',
        group: 'scheduling.k8s.io',
        object: { metadata: { name: 'b' }, value: 1, globalDefault: true },
      }),
      refused(403, /PriorityClass usual is already marked as default. Only one default can exist/),
    );
  });

  it('DefaultTolerationSeconds and TaintNodesByCondition', async () => {
    const tolerations = ((await setup('DefaultTolerationSeconds').admit({ object: pod() })) as Pod)
      .spec.tolerations;
    assert.deepEqual(
      tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]),
      [
        ['node.kubernetes.io/not-ready', 300],
        ['node.kubernetes.io/unreachable', 300],
      ],
    );
    const all = { operator: 'Exists' };
    assert.deepEqual(
      (
        (await setup('DefaultTolerationSeconds').admit({
          object: pod({ tolerations: [all] }),
        })) as Pod
      ).spec.tolerations,
      [all],
    );
    const node = await setup('TaintNodesByCondition').admit({
      resource: 'nodes',
      namespaced: false,
      object: { metadata: { name: 'n' } },
    });
    assert.deepEqual(node, {
      metadata: { name: 'n' },
      spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
    });
  });

  it('DefaultStorageClass, DefaultIngressClass, StorageObjectInUseProtection', async () => {
    const storage = setup('DefaultStorageClass');
    const claim = () => ({ metadata: { name: 'd' }, spec: {} });
    assert.deepEqual(
      await storage.admit({ resource: 'persistentvolumeclaims', object: claim() }),
      claim(),
    );
    const marked = { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } };
    storage.reader.set(types.STORAGE_CLASSES, {
      metadata: { name: 'old', creationTimestamp: '2026-01-01T00:00:00Z', ...marked },
    });
    storage.reader.set(types.STORAGE_CLASSES, {
      metadata: { name: 'new', creationTimestamp: '2026-02-01T00:00:00Z', ...marked },
    });
    assert.deepEqual(await storage.admit({ resource: 'persistentvolumeclaims', object: claim() }), {
      metadata: { name: 'd' },
      spec: { storageClassName: 'new' },
    });
    assert.deepEqual(
      await storage.admit({
        resource: 'persistentvolumeclaims',
        object: { metadata: { name: 'd' }, spec: { storageClassName: '' } },
      }),
      { metadata: { name: 'd' }, spec: { storageClassName: '' } },
    );
    const ingress = setup('DefaultIngressClass');
    ingress.reader.set(types.INGRESS_CLASSES, {
      metadata: {
        name: 'nginx',
        annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
      },
    });
    assert.deepEqual(
      await ingress.admit({
        resource: 'ingresses',
        group: 'networking.k8s.io',
        object: { metadata: { name: 'i' }, spec: {} },
      }),
      { metadata: { name: 'i' }, spec: { ingressClassName: 'nginx' } },
    );
    assert.deepEqual(
      await setup('StorageObjectInUseProtection').admit({
        resource: 'persistentvolumeclaims',
        object: claim(),
      }),
      { metadata: { name: 'd', finalizers: ['kubernetes.io/pvc-protection'] }, spec: {} },
    );
  });

  it('RuntimeClass: sets overhead and placement', async () => {
    const { reader, admit } = setup('RuntimeClass');
    await assert.rejects(
      admit({ object: pod({ runtimeClassName: 'kata' }) }),
      refused(403, 'pods "web" is forbidden: pod rejected: RuntimeClass "kata" not found'),
    );
    reader.set(types.RUNTIME_CLASSES, {
      metadata: { name: 'kata' },
      overhead: { podFixed: { cpu: '100m' } },
      scheduling: { nodeSelector: { kata: 'yes' } },
    });
    const { spec } = (await admit({ object: pod({ runtimeClassName: 'kata' }) })) as Pod;
    assert.deepEqual([spec.overhead, spec.nodeSelector], [{ cpu: '100m' }, { kata: 'yes' }]);
    await assert.rejects(
      admit({ object: pod({ runtimeClassName: 'kata', nodeSelector: { kata: 'no' } }) }),
      refused(403, /conflict/),
    );
    await admit({ object: pod({ runtimeClassName: 'kata', overhead: { cpu: '0.1' } }) });
    await assert.rejects(
      admit({ object: pod({ runtimeClassName: 'kata', overhead: { cpu: '1m' } }) }),
      refused(403, /Pod's Overhead doesn't match RuntimeClass's defined Overhead/),
    );
    reader.set(types.RUNTIME_CLASSES, { metadata: { name: 'plain' } });
    await admit({ object: pod({ runtimeClassName: 'plain', overhead: {} }) });
    for (const spec of [{}, { runtimeClassName: 'plain' }])
      await assert.rejects(
        admit({ object: pod({ ...spec, overhead: { cpu: '1m' } }) }),
        refused(403, /Overhead set without corresponding RuntimeClass defined Overhead/),
      );
  });

  it('LimitRanger: sets defaults, then checks bounds', async () => {
    const { reader, admit } = setup('LimitRanger');
    reader.set(types.LIMIT_RANGES, {
      metadata: { namespace: 'shop', name: 'l' },
      spec: {
        limits: [
          {
            type: 'Container',
            default: { cpu: '500m' },
            defaultRequest: { cpu: '100m' },
            max: { cpu: '1' },
            min: { cpu: '50m' },
          },
          { type: 'Pod', max: { cpu: '1500m' } },
        ],
      },
    });
    const given = (await admit({ object: pod() })) as Pod;
    assert.deepEqual(given.spec.containers[0]!.resources, {
      requests: { cpu: '100m' },
      limits: { cpu: '500m' },
    });
    assert.equal(
      given.metadata.annotations?.['kubernetes.io/limit-ranger'],
      'LimitRanger plugin set: cpu request for container c; cpu limit for container c',
    );
    const sized = (...limits: string[]) =>
      pod({
        containers: limits.map((cpu, i) => ({
          name: `c${i}`,
          resources: { limits: { cpu }, requests: { cpu } },
        })),
      });
    await assert.rejects(
      admit({ object: sized('2') }),
      refused(
        403,
        'pods "web" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum cpu usage per Pod is 1500m, but limit is 2]',
      ),
    );
    await assert.rejects(
      admit({ object: sized('1', '1') }),
      refused(403, 'pods "web" is forbidden: maximum cpu usage per Pod is 1500m, but limit is 2'),
    );
    await assert.rejects(
      admit({ object: sized('10m') }),
      refused(
        403,
        'pods "web" is forbidden: minimum cpu usage per Container is 50m, but request is 10m',
      ),
    );
    await admit({ object: sized('1') });
  });

  it('PodSecurity: denies and warns, and checks templates', async () => {
    const { reader, admit, warnings } = setup('PodSecurity');
    const labels = (more: Record<string, string>) =>
      reader.set(types.NAMESPACES, { metadata: { name: 'shop', labels: more } });
    labels({});
    await admit({ object: pod({ hostNetwork: true }) });
    labels({
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/warn': 'restricted',
    });
    await assert.rejects(
      admit({
        object: pod({ hostNetwork: true, volumes: [{ name: 'h', hostPath: { path: '/' } }] }),
      }),
      refused(
        403,
        'pods "web" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), hostPath volumes (volume "h")',
      ),
    );
    await assert.rejects(
      admit({
        object: pod({ containers: [{ name: 'c', securityContext: { privileged: true } }] }),
      }),
      refused(403, /privileged \(container "c" must not set securityContext.privileged=true\)/),
    );
    await admit({ object: pod() });
    assert.match(
      warnings[0]!,
      /^would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false/,
    );
    const hardened = pod({
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'c',
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
      volumes: [{ name: 'e', emptyDir: {} }],
    });
    warnings.length = 0;
    await admit({ object: hardened });
    assert.deepEqual(warnings, []);
    await admit({
      resource: 'deployments',
      group: 'apps',
      object: { metadata: { name: 'd' }, spec: { template: pod({ hostPID: true }) } },
    });
    assert.equal(warnings.length, 1, 'a workload causes a warning, not a denial');
  });
});
