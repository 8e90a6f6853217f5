// Secrets of type kubernetes.io/service-account-token: content, use as bearer tokens, deletion.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import type { Secret } from '../../../pkg/apis/core/v1/types.js';
import { SECRETS, SERVICE_ACCOUNTS } from '../../../pkg/apis/resource-types.js';
import { Api } from '../apiserver/harness.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';

describe('serviceaccount-token-controller', function () {
  this.timeout(4 * BOUND_MS);
  let folder: string;
  let plane: ControlPlane;
  let stranger: Api;
  let namespace: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-sa-'));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const file = join(folder, 'sa.key');
    await writeFile(file, pem, { mode: 0o600 });
    plane = await startControlPlane(['--service-account-private-key-file', file], {
      serviceAccountKey: pem,
    });
    stranger = new Api(plane.api, null);
  });
  after(async () => {
    stranger.close();
    await plane.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => (namespace = await plane.namespace()));

  const create = (account: string, annotations = {}) =>
    plane.client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: {
        name: 's',
        namespace,
        annotations: { 'kubernetes.io/service-account.name': account, ...annotations },
      },
    });
  const present = () =>
    plane.client
      .get(SECRETS, { namespace, name: 's' })
      .catch((error: unknown) =>
        isReason(error, 'NotFound') ? undefined : Promise.reject(error as Error),
      );
  const filled = () =>
    eventually('token', async () => {
      const secret = await present();
      return secret?.data?.['token'] ? secret : undefined;
    });
  const gone = () => eventually('secret gone', async () => (await present()) === undefined);
  const who = async (token: string) => {
    const answer = await stranger.call(
      'POST',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' },
      { authorization: `Bearer ${token}` },
    );
    return answer.status === 201 ? (answer.json.status.userInfo.username as string) : answer.status;
  };
  const tokenOf = ({ data }: Secret) => Buffer.from(data!['token']!, 'base64').toString();

  it('fills a secret with a token that is valid until the secret is deleted', async () => {
    await eventually('default account', () =>
      plane.client.get(SERVICE_ACCOUNTS, { namespace, name: 'default' }),
    );
    await create('default');
    const secret = await filled();
    const account = await plane.client.get(SERVICE_ACCOUNTS, { namespace, name: 'default' });
    assert.equal(
      secret.metadata.annotations?.['kubernetes.io/service-account.uid'],
      account.metadata.uid,
    );
    assert.equal(Buffer.from(secret.data!['namespace']!, 'base64').toString(), namespace);
    assert.equal(Buffer.from(secret.data!['ca.crt']!, 'base64').toString(), plane.api.caPem);
    assert.equal(await who(tokenOf(secret)), `system:serviceaccount:${namespace}:default`);
    await plane.client.update(SERVICE_ACCOUNTS, {
      ...account,
      secrets: [{ name: 's' }, { name: 'other' }],
    });
    await plane.client.delete(SECRETS, { namespace, name: 's' });
    await eventually('refused', async () => (await who(tokenOf(secret))) === 401);
    await eventually('reference gone', async () => {
      const { secrets } = await plane.client.get(SERVICE_ACCOUNTS, { namespace, name: 'default' });
      return secrets?.length === 1 && secrets[0]?.name === 'other';
    });
  });

  it('deletes secrets with their account, and secrets without an account at once', async () => {
    await plane.client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'bob', namespace },
    });
    await create('bob');
    await filled();
    await plane.client.delete(SERVICE_ACCOUNTS, { namespace, name: 'bob' });
    await gone();
    await create('nobody');
    await gone();
    await create('default', { 'kubernetes.io/service-account.uid': 'another' });
    await gone();
  });

  it('writes a new token when the token was removed; the old token is invalid', async () => {
    await plane.client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'eve', namespace },
    });
    await create('eve');
    const secret = await filled();
    const forged = tokenOf(secret).replace(/.{4}$/, (end) => (end === 'AAAA' ? 'BBBB' : 'AAAA'));
    assert.equal(await who(forged), 401);
    await plane.client.patch(
      SECRETS,
      { namespace, name: 's' },
      { data: { token: null } },
      { type: 'merge' },
    );
    await filled();
  });

  it('shows the day of its last use, and counts no more once it is marked', async () => {
    await plane.client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'joe', namespace },
    });
    await create('joe');
    const token = tokenOf(await filled());
    assert.equal(await who(token), `system:serviceaccount:${namespace}:joe`);
    const label = await eventually('last use', async () => {
      const secret = await present();
      return secret?.metadata.labels?.['kubernetes.io/legacy-token-last-used'];
    });
    assert.equal(label, new Date().toISOString().slice(0, 10));
    const mark = (day: string | null) =>
      plane.client.patch(
        SECRETS,
        { namespace, name: 's' },
        { metadata: { labels: { 'kubernetes.io/legacy-token-invalid-since': day } } },
        { type: 'merge' },
      );
    await mark('2025-01-01');
    await eventually('refused', async () => (await who(token)) === 401);
    await mark(null);
    assert.equal(await who(token), `system:serviceaccount:${namespace}:joe`);
  });
});
