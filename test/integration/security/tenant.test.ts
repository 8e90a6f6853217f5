// Attacks of a tenant on a real server: a user of one namespace, or a holder of one narrow verb,
// tries to gain more. Each test fails on a server that lacks the rule.
import { strict as assert } from 'node:assert';
import { type RunningApiServer, startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { RESOURCES } from '../../../pkg/apis/facts/resources.js';
import { sampleOf } from '../../../pkg/registry/samples.test.js';
import { createCa, issue } from '../../../pkg/system/pki/certificates.js';
import { Api, type Answer } from '../apiserver/harness.js';

const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const MIRROR = 'kubernetes.io/config.mirror';

/** A pod that the restricted level admits. */
const safePod = (name: string) => ({
  metadata: { name } as Record<string, unknown>,
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'c',
        image: 'x',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  } as Record<string, unknown>,
});

describe('attacks of a tenant', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;

  const as =
    (user: string) =>
    (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      api.call(method, path, body, { ...headers, 'impersonate-user': user });
  const ok = async (answer: Promise<Answer>): Promise<Answer> => {
    const got = await answer;
    assert.ok(got.status < 300, `${got.status} ${JSON.stringify(got.json)}`);
    return got;
  };
  const refused = async (answer: Promise<Answer>, code: number, why: RegExp): Promise<void> => {
    const { status, json } = await answer;
    assert.deepEqual([status, why.test(json.message)], [code, true], JSON.stringify(json));
  };

  async function namespace(name: string, labels: object = {}): Promise<string> {
    await ok(api.call('POST', '/api/v1/namespaces', { metadata: { name, labels } }));
    const base = `/api/v1/namespaces/${name}`;
    await ok(api.call('POST', `${base}/serviceaccounts`, { metadata: { name: 'default' } }));
    return base;
  }
  /** Gives the user of the same name these rules in the whole cluster. */
  async function grant(name: string, ...rules: object[]): Promise<ReturnType<typeof as>> {
    await ok(api.call('POST', `${RBAC}/clusterroles`, { metadata: { name }, rules }));
    await ok(
      api.call('POST', `${RBAC}/clusterrolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
        subjects: [{ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' }],
      }),
    );
    return as(name);
  }

  before(async () => {
    server = await startApiServer({ storage: 'memory' });
    await server.ready();
    api = new Api(server);
  });
  after(async () => {
    api?.close();
    await server?.stop();
  });

  it('is no administrator by a certificate for servers, or of another authority', async () => {
    const subject = { commonName: 'admin', organizations: ['system:masters'] };
    const other = createCa('kubernetes');
    for (const certificate of [
      issue({ ca: server.pki.ca, ...subject, usages: ['server'] }),
      issue({ ca: other, ...subject, usages: ['client'] }),
    ]) {
      const intruder = new Api(server, certificate);
      try {
        const answer = await intruder.call('GET', '/api/v1/secrets').catch(() => undefined);
        assert.ok(answer === undefined || answer.status === 401, String(answer?.status));
      } finally {
        intruder.close();
      }
    }
    const known = new Api(server, issue({ ca: server.pki.ca, ...subject, usages: ['client'] }));
    assert.equal((await known.call('GET', '/api/v1/secrets')).status, 200);
    known.close();
  });

  it('reaches no backend by the old proxy path that the new one closes', async () => {
    const base = await namespace('old-paths');
    const all = { apiGroups: [''], resources: ['pods', 'services', 'nodes'], verbs: ['*'] };
    const owner = await grant('old-paths-owner', all);
    const caller = await grant('old-paths-caller', {
      apiGroups: [''],
      resources: ['pods/proxy', 'services/proxy', 'nodes/proxy'],
      verbs: ['get'],
    });
    for (const target of [
      'nodes/n',
      'nodes/n:10250/run/a/b/c',
      'namespaces/old-paths/pods/p/',
      'namespaces/old-paths/pods/http:p:80/x',
      'namespaces/old-paths/services/s:80/exec/y',
    ]) {
      const path = `/api/v1/proxy/${target}`;
      await refused(owner('GET', path), 403, /cannot get resource "\w+\/proxy"/);
      await refused(owner('DELETE', path), 403, /cannot delete resource "\w+\/proxy"/);
      await refused(caller('POST', path), 403, /cannot create resource "\w+\/proxy"/);
      assert.notEqual((await caller('GET', path)).status, 403, path);
    }
    assert.equal((await caller('GET', `${base}/pods/p/proxy/`)).status, 404);
  });

  it('runs no command in a pod with the rights to change and watch it', async () => {
    const base = await namespace('verbs');
    const verbs = ['update', 'patch', 'delete', 'watch', 'options'];
    const cleaner = await grant('verbs-cleaner', { apiGroups: [''], resources: ['*'], verbs });
    const reader = await grant('verbs-reader', {
      apiGroups: [''],
      resources: ['pods/log', 'pods/exec'],
      verbs: ['get'],
    });
    const actions = ['exec?command=id&stdout=true', 'attach?stdout=true', 'portforward', 'log'];
    for (const action of actions) {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
        await refused(
          cleaner(method, `${base}/pods/p/${action}`),
          405,
          /does not allow this method/,
        );
      const watched = `/api/v1/watch/namespaces/verbs/pods/p/${action}`;
      await refused(cleaner('GET', watched), 405, /does not allow this method/);
    }
    const proxied = '/api/v1/watch/namespaces/verbs/pods/p/proxy/';
    await refused(cleaner('GET', proxied), 405, /does not allow this method/);
    await refused(api.call('POST', `${base}/pods/p/log`), 405, /does not allow this method/);
    assert.equal((await reader('GET', `${base}/pods/p/log`)).status, 404);
    assert.equal((await reader('GET', `${base}/pods/p/${actions[0]}`)).status, 404);
  });

  describe('the mirror annotation', () => {
    let base: string;
    before(async () => {
      base = await namespace('walled', { 'pod-security.kubernetes.io/enforce': 'restricted' });
    });

    it('exempts no pod from Pod Security, gated or bound', async () => {
      const pod = safePod('mirror');
      pod.metadata['annotations'] = { [MIRROR]: 'x' };
      pod.spec['hostPID'] = true;
      pod.spec['schedulingGates'] = [{ name: 'example.com/later' }];
      await refused(
        api.call('POST', `${base}/pods`, pod),
        422,
        /must set spec.nodeName if mirror pod annotation is set/,
      );
      delete pod.spec['schedulingGates'];
      pod.spec['nodeName'] = 'node-1';
      await refused(api.call('POST', `${base}/pods`, pod), 403, /violates PodSecurity/);
    });

    it('is neither added, nor changed, nor removed, through any endpoint', async () => {
      await ok(api.call('POST', `${base}/pods`, safePod('plain')));
      const mirror = safePod('real-mirror');
      mirror.metadata['annotations'] = { [MIRROR]: 'x' };
      mirror.spec['nodeName'] = 'node-1';
      mirror.spec['automountServiceAccountToken'] = false;
      await ok(api.call('POST', `${base}/pods`, mirror));
      for (const [name, value, why] of [
        ['plain', 'x', /may not add mirror pod annotation/],
        ['real-mirror', 'y', /may not remove or update mirror pod annotation/],
        ['real-mirror', null, /may not remove or update mirror pod annotation/],
      ] as const)
        for (const end of ['', '/status']) {
          const patch = { metadata: { annotations: { [MIRROR]: value } } };
          const path = `${base}/pods/${name}${end}`;
          await refused(api.call('PATCH', path, patch, MERGE_PATCH), 422, why);
        }
    });

    it('is not brought in by a binding', async () => {
      const binding = {
        metadata: { name: 'plain', annotations: { [MIRROR]: 'x' } },
        target: { kind: 'Node', name: 'node-1' },
      };
      await refused(
        api.call('POST', `${base}/pods/plain/binding`, binding),
        422,
        /may not add mirror pod annotation/,
      );
    });

    it('has a sister: no AppArmor annotation moves either, and both say what the field says', async () => {
      const key = 'container.apparmor.security.beta.kubernetes.io/c';
      const patch = { metadata: { annotations: { [key]: 'unconfined' } } };
      await refused(
        api.call('PATCH', `${base}/pods/plain`, patch, MERGE_PATCH),
        422,
        /may not add AppArmor annotations/,
      );
      const pod = safePod('two-tongues');
      pod.metadata['annotations'] = { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' };
      await refused(
        api.call('POST', `${base}/pods`, pod),
        422,
        /seccomp type in annotation and field must match/,
      );
    });

    it('refuses ephemeral containers of mirror pods', async () => {
      const patch = { spec: { ephemeralContainers: [{ name: 'd', image: 'x' }] } };
      const path = `${base}/pods/real-mirror/ephemeralcontainers`;
      await refused(
        api.call('PATCH', path, patch, MERGE_PATCH),
        422,
        /static pods do not support ephemeral containers/,
      );
    });
  });

  it('gets no namespace with a level or version that means nothing', async () => {
    const key = 'pod-security.kubernetes.io/enforce';
    for (const labels of [
      { [key]: 'Restricted' },
      { [key]: 'baseline', [`${key}-version`]: '1.20' },
      { 'pod-security.kubernetes.io/warn': 'none' },
    ])
      await refused(
        api.call('POST', '/api/v1/namespaces', { metadata: { name: 'odd', labels } }),
        422,
        /metadata\.labels\[pod-security\.kubernetes\.io\/\S+\]: Invalid value: \S+ must be/,
      );
    const base = await namespace('later');
    await ok(
      api.call('POST', `${base}/pods`, {
        metadata: { name: 'p' },
        spec: { hostPID: true, containers: [{ name: 'c', image: 'x' }] },
      }),
    );
    const label = (value: string) => ({ metadata: { labels: { [key]: value } } });
    await refused(api.call('PATCH', base, label('BASELINE'), MERGE_PATCH), 422, /must be one of/);
    const { headers } = await ok(api.call('PATCH', base, label('baseline'), MERGE_PATCH));
    assert.match(
      String(headers['warning']),
      /existing pods in namespace \\"later\\" violate the new PodSecurity enforce level \\"baseline:latest\\".*p: host namespaces/,
    );
    // An update of the image of a pod that violates the level is an update like a creation.
    const image = { spec: { containers: [{ name: 'c', image: 'y' }] } };
    await refused(
      api.call('PATCH', `${base}/pods/p`, image, {
        'content-type': 'application/strategic-merge-patch+json',
      }),
      403,
      /violates PodSecurity/,
    );
  });

  it('cannot patch zero values into a pod that was admitted without them', async () => {
    const base = await namespace('zeros', { 'pod-security.kubernetes.io/enforce': 'restricted' });
    await ok(api.call('POST', `${base}/pods`, safePod('p')));
    const own = '/spec/containers/0/securityContext';
    for (const operation of [
      { op: 'add', path: `${own}/runAsUser`, value: 0 },
      { op: 'add', path: '/spec/securityContext/runAsUser', value: 0 },
      { op: 'add', path: '/spec/securityContext/fsGroup', value: 0 },
      { op: 'remove', path: `${own}/allowPrivilegeEscalation` },
      { op: 'add', path: `${own}/runAsNonRoot`, value: false },
      { op: 'add', path: '/spec/automountServiceAccountToken', value: false },
    ])
      await refused(
        api.call('PATCH', `${base}/pods/p`, JSON.stringify([operation]), JSON_PATCH),
        422,
        /pod updates may not change fields other than/,
      );
  });

  describe('roles', () => {
    const label = (value: string) => ({
      metadata: { labels: { 'rbac.authorization.k8s.io/aggregate-to-view': value } },
    });

    it('are not given to everybody by a label', async () => {
      const labeller = await grant('labeller', {
        apiGroups: ['rbac.authorization.k8s.io'],
        resources: ['clusterroles'],
        verbs: ['get', 'patch', 'update', 'create'],
      });
      const path = `${RBAC}/clusterroles/cluster-admin`;
      const why = /attempting to grant RBAC permissions not currently held/;
      await refused(labeller('PATCH', path, label('true'), MERGE_PATCH), 403, why);
      const { json } = await ok(api.call('GET', path));
      Object.assign(json.metadata, label('true').metadata);
      await refused(labeller('PUT', path, json), 403, why);
      await refused(
        labeller(
          'PATCH',
          `${path}?fieldManager=x`,
          JSON.stringify({
            apiVersion: 'rbac.authorization.k8s.io/v1',
            kind: 'ClusterRole',
            ...label('true'),
            metadata: { name: 'cluster-admin', ...label('true').metadata },
          }),
          { 'content-type': 'application/apply-patch+yaml' },
        ),
        403,
        why,
      );
      // Owner references and finalizers are the garbage collector's, who holds no rules.
      const patch = { metadata: { finalizers: ['example.com/hold'] } };
      await ok(labeller('PATCH', path, patch, MERGE_PATCH));
      await ok(labeller('PATCH', path, { metadata: { finalizers: null } }, MERGE_PATCH));
    });

    it('lose no aggregation rule to a user without all rights', async () => {
      const editor = await grant('aggregator', {
        apiGroups: ['rbac.authorization.k8s.io'],
        resources: ['clusterroles'],
        verbs: ['get', 'update', 'patch'],
      });
      await ok(
        api.call('POST', `${RBAC}/clusterroles`, {
          metadata: { name: 'sum' },
          rules: [],
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
        }),
      );
      await refused(
        editor('PATCH', `${RBAC}/clusterroles/sum`, { aggregationRule: null }, MERGE_PATCH),
        403,
        /must have cluster-admin privileges to use the aggregationRule/,
      );
    });
  });

  it('approves no certificate through /status, and signs none through /approval', async () => {
    const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
    const { spec } = sampleOf(
      RESOURCES.find(({ resource }) => resource === 'certificatesigningrequests')!,
    ) as unknown as { spec: object };
    await ok(api.call('POST', path, { metadata: { name: 'csr' }, spec }));
    const setter = await grant('setter', {
      apiGroups: ['certificates.k8s.io'],
      resources: ['certificatesigningrequests/status', 'certificatesigningrequests/approval'],
      verbs: ['update', 'patch', 'get'],
    });
    const conditions = (type: string) => ({
      status: { conditions: [{ type, status: 'True', reason: 'Mine' }] },
    });
    for (const type of ['Approved', 'Denied'])
      await refused(
        setter('PATCH', `${path}/csr/status`, conditions(type), MERGE_PATCH),
        422,
        new RegExp(`updates may not add a condition of type "${type}"`),
      );
    await refused(
      setter('PATCH', `${path}/csr/approval`, conditions('Approved'), MERGE_PATCH),
      403,
      /user not permitted to approve requests with signerName/,
    );
    await refused(
      api.call('PATCH', `${path}/csr/approval`, conditions('Failed'), MERGE_PATCH),
      422,
      /updates may not add a condition of type \\?"Failed/,
    );
    await ok(api.call('PATCH', `${path}/csr/approval`, conditions('Denied'), MERGE_PATCH));
    // The decision's own fields stay as the approver wrote them.
    const rewritten = conditions('Denied');
    rewritten.status.conditions[0]!.reason = 'Forged';
    await ok(api.call('PATCH', `${path}/csr/status`, rewritten, MERGE_PATCH));
    const { json } = await ok(api.call('GET', `${path}/csr`));
    assert.equal(json.status.conditions[0].reason, 'Mine');
  });

  it('creates nothing by PUT or apply without the verb create', async () => {
    const base = await namespace('puts');
    const writer = await grant('writer', {
      apiGroups: ['', 'coordination.k8s.io', 'rbac.authorization.k8s.io'],
      resources: ['endpoints', 'limitranges', 'services', 'leases', 'roles'],
      verbs: ['update', 'patch', 'get'],
    });
    const leases = '/apis/coordination.k8s.io/v1/namespaces/puts/leases';
    for (const path of [
      `${base}/endpoints/x`,
      `${base}/limitranges/x`,
      `${base}/services/x`,
      `${leases}/x`,
      `${RBAC}/namespaces/puts/roles/x`,
    ]) {
      const object = { metadata: { name: 'x' }, spec: {} as object };
      await refused(writer('PUT', path, object), 403, /User "writer" cannot create resource/);
    }
    const applied = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'x' },
    };
    const how = { 'content-type': 'application/apply-patch+yaml' };
    await refused(
      writer('PATCH', `${leases}/x?fieldManager=m`, JSON.stringify(applied), how),
      403,
      /User "writer" cannot create resource/,
    );
    await ok(api.call('PUT', `${base}/endpoints/x`, { metadata: { name: 'x' } }));
    await ok(writer('PUT', `${base}/endpoints/x`, { metadata: { name: 'x' } }));
  });

  it('resizes no pod past its quota', async () => {
    const base = await namespace('small');
    await ok(api.call('POST', `${base}/pods`, safePod('p')));
    const patch = { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '8' } } }] } };
    const { status } = await api.call('PATCH', `${base}/pods/p/resize`, patch, MERGE_PATCH);
    assert.equal(status, 404, 'upstream serves no resize without its feature gate');
  });

  it('removes no ephemeral container by leaving it out', async () => {
    const base = await namespace('debugged');
    await ok(api.call('POST', `${base}/pods`, safePod('p')));
    const path = `${base}/pods/p/ephemeralcontainers`;
    const patch = { spec: { ephemeralContainers: [{ name: 'd', image: 'x' }] } };
    const { json } = await ok(api.call('PATCH', path, patch, MERGE_PATCH));
    delete json.spec.ephemeralContainers;
    await refused(api.call('PUT', path, json), 422, /may not be removed/);
  });

  it('changes through a status endpoint only what the kind lets it change', async () => {
    await namespace('statuses');
    const template = {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'x' }] },
    };
    const deployments = '/apis/apps/v1/namespaces/statuses/deployments';
    await ok(
      api.call('POST', deployments, {
        metadata: { name: 'd', labels: { mine: 'yes' } },
        spec: { selector: { matchLabels: { a: 'b' } }, template, replicas: 1 },
      }),
    );
    const flows = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas';
    const change = {
      metadata: {
        labels: { mine: 'no' },
        annotations: { forged: 'yes' },
        finalizers: ['example.com/hold'],
      },
      spec: { replicas: 9, matchingPrecedence: 1 },
      status: { observedGeneration: 1 },
    };
    const { json: deployment } = await ok(
      api.call('PATCH', `${deployments}/d/status`, change, MERGE_PATCH),
    );
    assert.deepEqual(
      [deployment.metadata.labels, deployment.metadata.annotations, deployment.spec.replicas],
      [{ mine: 'yes' }, { forged: 'yes' }, 1],
    );
    const { json: before } = await ok(api.call('GET', `${flows}/catch-all`));
    const { json: flow } = await ok(
      api.call('PATCH', `${flows}/catch-all/status`, change, MERGE_PATCH),
    );
    for (const field of ['labels', 'annotations', 'finalizers'])
      assert.deepEqual(flow.metadata[field], before.metadata[field], field);
    assert.deepEqual(flow.spec, before.spec);
  });
});
