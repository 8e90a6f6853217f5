// Tokens of an OpenID issuer of ours: by flags, by a structured configuration, and attacks.
import { strict as assert } from 'node:assert';
import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  eventually,
  type FlagServer,
  newFolder,
  removeFolder,
  startWithFlags,
} from '../../support/flag-server.js';
import { newKey, type OidcIssuer, startIssuer } from '../../support/oidc-issuer.js';
import { startWebhookServer } from '../../support/webhook-server.js';

interface Who {
  username: string;
  groups?: string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

/** The user of a token, or the status code when it is refused. */
async function whoIs(server: FlagServer, token: string): Promise<Who | number> {
  const answer = await server.ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    token,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  if (answer.status !== 201) return answer.status;
  return (answer.json as unknown as { status: { userInfo: Who } }).status.userInfo;
}

describe('tokens of an OpenID issuer', function () {
  this.timeout(60_000);
  let folder: string;
  let issuer: OidcIssuer;
  let server: FlagServer | undefined;

  beforeEach(async () => {
    folder = await newFolder();
    issuer = await startIssuer();
    await writeFile(join(folder, 'issuer-ca.crt'), issuer.caPem);
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await issuer.stop();
    await removeFolder(folder);
  });
  const byFlags = async (...flags: string[]) =>
    (server = await startWithFlags(folder, [
      `--oidc-issuer-url=${issuer.url}`,
      '--oidc-client-id=me',
      `--oidc-ca-file=${join(folder, 'issuer-ca.crt')}`,
      ...flags,
    ]));
  const configText = (mappings: string, more = '') => `
apiVersion: apiserver.config.k8s.io/v1beta1
kind: AuthenticationConfiguration
jwt:
- issuer:
    url: ${issuer.url}
    audiences: [me, other]
    audienceMatchPolicy: MatchAny
    certificateAuthority: |
${issuer.caPem.replace(/^/gm, '      ')}
  claimMappings:
${mappings.replace(/^/gm, '    ')}
${more}`;
  const byFile = async (text: string, ...flags: string[]) => {
    const file = join(folder, 'authentication.yaml');
    await writeFile(file, text);
    return (server = await startWithFlags(folder, [`--authentication-config=${file}`, ...flags]));
  };

  it('are accepted with names and groups by the flags', async () => {
    const running = await byFlags(
      '--oidc-groups-claim=groups',
      '--oidc-groups-prefix=corp:',
      '--oidc-required-claim=hd=example.com',
    );
    const claims = { hd: 'example.com', groups: ['ops', 'dev'] };
    assert.deepEqual(await whoIs(running, await issuer.token(claims)), {
      username: `${issuer.url}#jane`,
      groups: ['corp:ops', 'corp:dev', 'system:authenticated'],
    });
    const one = (await whoIs(running, await issuer.token({ ...claims, groups: 'ops' }))) as Who;
    assert.deepEqual(one.groups, ['corp:ops', 'system:authenticated']);
    for (const wrong of [{ groups: ['x'] }, { hd: 'evil.com' }, { ...claims, groups: { a: 1 } }])
      assert.equal(await whoIs(running, await issuer.token(wrong)), 401, JSON.stringify(wrong));
  });

  it('are refused when they are wrong in any way', async () => {
    const running = await byFlags();
    const now = Math.floor(Date.now() / 1000);
    const stranger = { ...newKey('first') };
    const { publicKey } = issuer.keys[0]!;
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const good = await issuer.token();
    const [head, body, signature] = good.split('.') as [string, string, string];
    const hmac = (header: object, secret: string | Buffer) => {
      const text = `${encode(header)}.${body}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const root = encode({
      ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object),
      sub: 'root',
    });
    const attacks: Record<string, string> = {
      'another audience': await issuer.token({ aud: 'you' }),
      'no audience': await issuer.token({ aud: undefined }),
      'another issuer': await issuer.token({ iss: 'https://evil.example.com' }),
      'an issuer with a slash': await issuer.token({ iss: `${issuer.url}/` }),
      expired: await issuer.token({ exp: now - 1 }),
      'no expiry': await issuer.token({ exp: undefined }),
      'an expiry in text': await issuer.token({ exp: String(now + 600) }),
      'not yet valid': await issuer.token({ nbf: now + 400 }),
      'no subject': await issuer.token({ sub: undefined }),
      'a stranger with the same key id': await issuer.token({}, stranger),
      'alg none': `${encode({ alg: 'none' })}.${body}.`,
      'alg none with a signature': `${encode({ alg: 'none' })}.${body}.${signature}`,
      'HS256 with the public key': hmac(
        { alg: 'HS256', kid: 'first' },
        publicKey.export({ type: 'spki', format: 'pem' }),
      ),
      'HS256 with the DER of the key': hmac(
        { alg: 'HS256' },
        publicKey.export({ type: 'spki', format: 'der' }),
      ),
      'other claims under the signature': `${head}.${root}.${signature}`,
      'no signature': `${head}.${body}.`,
      'a key in the header': await issuer.token({}, stranger, {
        kid: 'mine',
        jwk: stranger.publicKey.export({ format: 'jwk' }),
      }),
      'a key by URL in the header': await issuer.token({}, stranger, {
        kid: 'mine',
        jku: `${issuer.url}/keys`,
      }),
      'an algorithm that the flags do not allow': await issuer.token(
        {},
        { ...issuer.keys[0]!, alg: 'PS256' },
      ),
      'a critical extension': await issuer
        .token({}, issuer.keys[0]!, { kid: 'first' })
        .then(
          () =>
            `${encode({ alg: 'RS256', kid: 'first', crit: ['exp'], exp: 1 })}.${body}.${signature}`,
        ),
    };
    for (const [name, token] of Object.entries(attacks))
      assert.equal(await whoIs(running, token), 401, name);
    assert.equal(((await whoIs(running, good)) as Who).username, `${issuer.url}#jane`);
    const skewed = await issuer.token({ nbf: now + 200 });
    assert.equal(((await whoIs(running, skewed)) as Who).username, `${issuer.url}#jane`);
  });

  it('follow the rotation of keys, and cost few requests to the issuer', async () => {
    const running = await byFlags('--oidc-signing-algs=RS256,ES256');
    const old = await issuer.token();
    assert.notEqual(await whoIs(running, old), 401);
    issuer.keys = [newKey('second', 'ES256')];
    const next = await eventually(async () => {
      const who = await whoIs(running, await issuer.token());
      return typeof who === 'object' && who;
    }, 'the new key is not accepted');
    assert.equal(next.username, `${issuer.url}#jane`);
    const before = issuer.keyRequests;
    const unknown = newKey('nobody');
    await Promise.all(
      Array.from({ length: 30 }, async (_, n) =>
        assert.equal(await whoIs(running, await issuer.token({ n }, unknown)), 401),
      ),
    );
    assert.ok(issuer.keyRequests - before <= 3, `${issuer.keyRequests - before} requests`);
  });

  it('trust no issuer that calls itself by another name', async () => {
    issuer.name = 'https://other.example.com';
    const running = await byFlags();
    assert.equal(await whoIs(running, await issuer.token()), 401);
  });

  it('are mapped and judged by expressions', async () => {
    const running = await byFile(
      configText(
        `username: {expression: '"corp:" + claims.sub'}
groups: {expression: 'claims.roles.split(",")'}
uid: {claim: id}
extra: [{key: example.com/tenant, valueExpression: claims.tenant}]`,
        `  claimValidationRules:
  - {expression: 'claims.exp - claims.iat <= 3600', message: too long}
  - {claim: hd, requiredValue: example.com}
  userValidationRules:
  - {expression: "!user.username.startsWith('corp:system:')", message: reserved}
  - {expression: "user.groups.all(group, !group.startsWith('system:'))"}
`,
      ),
    );
    const claims = { hd: 'example.com', roles: 'a,b', id: 'u1', tenant: 't' };
    assert.deepEqual(await whoIs(running, await issuer.token({ ...claims, aud: ['x', 'other'] })), {
      username: 'corp:jane',
      uid: 'u1',
      groups: ['a', 'b', 'system:authenticated'],
      extra: { 'example.com/tenant': ['t'] },
    });
    for (const wrong of [
      { sub: 'system:admin' },
      { roles: 'a,system:masters' },
      { hd: 'x' },
      { iat: 0 },
      { roles: 7 },
      { tenant: { a: 1 } },
    ])
      assert.equal(
        await whoIs(running, await issuer.token({ ...claims, ...wrong })),
        401,
        JSON.stringify(wrong),
      );
  });

  it('follow the file, and keep the old rules while the new ones are wrong', async () => {
    const running = await byFile(configText("username: {claim: sub, prefix: 'one:'}"));
    const file = join(folder, 'authentication.yaml');
    const named = async () =>
      (await whoIs(running, await issuer.token({ n: Math.random() }))) as Who;
    assert.equal((await named()).username, 'one:jane');
    await writeFile(file, configText("username: {expression: 'claims.'}"));
    await writeFile(file, configText("username: {claim: sub, prefix: 'two:'}"));
    await eventually(
      async () => (await named()).username === 'two:jane',
      'the file is not read again',
    );
    await writeFile(
      file,
      'apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\n',
    );
    await eventually(
      async () => (await whoIs(running, await issuer.token())) === 401,
      'issuers stay',
    );
  });

  it('are configured for good or not at all', async () => {
    const cases: [string, RegExp][] = [
      [configText('username: {claim: sub}'), /username\.prefix: Required value/],
      [configText('username: {claim: sub, expression: claims.sub}'), /can't both be set/],
      [configText("username: {expression: 'claims.'}"), /compilation failed/],
      [configText('username: {expression: claims.email}'), /claims\.email_verified must be used/],
      [configText("username: {claim: sub, prefix: ''}\nname: x"), /unknown field/],
      [
        configText(
          "username: {claim: sub, prefix: ''}\nextra: [{key: k8s.io/a, valueExpression: '1'}]",
        ),
        /reserved for Kubernetes/,
      ],
      [
        configText("username: {claim: sub, prefix: ''}\nextra: [{valueExpression: '1'}]"),
        /extra\[0\]\.key: Required value/,
      ],
      [
        configText(
          "username: {claim: sub, prefix: ''}",
          "  userValidationRules: [{expression: 'user.name'}]",
        ),
        /undefined field 'name'/,
      ],
      [
        configText("username: {claim: sub, prefix: ''}").replace(issuer.url, 'http://a'),
        /URL scheme must be https/,
      ],
      [
        configText("username: {claim: sub, prefix: ''}").replace(
          issuer.url,
          'https://kubernetes.default.svc.cluster.local',
        ),
        /URL must not overlap with disallowed issuers/,
      ],
    ];
    for (const [text, message] of cases) await assert.rejects(byFile(text), message);
    await assert.rejects(
      byFile(
        configText("username: {claim: sub, prefix: ''}"),
        `--oidc-issuer-url=${issuer.url}`,
        '--oidc-client-id=me',
      ),
      /mutually exclusive/,
    );
  });

  it('leave anonymous requests to the paths of the file', async () => {
    const running = await byFile(
      'apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\nanonymous: {enabled: true, conditions: [{path: /livez}]}\n',
    );
    const ask = async (path: string) => (await running.ask(path, { token: '' })).status;
    assert.deepEqual(
      [
        await ask('/livez'),
        await ask('/readyz'),
        await ask('/livez/../api'),
        await ask('/version'),
      ],
      [200, 401, 401, 401],
    );
  });
});

describe('tokens and a webhook', function () {
  this.timeout(60_000);

  it('are judged by it once, and its failures let nobody in', async () => {
    const folder = await newFolder();
    const asked: string[] = [];
    let breaks = false;
    const web = await startWebhookServer(({ review, answer }) => {
      const { token } = (review as unknown as { spec: { token: string } }).spec;
      asked.push(token);
      answer.writeHead(breaks ? 400 : 200, { 'content-type': 'application/json' });
      const user = { username: 'zoe', groups: ['g'], extra: { k: ['v'] } };
      answer.end(
        JSON.stringify({
          status: { authenticated: token === 'magic', ...(token === 'magic' ? { user } : {}) },
        }),
      );
    });
    const file = join(folder, 'webhook.yaml');
    await writeFile(
      file,
      `clusters: [{name: a, cluster: {server: "${web.url}", certificate-authority-data: ${web.caBundle}}}]\ncontexts: [{name: a, context: {cluster: a, user: ""}}]\ncurrent-context: a\n`,
    );
    const server = await startWithFlags(folder, [
      `--authentication-token-webhook-config-file=${file}`,
      '--authentication-token-webhook-version=v1',
    ]);
    try {
      for (let n = 0; n < 3; n++)
        assert.deepEqual(await whoIs(server, 'magic'), {
          username: 'zoe',
          groups: ['g', 'system:authenticated'],
          extra: { k: ['v'] },
        });
      assert.equal(await whoIs(server, 'wrong'), 401);
      assert.deepEqual(asked, ['magic', 'wrong']);
      breaks = true;
      assert.equal(await whoIs(server, 'other'), 401);
      assert.equal(
        ((await whoIs(server, 'good')) as Who).username,
        'root',
        'the token file still works',
      );
    } finally {
      await server.stop();
      await web.stop();
      await removeFolder(folder);
    }
  });

  it('of the token file come and go without a restart', async () => {
    const folder = await newFolder();
    const server = await startWithFlags(folder, [], ['old,ann,1']);
    try {
      assert.equal(((await whoIs(server, 'old')) as Who).username, 'ann');
      await writeFile(join(folder, 'tokens'), 'good,root,1,"system:masters"\nnew,bob,2\n');
      await eventually(async () => (await whoIs(server, 'old')) === 401, 'the old token stays');
      assert.equal(((await whoIs(server, 'new')) as Who).username, 'bob');
      await writeFile(join(folder, 'tokens'), 'broken\n');
      assert.equal(((await whoIs(server, 'new')) as Who).username, 'bob');
    } finally {
      await server.stop();
      await removeFolder(folder);
    }
  });
});
