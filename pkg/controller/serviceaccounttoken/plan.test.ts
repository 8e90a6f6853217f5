import assert from 'node:assert/strict';
import type { Secret, ServiceAccount } from '../../apis/core/v1/types.js';
import { ACCOUNT_NAME, ACCOUNT_UID, ownAccount, planTokenSecret, TOKEN_TYPE } from './plan.js';

const account: ServiceAccount = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'bob', namespace: 'n', uid: 'u1' },
};
const secret = (data?: Record<string, string>, uid?: string): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: TOKEN_TYPE,
  metadata: {
    name: 's',
    namespace: 'n',
    uid: 'x',
    annotations: { [ACCOUNT_NAME]: 'bob', ...(uid ? { [ACCOUNT_UID]: uid } : {}) },
  },
  ...(data ? { data } : {}),
});

describe('token secrets', () => {
  it('get a token, the CA, the namespace, and the annotations of their account', () => {
    const update = planTokenSecret(secret(), account, 'PEM')!;
    assert.deepEqual(update.data, { 'ca.crt': 'UEVN', namespace: 'bg==' });
    assert.deepEqual(update.annotations, { [ACCOUNT_NAME]: 'bob', [ACCOUNT_UID]: 'u1' });
    assert.deepEqual(
      [update.claims?.['sub'], update.claims?.['iss'], update.claims?.['exp']],
      ['system:serviceaccount:n:bob', 'kubernetes/serviceaccount', undefined],
    );
    assert.equal(update.claims?.['kubernetes.io/serviceaccount/secret.name'], 's');
  });

  it('keep their token when the CA changes, and do not change when complete', () => {
    const whole = { token: 'dA==', 'ca.crt': 'UEVN', namespace: 'bg==' };
    assert.equal(planTokenSecret(secret(whole, 'u1'), account, 'PEM'), undefined);
    assert.deepEqual(planTokenSecret(secret(whole, 'u1'), account, 'NEW'), {
      claims: undefined,
      data: { 'ca.crt': 'TkVX' },
      annotations: { [ACCOUNT_NAME]: 'bob', [ACCOUNT_UID]: 'u1' },
    });
    assert.equal(planTokenSecret(secret(whole, 'u1'), account, ''), undefined);
  });

  it('do not belong to a new account of the same name', () => {
    assert.equal(ownAccount(secret({}, 'u0'), account), undefined);
    assert.equal(ownAccount(secret({}, 'u1'), account), account);
    assert.equal(ownAccount(secret(), account), account);
    assert.equal(ownAccount(secret(), undefined), undefined);
  });
});
