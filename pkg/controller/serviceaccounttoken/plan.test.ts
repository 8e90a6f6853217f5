import assert from 'node:assert/strict';
import type { Secret, ServiceAccount } from '../../apis/core/v1/types.js';
import { ACCOUNT_NAME, ACCOUNT_UID, ownAccount, planFilling, TOKEN_TYPE } from './plan.js';

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
  it('get a token, the CA and the namespace, and say whose they are', () => {
    const filling = planFilling(secret(), account, 'PEM')!;
    assert.deepEqual(filling.data, { 'ca.crt': 'UEVN', namespace: 'bg==' });
    assert.deepEqual(filling.annotations, { [ACCOUNT_NAME]: 'bob', [ACCOUNT_UID]: 'u1' });
    assert.deepEqual(
      [filling.claims?.['sub'], filling.claims?.['iss'], filling.claims?.['exp']],
      ['system:serviceaccount:n:bob', 'kubernetes/serviceaccount', undefined],
    );
    assert.equal(filling.claims?.['kubernetes.io/serviceaccount/secret.name'], 's');
  });

  it('keep their token when the CA changes, and are left alone when they are whole', () => {
    const whole = { token: 'dA==', 'ca.crt': 'UEVN', namespace: 'bg==' };
    assert.equal(planFilling(secret(whole, 'u1'), account, 'PEM'), undefined);
    assert.deepEqual(planFilling(secret(whole, 'u1'), account, 'NEW'), {
      claims: undefined,
      data: { 'ca.crt': 'TkVX' },
      annotations: { [ACCOUNT_NAME]: 'bob', [ACCOUNT_UID]: 'u1' },
    });
    assert.equal(planFilling(secret(whole, 'u1'), account, ''), undefined);
  });

  it('belong to no other account of the same name', () => {
    assert.equal(ownAccount(secret({}, 'u0'), account), undefined);
    assert.equal(ownAccount(secret({}, 'u1'), account), account);
    assert.equal(ownAccount(secret(), account), account);
    assert.equal(ownAccount(secret(), undefined), undefined);
  });
});
