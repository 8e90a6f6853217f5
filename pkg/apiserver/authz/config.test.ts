import { strict as assert } from 'node:assert';
import { fileURLToPath } from 'node:url';
import { parseAuthorizationFile } from './config.js';

const FILE = fileURLToPath(import.meta.url);
const WEBHOOK = {
  timeout: '3s',
  subjectAccessReviewVersion: 'v1',
  failurePolicy: 'Deny',
  connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: FILE },
};
const parse = (authorizers: unknown, version = 'v1', atStart?: string[]) =>
  parseAuthorizationFile(
    JSON.stringify({
      apiVersion: `apiserver.config.k8s.io/${version}`,
      kind: 'AuthorizationConfiguration',
      authorizers,
    }),
    atStart,
  );
const hook = (change: object) =>
  parse([{ type: 'Webhook', name: 'w', webhook: { ...WEBHOOK, ...change } }]);
const conditions = (...expressions: string[]) =>
  hook({
    matchConditionSubjectAccessReviewVersion: 'v1',
    matchConditions: expressions.map((expression) => ({ expression })),
  });

describe('the authorization configuration', () => {
  it('has an order, defaults and three versions', async () => {
    for (const version of ['v1', 'v1beta1', 'v1alpha1'])
      assert.deepEqual(
        await parse(
          [
            { type: 'Node', name: 'node' },
            { type: 'Webhook', name: 'b.example', webhook: WEBHOOK },
            {
              type: 'Webhook',
              name: 'a',
              webhook: { ...WEBHOOK, authorizedTTL: '1h', failurePolicy: 'NoOpinion' },
            },
            { type: 'RBAC', name: 'rbac' },
          ],
          version,
        ),
        [
          { type: 'Node', name: 'node' },
          {
            type: 'Webhook',
            name: 'b.example',
            webhook: {
              name: 'b.example',
              version: 'v1',
              authorizedMs: 300_000,
              unauthorizedMs: 30_000,
              timeoutMs: 3_000,
              denies: true,
              kubeconfig: FILE,
            },
          },
          {
            type: 'Webhook',
            name: 'a',
            webhook: {
              name: 'a',
              version: 'v1',
              authorizedMs: 3_600_000,
              unauthorizedMs: 30_000,
              timeoutMs: 3_000,
              denies: false,
              kubeconfig: FILE,
            },
          },
          { type: 'RBAC', name: 'rbac' },
        ],
      );
  });

  it('is refused with the words of upstream', async () => {
    const cases: [Promise<unknown>, string | RegExp][] = [
      [parse([]), 'authorizers: Required value: at least one authorization mode must be defined'],
      [parse(undefined), /at least one authorization mode must be defined/],
      [parse([{ name: 'x' }]), 'authorizers[0].type: Required value'],
      [
        parse([{ type: 'ABAC', name: 'abac' }]),
        'authorizers[0].type: Unsupported value: "ABAC": supported values: "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"',
      ],
      [
        parse([
          { type: 'RBAC', name: 'rbac' },
          { type: 'RBAC', name: 'other' },
        ]),
        'authorizers[1].type: Duplicate value: "RBAC"',
      ],
      [
        parse([
          { type: 'Webhook', name: 'w', webhook: WEBHOOK },
          { type: 'Webhook', name: 'w', webhook: WEBHOOK },
        ]),
        'authorizers[1].name: Duplicate value: "w"',
      ],
      [parse([{ type: 'Webhook', webhook: WEBHOOK }]), 'authorizers[0].name: Required value'],
      [
        parse([{ type: 'Webhook', name: 'A', webhook: WEBHOOK }]),
        /^authorizers\[0\]\.name: Invalid value: "A": authorizer name is invalid: a lowercase RFC 1123 subdomain/,
      ],
      [
        parse([{ type: 'Webhook', name: 'w' }]),
        'authorizers[0].webhook: Required value: required when type=Webhook',
      ],
      [
        parse([{ type: 'RBAC', name: 'rbac', webhook: WEBHOOK }]),
        'authorizers[0].webhook: Invalid value: "non-null": may only be specified when type=Webhook',
      ],
      [parse([{ type: 'Node', name: 'n' }]), 'expected name node for authorizer Node instead of n'],
      [hook({ timeout: undefined }), 'authorizers[0].timeout: Required value'],
      [
        hook({ timeout: '31s' }),
        'authorizers[0].timeout: Invalid value: "31s": must be > 0s and <= 30s',
      ],
      [
        hook({ timeout: '-1s', authorizedTTL: '-1s', unauthorizedTTL: '-2s' }),
        '[authorizers[0].timeout: Invalid value: "-1s": must be > 0s and <= 30s, authorizers[0].authorizedTTL: Invalid value: "-1s": must be > 0s, authorizers[0].unauthorizedTTL: Invalid value: "-2s": must be > 0s]',
      ],
      [hook({ timeout: 'soon' }), /invalid duration/],
      [hook({ timeout: 3 }), 'authorizers[0].webhook.timeout: wrong type'],
      [hook({ ttl: '1s' }), 'strict decoding error: unknown field "authorizers[0].webhook.ttl"'],
      [
        hook({ subjectAccessReviewVersion: 'v2' }),
        'authorizers[0].subjectAccessReviewVersion: Unsupported value: "v2": supported values: "v1", "v1beta1"',
      ],
      [
        hook({ failurePolicy: 'Ignore' }),
        'authorizers[0].failurePolicy: Unsupported value: "Ignore": supported values: "NoOpinion", "Deny"',
      ],
      [hook({ failurePolicy: '' }), 'authorizers[0].failurePolicy: Required value'],
      [hook({ connectionInfo: {} }), 'authorizers[0].connectionInfo.type: Required value'],
      [
        hook({ connectionInfo: { type: 'InClusterConfig' } }),
        'authorizers[0].connectionInfo.type: Invalid value: "InClusterConfig": not allowed for kube-apiserver',
      ],
      [
        hook({ connectionInfo: { type: 'InClusterConfig', kubeConfigFile: FILE } }),
        /can only be set when type=KubeConfigFile/,
      ],
      [
        hook({ connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: 'a/b' } }),
        'authorizers[0].connectionInfo.kubeConfigFile: Invalid value: "a/b": must be an absolute path',
      ],
      [
        hook({ connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: '/' } }),
        'authorizers[0].connectionInfo.kubeConfigFile: Invalid value: "/": must be a regular file',
      ],
      [
        hook({ matchConditions: [{ expression: 'true' }] }),
        'authorizers[0].matchConditionSubjectAccessReviewVersion: Required value: required if match conditions are specified',
      ],
      [
        hook({ matchConditionSubjectAccessReviewVersion: 'v1beta1' }),
        /Unsupported value: "v1beta1": supported values: "v1"$/,
      ],
      [conditions(' '), 'authorizers[0].matchConditions[0].expression: Required value'],
      [
        conditions('true', 'true'),
        'authorizers[0].matchConditions[1].expression: Duplicate value: "true"',
      ],
      [
        conditions('request.user'),
        'authorizers[0].matchConditions[0].expression: Invalid value: "request.user": must evaluate to bool but got string',
      ],
      [conditions('request.name == ""'), /compilation failed: .*undefined field 'name'/],
      [conditions('object == null'), /undeclared reference to 'object'/],
      [
        conditions(...Array.from({ length: 65 }, (_, n) => `request.user == "${n}"`)),
        'authorizers[0].matchConditions: Too many: 65: must have at most 64 items',
      ],
      [
        parse([{ type: 'Node', name: 'node' }], 'v1', ['RBAC', 'Node']),
        'missing required types: [RBAC]',
      ],
      [
        parse([{ type: 'AlwaysAllow', name: 'alwaysallow' }], 'v1', ['Webhook']),
        /type AlwaysAllow is not allowed if it was not enabled at initial server startup/,
      ],
      [parse([{ type: 'RBAC', name: 'rbac' }], 'v2'), /no kind "AuthorizationConfiguration"/],
    ];
    await Promise.allSettled(cases.map(([answer]) => answer));
    for (const [answer, message] of cases)
      await assert.rejects(answer, ({ message: text }: Error) => {
        if (typeof message === 'string') assert.equal(text, message);
        else assert.match(text, message);
        return true;
      });
  });

  it('has conditions about every member of a review', async () => {
    const spec = {
      user: 'ann',
      groups: ['dev'],
      extra: { k: ['v'] },
      resourceAttributes: {
        verb: 'list',
        resource: 'pods',
        labelSelector: { requirements: [{ key: 'a', operator: 'In', values: ['b'] }] },
      },
    };
    const answers: [string, boolean | string][] = [
      ["request.user == 'ann' && request.uid == ''", true],
      ["'dev' in request.groups && request.extra['k'] == ['v']", true],
      ['has(request.nonResourceAttributes)', false],
      ["request.resourceAttributes.namespace == ''", true],
      ["request.resourceAttributes.labelSelector.requirements.all(r, r.operator == 'In')", true],
      ['has(request.resourceAttributes.fieldSelector)', false],
      [
        "request.nonResourceAttributes.path == '/'",
        "cel evaluation error: expression 'request.nonResourceAttributes.path == '/'' resulted in error: no such key: nonResourceAttributes",
      ],
    ];
    for (const [expression, expected] of answers) {
      const [{ webhook } = {}] = await conditions(expression);
      const { matches, error } = webhook!.conditions!(spec);
      assert.equal(error ?? matches, expected, expression);
    }
    const [both] = await conditions('request.nonResourceAttributes.path == ""', 'false');
    assert.deepEqual(both!.webhook!.conditions!(spec), { matches: false });
  });
});
