import { strict as assert } from 'node:assert';
import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import type { StatusError } from '../../apimachinery/errors/status-error.js';
import { PODS, SECRETS, SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { MemoryReader } from '../../../test/support/memory-reader.js';
import type { Credentials, UserInfo } from '../auth/authenticator.js';
import type { Attributes } from '../auth/authorizer.js';
import type { ServerServices } from '../extension/services.js';
import { type AuthenticationConfig, createAuthentication } from './authentication.js';
import { staticTokenAuthenticator } from './opaque-tokens.js';

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const OLD_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

interface Token {
  status: { token: string; expirationTimestamp: string };
  spec: { expirationSeconds: number; audiences: string[] };
}

function setup(
  config: AuthenticationConfig = {},
  allow: (attributes: Attributes) => boolean = () => false,
) {
  const env = virtualEnv();
  const reader = new MemoryReader();
  reader.set(SERVICE_ACCOUNTS, { metadata: { namespace: 'shop', name: 'web', uid: 'u-1' } });
  reader.set(PODS, {
    metadata: { namespace: 'shop', name: 'web-1', uid: 'p-1' },
    spec: { containers: [], serviceAccountName: 'web', nodeName: 'n1' },
  });
  const authentication = createAuthentication({ serviceAccountSigningKey: KEY, ...config });
  const services = {
    env,
    reader,
    authorize: (a: Attributes) => ({ allowed: allow(a) }),
  } as unknown as ServerServices;
  const [authenticate] = authentication.authenticators(services);
  const call = async (credentials: Partial<Credentials>): Promise<UserInfo | undefined> =>
    authenticate!({ headers: {}, ...credentials });
  const create = (
    resource: string,
    object: object,
    name = 'web',
    user: UserInfo = { name: 'admin', groups: [] },
  ) => {
    const creator = authentication.creators.find((c) => c.resource === resource)!;
    const context = { now: env.clock.now(), user, dryRun: false, random: env.random };
    return creator.create(
      { metadata: {}, ...object } as never,
      { namespace: 'shop', name, context },
      services,
    );
  };
  const token = async (spec: object) => (await create('serviceaccounts', { spec })) as Token;
  return { env, reader, authentication, call, create, token };
}

const refused = (code: number, text: RegExp) => (error: StatusError) =>
  error.code === code && text.test(error.message);

describe('authentication', () => {
  it('accepts client certificates and puts every known user into system:authenticated', async () => {
    const { call } = setup();
    assert.deepEqual(await call({ certificate: { commonName: 'alice', organizations: ['dev'] } }), {
      name: 'alice',
      groups: ['dev', 'system:authenticated'],
    });
  });

  it('makes requests without credentials anonymous, but never requests with bad credentials', async () => {
    assert.deepEqual(await setup().call({}), {
      name: 'system:anonymous',
      groups: ['system:unauthenticated'],
    });
    assert.equal(await setup({ anonymous: false }).call({}), undefined);
    await assert.rejects(setup().call({ bearerToken: 'nonsense' }), refused(401, /^Unauthorized$/));
  });

  it('reads the static token file', async () => {
    const { call } = setup({
      fixedTokens: staticTokenAuthenticator('s3cret,bob,7,"ops,dev"\nplain,carl,8\n'),
    });
    assert.deepEqual(await call({ bearerToken: 's3cret' }), {
      name: 'bob',
      uid: '7',
      groups: ['ops', 'dev', 'system:authenticated'],
    });
    assert.deepEqual((await call({ bearerToken: 'plain' }))?.groups, ['system:authenticated']);
    const offered = `v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.${Buffer.from('s3cret').toString('base64url')}`;
    assert.equal(
      (await call({ headers: { 'sec-websocket-protocol': offered } }))?.name,
      'bob',
      'as a browser sends it',
    );
    await assert.rejects(call({ bearerToken: 's3cre' }), refused(401, /Unauthorized/));
    assert.throws(() => staticTokenAuthenticator('lonely'), /line 1/);
  });

  it('issues and accepts tokens bound to account and pod', async () => {
    const { call, token } = setup();
    const issued = await token({
      boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'web-1', uid: 'p-1' },
    });
    assert.equal(issued.spec.expirationSeconds, 3600);
    assert.deepEqual(await call({ bearerToken: issued.status.token }), {
      name: 'system:serviceaccount:shop:web',
      uid: 'u-1',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
      extra: {
        'authentication.kubernetes.io/credential-id': [
          `JTI=${String(decodeJwt(issued.status.token).jti)}`,
        ],
        'authentication.kubernetes.io/pod-name': ['web-1'],
        'authentication.kubernetes.io/pod-uid': ['p-1'],
        'authentication.kubernetes.io/node-name': ['n1'],
      },
    });
  });

  it('refuses a token after its pod or account is deleted or it has expired', async () => {
    const { env, reader, call, token } = setup();
    const forPod = (
      await token({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'web-1' } })
    ).status.token;
    const plain = (await token({})).status.token;
    await call({ bearerToken: forPod });
    reader.remove(PODS, 'shop', 'web-1');
    await env.clock.advance(1_000);
    await assert.rejects(call({ bearerToken: forPod }), refused(401, /Unauthorized/));
    assert.ok(await call({ bearerToken: plain }));
    reader.set(SERVICE_ACCOUNTS, { metadata: { namespace: 'shop', name: 'web', uid: 'u-2' } });
    await env.clock.advance(1_000);
    await assert.rejects(
      call({ bearerToken: plain }),
      refused(401, /Unauthorized/),
      'another account of that name',
    );
    const again = (await token({ expirationSeconds: 600 })).status.token;
    assert.ok(await call({ bearerToken: again }));
    await env.clock.advance(600_000);
    await assert.rejects(call({ bearerToken: again }), refused(401, /Unauthorized/));
  });

  it('refuses tampered tokens, tokens of other issuers and tokens for other audiences', async () => {
    const { call, token } = setup();
    const good = (await token({})).status.token;
    const [head, , signature] = good.split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...decodeJwt(good), sub: 'system:serviceaccount:kube-system:root' }),
    ).toString('base64url');
    for (const bad of [
      `${head}.${forged}.${signature}`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged}.`,
      (await token({ audiences: ['vault'] })).status.token,
    ]) {
      await assert.rejects(call({ bearerToken: bad }), refused(401, /Unauthorized/));
    }
    const other = setup({
      serviceAccountSigningKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    });
    await assert.rejects(
      call({ bearerToken: (await other.token({})).status.token }),
      refused(401, /Unauthorized/),
    );
  });

  it('keeps accepting tokens of an older key', async () => {
    const old = setup({ serviceAccountSigningKey: OLD_KEY });
    const { token } = (await old.token({})).status;
    assert.equal(decodeProtectedHeader(token).alg, 'RS256');
    assert.ok(await setup({ serviceAccountKeys: [OLD_KEY] }).call({ bearerToken: token }));
  });

  it("holds token requests to upstream's rules", async () => {
    const { token } = setup();
    await assert.rejects(
      token({ expirationSeconds: 60 }),
      refused(
        422,
        /spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes/,
      ),
    );
    await assert.rejects(
      token({ boundObjectRef: { kind: 'Pod', name: 'gone' } }),
      refused(404, /pods "gone" not found/),
    );
    await assert.rejects(
      token({ boundObjectRef: { kind: 'Pod', name: 'web-1', uid: 'x' } }),
      refused(409, /does not match the UID in record/),
    );
    await assert.rejects(
      token({ boundObjectRef: { kind: 'Service', name: 'x' } }),
      refused(400, /cannot bind token/),
    );
    const extended = await token({
      expirationSeconds: 3607,
      boundObjectRef: { kind: 'Pod', name: 'web-1' },
    });
    const claims = decodeJwt(extended.status.token);
    assert.equal(claims.exp! - claims.iat!, 31_536_000);
    assert.equal((claims['kubernetes.io'] as { warnafter: number }).warnafter - claims.iat!, 3607);
  });

  it('publishes the keys that verify its tokens', async () => {
    const { authentication, token, env } = setup({ serviceAccountKeys: [OLD_KEY] });
    const bodies: Record<string, string> = {};
    for (const page of authentication.paths) {
      await page.handle(
        {
          respond: (_status: number, _headers: object, body: string) => (bodies[page.path] = body),
        } as never,
        undefined as never,
      );
    }
    const keys = JSON.parse(bodies['/openid/v1/jwks']!) as JSONWebKeySet;
    assert.deepEqual(
      keys.keys.map((key) => key.kty),
      ['EC', 'RSA'],
    );
    const { token: jwt } = (await token({})).status;
    const { payload } = await jwtVerify(jwt, createLocalJWKSet(keys), {
      currentDate: new Date(env.clock.now()),
    });
    assert.equal(
      (JSON.parse(bodies['/.well-known/openid-configuration']!) as { issuer: string }).issuer,
      payload.iss,
    );
  });

  it('accepts bootstrap tokens until they expire', async () => {
    const { reader, call, env } = setup({ bootstrapTokens: true });
    const data = (fields: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(fields).map(([k, v]) => [k, Buffer.from(v).toString('base64')]),
      );
    const secret = (fields: Record<string, string> = {}) =>
      reader.set(SECRETS, {
        metadata: { namespace: 'kube-system', name: 'bootstrap-token-abcdef' },
        type: 'bootstrap.kubernetes.io/token',
        data: data({
          'token-id': 'abcdef',
          'token-secret': '0123456789abcdef',
          'usage-bootstrap-authentication': 'true',
          'auth-extra-groups': 'system:bootstrappers:kubeadm',
          ...fields,
        }),
      });
    secret();
    const credentials = { bearerToken: 'abcdef.0123456789abcdef' };
    assert.deepEqual((await call(credentials))?.groups, [
      'system:bootstrappers',
      'system:bootstrappers:kubeadm',
      'system:authenticated',
    ]);
    await assert.rejects(
      call({ bearerToken: 'abcdef.0123456789abcdeX' }),
      refused(401, /Unauthorized/),
    );
    secret({ expiration: new Date(env.clock.now() - 1).toISOString() });
    await assert.rejects(call(credentials), refused(401, /Unauthorized/));
    secret({ 'usage-bootstrap-authentication': 'false' });
    await assert.rejects(call(credentials), refused(401, /Unauthorized/));
  });

  it('impersonates only with the right to impersonate', async () => {
    const admin = { certificate: { commonName: 'admin', organizations: [] } };
    const asked: string[] = [];
    const { call } = setup({}, (a) => {
      asked.push(
        `${a.verb} ${a.resource}${a.subresource ? `/${a.subresource}` : ''} ${a.namespace ? `${a.namespace}/` : ''}${a.name}`,
      );
      return a.name !== 'root';
    });
    const headers = {
      'impersonate-user': 'jane',
      'impersonate-group': 'dev, ops',
      'impersonate-extra-scopes': 'view',
    };
    assert.deepEqual(await call({ ...admin, headers }), {
      name: 'jane',
      groups: ['dev', 'ops', 'system:authenticated'],
      extra: { scopes: ['view'] },
    });
    assert.deepEqual(asked, [
      'impersonate users jane',
      'impersonate groups dev',
      'impersonate groups ops',
      'impersonate userextras/scopes view',
    ]);
    assert.deepEqual(
      (await call({ ...admin, headers: { 'impersonate-user': 'system:serviceaccount:shop:web' } }))
        ?.groups,
      ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
    );
    await assert.rejects(
      call({ ...admin, headers: { 'impersonate-user': 'root' } }),
      refused(
        403,
        /^users "root" is forbidden: User "admin" cannot impersonate resource "users" in API group "" at the cluster scope$/,
      ),
    );
    await assert.rejects(
      call({ ...admin, headers: { 'impersonate-group': 'dev' } }),
      refused(500, /without impersonating a user/),
    );
  });

  it('answers token reviews and self subject reviews', async () => {
    const { create, token } = setup();
    const { token: jwt } = (await token({})).status;
    const review = (await create('tokenreviews', { spec: { token: jwt } })) as {
      status: { authenticated: boolean; user: { username: string }; audiences: string[] };
    };
    assert.equal(review.status.authenticated, true);
    assert.equal(review.status.user.username, 'system:serviceaccount:shop:web');
    const bad = (await create('tokenreviews', { spec: { token: jwt, audiences: ['vault'] } })) as {
      status: { authenticated?: boolean; error: string };
    };
    assert.deepEqual(
      [bad.status.authenticated, bad.status.error],
      [undefined, 'invalid bearer token'],
    );
    const self = (await create('selfsubjectreviews', {}, '', { name: 'eve', groups: ['x'] })) as {
      status: unknown;
    };
    assert.deepEqual(self.status, { userInfo: { username: 'eve', groups: ['x'] } });
  });
});
