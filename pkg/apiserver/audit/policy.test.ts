import assert from 'node:assert/strict';
import { type AuditAttributes, parseAuditPolicy } from './policy.js';

const policyOf = (body: string) =>
  parseAuditPolicy(`apiVersion: audit.k8s.io/v1\nkind: Policy\n${body}`);

const asked = (fields: Partial<AuditAttributes> = {}): AuditAttributes => ({
  user: { name: 'ann', groups: ['dev', 'ops'] },
  verb: 'get',
  isResource: true,
  group: '',
  resource: 'pods',
  subresource: '',
  namespace: 'shop',
  name: 'web',
  path: '/api/v1/namespaces/shop/pods/web',
  ...fields,
});
const path = (text: string) =>
  asked({ isResource: false, resource: '', namespace: '', name: '', path: text });

/** Rule body, request, whether the rule matches. */
const MATCHES: [string, AuditAttributes, boolean][] = [
  ['', asked(), true],
  ['users: [ann]', asked(), true],
  ['users: [bob]', asked(), false],
  ['users: [ann]', asked({ user: undefined }), false],
  ['userGroups: [ops]', asked(), true],
  ['userGroups: [sec]', asked(), false],
  ['userGroups: [ops]', asked({ user: undefined }), false],
  ['verbs: [list, get]', asked(), true],
  ['verbs: [list]', asked(), false],
  ['namespaces: [shop]', asked(), true],
  ['namespaces: [""]', asked({ namespace: '' }), true],
  ['namespaces: [shop]', path('/healthz'), false],
  ['resources: [{group: ""}]', asked(), true],
  ['resources: [{group: apps}]', asked(), false],
  ['resources: [{group: "", resources: [pods]}]', asked(), true],
  ['resources: [{group: "", resources: [pods]}]', asked({ subresource: 'log' }), false],
  ['resources: [{group: "", resources: [pods/log]}]', asked({ subresource: 'log' }), true],
  ['resources: [{group: "", resources: [pods/*]}]', asked({ subresource: 'log' }), true],
  ['resources: [{group: "", resources: [pods/*]}]', asked(), true],
  ['resources: [{group: "", resources: ["*/log"]}]', asked({ subresource: 'log' }), true],
  ['resources: [{group: "", resources: ["*/log"]}]', asked(), false],
  ['resources: [{group: "", resources: ["*"]}]', asked({ subresource: 'log' }), true],
  ['resources: [{group: "", resources: [pods], resourceNames: [web]}]', asked(), true],
  ['resources: [{group: "", resources: [pods], resourceNames: [db]}]', asked(), false],
  ['resources: [{group: "", resources: [pods]}]', path('/healthz'), false],
  ['nonResourceURLs: ["/healthz*"]', path('/healthz/etcd'), true],
  ['nonResourceURLs: ["/healthz"]', path('/healthz/etcd'), false],
  ['nonResourceURLs: ["*"]', path('/x'), true],
  ['nonResourceURLs: ["*"]', asked(), false],
  ['users: [ann]\n  verbs: [get]\n  namespaces: [other]', asked(), false],
];

const REFUSED: [string, RegExp][] = [
  ['rules: []', /loaded illegal policy with 0 rules/],
  [
    'rules: [{level: Loud}]',
    /rules\[0\]\.level: Unsupported value: "Loud": supported values: "None", "Metadata"/,
  ],
  ['rules: [{users: [a]}]', /rules\[0\]\.level: Required value/],
  ['rules: [{level: None, nonResourceURLs: [healthz]}]', /must begin with a '\/' character/],
  ['rules: [{level: None, nonResourceURLs: ["/a*b"]}]', /must be the final character/],
  [
    'rules: [{level: None, nonResourceURLs: ["/a"], namespaces: [b]}]',
    /rules cannot apply to both regular resources and non-resource URLs/,
  ],
  ['rules: [{level: None, resources: [{resourceNames: [a]}]}]', /requires at least one resource/],
  [
    'rules: [{level: None, resources: [{group: apps/v1}]}]',
    /rules\[0\]\.resources\.group: Invalid/,
  ],
  ['rules: [{level: None, omitStages: [Never]}]', /allowed stages are RequestReceived,/],
  ['rules: [{level: None, user: [a]}]', /unknown field "rules\[0\]\.user"/],
  ['rules: [{level: None, users: a}]', /rules\[0\]\.users: wrong type/],
  ['rules: [{level: None}]\nstages: []', /unknown field "stages"/],
];

describe('audit policy', () => {
  for (const [rule, request, matches] of MATCHES) {
    it(`${matches ? 'matches' : 'does not match'} ${rule || 'an empty rule'}: ${request.path} ${request.subresource}`, () => {
      const policy = policyOf(`rules:\n- level: Request\n  ${rule}\n`);
      assert.equal(policy(request).level, matches ? 'Request' : 'None');
    });
  }

  for (const [body, message] of REFUSED)
    it(`refuses ${body}`, () => assert.throws(() => policyOf(body), message));

  it('refuses other kinds and texts that are no YAML', () => {
    assert.throws(() => parseAuditPolicy('kind: Policy\napiVersion: audit.k8s.io/v2'), /unknown/);
    assert.throws(() => parseAuditPolicy('a: [b'), /failed decoding/);
    assert.throws(() => parseAuditPolicy('[]'), /failed decoding/);
  });

  it('takes the first rule, and joins the stages to omit', () => {
    const policy = policyOf(
      [
        'omitStages: [RequestReceived]',
        'omitManagedFields: true',
        'rules:',
        '- {level: None, users: [bob]}',
        '- {level: Metadata, omitStages: [Panic], omitManagedFields: false}',
        '- {level: RequestResponse}',
      ].join('\n'),
    );
    const rule = policy(asked());
    assert.deepEqual(
      [rule.level, [...rule.omitStages], rule.omitManagedFields],
      ['Metadata', ['RequestReceived', 'Panic'], false],
    );
    const none = policy(asked({ user: { name: 'bob', groups: [] } }));
    assert.deepEqual([none.level, none.omitManagedFields], ['None', true]);
  });
});
