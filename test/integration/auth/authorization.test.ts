// Authorization by webhooks: by the flags, by a structured configuration, and attacks.
import { strict as assert } from 'node:assert';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  eventually,
  type FlagServer,
  newFolder,
  removeFolder,
  startWithFlags,
} from '../../support/flag-server.js';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server.js';

interface Asked {
  apiVersion: string;
  spec: {
    user: string;
    group?: string[];
    groups?: string[];
    resourceAttributes?: Record<string, unknown>;
    nonResourceAttributes?: Record<string, string>;
  };
}
/** The status of the answer; a number is a status code, a text the whole body, null none. */
type Judge = (asked: Asked) => object | number | string | null;

const TOKENS = ['ann,ann,1,"dev"', 'bob,bob,2,"dev"', 'eve,eve,3'];
const PODS = '/api/v1/namespaces/a/pods';
const POD_LIST = { namespace: 'a', verb: 'list', version: 'v1', resource: 'pods' };

describe('authorization by a webhook', function () {
  this.timeout(120_000);
  let folder: string;
  let web: WebhookServer;
  let server: FlagServer | undefined;
  let judge: Judge;
  let asked: Asked[];

  beforeEach(async () => {
    folder = await newFolder();
    asked = [];
    judge = () => ({ allowed: true });
    web = await startWebhookServer(({ review, answer }) => {
      const question = review as unknown as Asked;
      // The server's own clients, such as probes of readiness, are root.
      if (question.spec.user.startsWith('system:')) return void answer.end('{"status":{}}');
      asked.push(question);
      const given = judge(question);
      if (given === null) return;
      if (typeof given === 'number')
        return void answer
          .writeHead(given, given < 400 ? { location: `${web.url}/elsewhere` } : {})
          .end();
      answer.end(typeof given === 'string' ? given : JSON.stringify({ status: given }));
    });
    await writeFile(join(folder, 'webhook.yaml'), kubeconfig(web));
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await web.stop();
    await removeFolder(folder);
  });
  const kubeconfig = ({ url, caBundle }: WebhookServer) =>
    `clusters: [{name: a, cluster: {server: "${url}/authorize", certificate-authority-data: ${caBundle}}}]\ncontexts: [{name: a, context: {cluster: a, user: ""}}]\ncurrent-context: a\n`;
  const start = async (...flags: string[]) =>
    (server = await startWithFlags(folder, flags, TOKENS));
  const byFlags = (...flags: string[]) =>
    start(
      '--authorization-mode=RBAC,Webhook',
      `--authorization-webhook-config-file=${join(folder, 'webhook.yaml')}`,
      ...flags,
    );
  const webhook = (name: string, more = '', policy = 'Deny') => `
- type: Webhook
  name: ${name}
  webhook:
    timeout: 1s
    subjectAccessReviewVersion: v1
    failurePolicy: ${policy}
    connectionInfo: {type: KubeConfigFile, kubeConfigFile: ${join(folder, 'webhook.yaml')}}
${more.replace(/^/gm, '    ')}`;
  const configText = (...authorizers: string[]) =>
    `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:${authorizers.join('')}\n`;
  const RBAC = '\n- {type: RBAC, name: rbac}';
  const file = () => join(folder, 'authorization.yaml');
  const byFile = async (text: string, ...flags: string[]) => {
    await writeFile(file(), text);
    return start(`--authorization-config=${file()}`, ...flags);
  };
  const status = async (token: string, path = PODS) => (await server!.ask(path, { token })).status;
  const metric = async (name: string) =>
    (await server!.ask('/metrics')).text.split('\n').filter((line) => line.startsWith(name));

  it('asks after RBAC, once for each question and user', async () => {
    await byFlags();
    judge = ({ spec }) => (spec.user === 'ann' ? { allowed: true, reason: 'dev' } : {});
    for (let n = 0; n < 3; n++) {
      assert.equal(await status('ann'), 200);
      assert.equal(await status('bob'), 403);
    }
    assert.deepEqual(
      asked.map(({ spec }) => spec.user),
      ['ann', 'bob'],
    );
    assert.deepEqual(asked[0], {
      kind: 'SubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1beta1',
      metadata: { creationTimestamp: null },
      spec: {
        user: 'ann',
        uid: '1',
        group: ['dev', 'system:authenticated'],
        resourceAttributes: POD_LIST,
      },
      status: { allowed: false },
    });
    assert.equal(await status('good'), 200, 'system:masters');
    assert.equal(await status('bob', '/version'), 200, 'RBAC');
    assert.equal(asked.length, 2);
    assert.deepEqual(
      (await metric('apiserver_authorization_decisions_total')).filter((line) =>
        line.includes('Webhook'),
      ),
      [
        'apiserver_authorization_decisions_total{type="Webhook",name="default",decision="allowed"} 3',
      ],
    );
  });

  it('passes selectors, paths and every kind of request on', async () => {
    await byFlags('--authorization-webhook-version=v1');
    await status(
      'ann',
      `${PODS}?labelSelector=a%3Db,c+notin+(d),!e&fieldSelector=spec.nodeName!%3Dn`,
    );
    await status('ann', `${PODS}?labelSelector=%2C%3D`);
    await status('ann', '/apis/apps/v1/namespaces/a/deployments/x/scale');
    await status('ann', '/debug/x?a=b');
    await server!.ask(`${PODS}/x/exec?command=a`, { token: 'ann', method: 'POST' });
    assert.deepEqual(
      asked.map(({ spec }) => spec.resourceAttributes ?? spec.nonResourceAttributes),
      [
        {
          ...POD_LIST,
          fieldSelector: {
            requirements: [{ key: 'spec.nodeName', operator: 'NotIn', values: ['n'] }],
          },
          labelSelector: {
            requirements: [
              { key: 'a', operator: 'In', values: ['b'] },
              { key: 'c', operator: 'NotIn', values: ['d'] },
              { key: 'e', operator: 'DoesNotExist' },
            ],
          },
        },
        POD_LIST,
        {
          namespace: 'a',
          verb: 'get',
          group: 'apps',
          version: 'v1',
          resource: 'deployments',
          subresource: 'scale',
          name: 'x',
        },
        { path: '/debug/x', verb: 'get' },
        { ...POD_LIST, verb: 'create', subresource: 'exec', name: 'x' },
      ],
    );
    assert.deepEqual(asked[0]!.spec.groups, ['dev', 'system:authenticated']);
  });

  it('decides about impersonation, reviews, PUTs that create, roles and expressions', async () => {
    await byFlags('--authorization-webhook-cache-unauthorized-ttl=0s');
    const wanted = new Set<string>();
    judge = ({ spec: { resourceAttributes: about = {} } }) => ({
      allowed: wanted.has(`${String(about['verb'])} ${String(about['resource'])}`),
    });
    const headers = { 'impersonate-user': 'good', 'impersonate-group': 'system:masters' };
    assert.equal((await server!.ask(PODS, { token: 'eve', headers })).status, 403);
    wanted.add('impersonate users');
    assert.equal((await server!.ask(PODS, { token: 'eve', headers })).status, 403, 'group');
    wanted.add('impersonate groups');
    assert.equal((await server!.ask(PODS, { token: 'eve', headers })).status, 200);

    const review = await server!.ask('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      token: 'bob',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'impersonate', resource: 'users' } },
      },
    });
    assert.deepEqual(review.json['status'], { allowed: true });

    wanted.add('update leases');
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'x', namespace: 'default' },
      spec: {},
    };
    const put = async () =>
      (
        await server!.ask('/apis/coordination.k8s.io/v1/namespaces/default/leases/x', {
          token: 'bob',
          method: 'PUT',
          body: lease,
        })
      ).status;
    assert.equal(await put(), 403);
    wanted.add('create leases');
    assert.equal(await put(), 201);

    wanted.add('create clusterroles');
    const role = async () =>
      (
        await server!.ask('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
          token: 'bob',
          body: {
            apiVersion: 'rbac.authorization.k8s.io/v1',
            kind: 'ClusterRole',
            metadata: { name: 'all' },
            rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
          },
        })
      ).status;
    assert.equal(await role(), 403);
    wanted.add('escalate clusterroles');
    assert.equal(await role(), 201);
  });

  it('gives its answers to the expressions of policies', async () => {
    await byFlags('--authorization-webhook-cache-unauthorized-ttl=0s');
    const group = 'admissionregistration.k8s.io/v1';
    const create = (kind: string, plural: string, spec: object) =>
      server!.ask(`/apis/${group}/${plural}`, {
        body: { apiVersion: group, kind, metadata: { name: 'p' }, spec },
      });
    const check = (verb: string, name: string) =>
      `authorizer.group('').resource('secrets').name('${name}').check('${verb}').allowed()`;
    await create('ValidatingAdmissionPolicy', 'validatingadmissionpolicies', {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources: ['configmaps'],
          },
        ],
      },
      variables: [{ name: 'first', expression: check('get', 'one') }],
      // The second question depends on the answer to the first.
      validations: [{ expression: `variables.first && ${check('bless', 'two')}` }],
    });
    await create('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings', {
      policyName: 'p',
      validationActions: ['Deny'],
    });
    let blessed = false;
    judge = ({ spec: { resourceAttributes: about = {} } }) => ({
      allowed: about['verb'] !== 'bless' || blessed,
    });
    const post = async (name: string) =>
      (
        await server!.ask('/api/v1/namespaces/default/configmaps', {
          token: 'bob',
          body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
        })
      ).status;
    let n = 0;
    await eventually(async () => (await post(`a${n++}`)) === 422, 'the policy refuses');
    blessed = true;
    assert.equal(await post('b'), 201);
  });

  it('fails by its policy, whatever the webhook does', async () => {
    await byFile(configText(webhook('gate'), RBAC));
    const bodies: [Judge, number, string][] = [
      [() => ({ allowed: true }), 200, 'yes'],
      [() => ({ allowed: true, denied: true, reason: 'both' }), 500, 'yes and no'],
      [() => ({ denied: true, reason: 'no way' }), 403, 'no'],
      [() => ({}), 403, 'no opinion'],
      [() => ({ allowed: 'true' }), 500, 'a text for a boolean'],
      [() => '', 500, 'nothing'],
      [() => '<html>', 500, 'a page'],
      [() => '{"status":{"allowed":true}', 500, 'half an answer'],
      [
        () => '{"kind":"SubjectAccessReview","apiVersion":"v1","status":{"allowed":true}}',
        500,
        'another kind',
      ],
      [() => `{"x":"${'x'.repeat(9 * 1024 * 1024)}","status":{"allowed":true}}`, 500, 'too much'],
      [() => 403, 500, 'a refusal of the call'],
      [() => 302, 500, 'a redirect'],
      [() => 503, 500, 'unavailable'],
      [() => null, 500, 'no answer in time'],
    ];
    for (const [at, [answer, expected, name]] of bodies.entries()) {
      judge = answer;
      const { status: code, json } = await server!.ask(`/api/v1/namespaces/n${at}/pods`, {
        token: 'ann',
      });
      assert.equal(code, expected, `${name}: ${JSON.stringify(json)}`);
    }
    const questions = asked.length;
    assert.ok(questions >= bodies.length);
    judge = () => ({ allowed: true });
    assert.equal(await status('ann', '/api/v1/namespaces/n13/pods'), 200, 'failures are not kept');
    assert.equal(await status('good', '/api/v1/namespaces/n5/pods'), 200, 'system:masters');
    await web.stop();
    const { status: code, text } = await server!.ask('/api/v1/namespaces/z/pods', { token: 'ann' });
    assert.equal(code, 500);
    assert.match(
      text,
      /Internal Server Error: \\"\/api\/v1\/namespaces\/z\/pods\\": Post .*refused/,
    );
  });

  it('without an opinion on failure leaves the request to the next', async () => {
    await byFile(configText(webhook('gate', '', 'NoOpinion'), RBAC));
    judge = () => 403;
    assert.equal(await status('ann', '/version'), 200, 'RBAC allows');
    assert.equal(await status('ann'), 500, 'nobody decides');
    assert.deepEqual(await metric('apiserver_authorization_webhook_evaluations_fail_open_total'), [
      'apiserver_authorization_webhook_evaluations_fail_open_total{name="gate",result="error"} 2',
    ]);
  });

  it('asks only about what its conditions match', async () => {
    const matching = (text: string) =>
      `matchConditionSubjectAccessReviewVersion: v1\nmatchConditions:\n${text}`;
    await byFile(
      configText(
        webhook(
          'gate',
          matching(
            "- expression: has(request.resourceAttributes)\n- expression: request.resourceAttributes.namespace == 'a'\n- expression: \"request.resourceAttributes.name != 'x' || request.extra['k'] == ['v']\"",
          ),
        ),
        RBAC,
      ),
    );
    judge = () => ({ denied: true });
    assert.equal(await status('ann', '/version'), 200);
    assert.equal(await status('ann', '/api/v1/namespaces/b/pods'), 403);
    assert.equal(asked.length, 0);
    assert.equal(await status('ann'), 403);
    assert.equal(asked.length, 1);
    assert.equal(await status('ann', `${PODS}/x`), 500, 'a condition that fails denies');
    assert.equal(asked.length, 1);
    const counted = await metric('apiserver_authorization_match_condition_');
    assert.deepEqual(
      counted.filter((line) => /_total|_count/.test(line)),
      [
        'apiserver_authorization_match_condition_evaluation_errors_total{type="Webhook",name="gate"} 1',
        'apiserver_authorization_match_condition_exclusions_total{type="Webhook",name="gate"} 2',
        'apiserver_authorization_match_condition_evaluation_seconds_count{type="Webhook",name="gate"} 4',
      ],
    );
  });

  it('follows the file, and keeps the old chain while the new one is wrong', async () => {
    await byFile(configText(webhook('gate'), RBAC));
    judge = ({ spec }) => ({ denied: spec.user === 'ann' });
    assert.equal(await status('ann', '/version'), 403);
    for (const wrong of [
      'x',
      configText(webhook('gate')),
      configText(RBAC, '\n- {type: AlwaysAllow, name: alwaysallow}'),
      configText(webhook('gate', 'authorizedTTL: -1s'), RBAC),
      configText(webhook('gate').replace('webhook.yaml', 'none.yaml'), RBAC),
    ]) {
      const before = await reloads('failure');
      await writeFile(file(), wrong);
      await eventually(async () => (await reloads('failure')) > before, wrong);
      assert.equal(await status('ann', '/version'), 403);
    }
    await writeFile(file(), configText(RBAC));
    await eventually(async () => (await status('ann', '/version')) === 200, 'not read again');
    assert.equal(await reloads('success'), 1);
  });
  const reloads = async (outcome: string) => {
    const name = 'apiserver_authorization_config_controller_automatic_reloads_total';
    const line = (await metric(name)).find((one) => one.includes(`status="${outcome}"`));
    return Number(line?.split(' ')[1] ?? 0);
  };

  it('is configured for good or not at all', async () => {
    const refused: [string[], RegExp][] = [
      [['--authorization-mode=Webhook'], /Webhook's authorization config file not passed/],
      [
        ['--authorization-webhook-config-file=/x'],
        /cannot specify --authorization-webhook-config-file without mode Webhook/,
      ],
      [['--authorization-mode=RBAC,RBAC'], /\["RBAC" "RBAC"\] has mode specified more than once/],
      [['--authorization-mode=ABAC'], /authorization-mode "ABAC" is not a valid mode/],
      [['--authorization-config=/none/file'], /ENOENT/],
    ];
    await writeFile(file(), configText(RBAC));
    for (const other of [
      '--authorization-mode=RBAC',
      '--authorization-webhook-version=v1',
      '--authorization-webhook-cache-authorized-ttl=1s',
    ])
      refused.push([
        [`--authorization-config=${file()}`, other],
        /--authorization-config can not be specified when --authorization-mode or --authorization-webhook-\* flags are defined/,
      ]);
    for (const [flags, message] of refused) await assert.rejects(start(...flags), message);
    await rm(join(folder, 'webhook.yaml'));
    await assert.rejects(
      byFile(configText(webhook('gate'))),
      /authorizers\[0\]\.connectionInfo\.kubeConfigFile: Invalid value: ".*webhook\.yaml": error loading file: stat .*: no such file or directory/,
    );
  });
});
