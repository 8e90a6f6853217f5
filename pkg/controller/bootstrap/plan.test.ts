// The signatures of cluster-info, checked by the rules of RFC 7515 without the code that signs.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { tokenExpiresInMs } from '../../component-helpers/bootstrap-tokens.js';
import type { Secret } from '../../apis/core/v1/types.js';
import { signedData, signs } from './plan.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const token = (id: string, fields: Record<string, string> = {}, name = `bootstrap-token-${id}`) => {
  const all = {
    'token-id': id,
    'token-secret': '0123456789abcdef',
    'usage-bootstrap-signing': 'true',
    ...fields,
  };
  return {
    metadata: { name, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(all).map(([key, text]) => [key, btoa(text)])),
  } as unknown as Secret;
};

/** DetachedTokenIsValid of k8s.io/cluster-bootstrap/token/jws: signs anew, and compares. */
function isValid(detached: string, content: string, id: string, secret: string): boolean {
  const header = Buffer.from(`{"alg":"HS256","kid":"${id}"}`).toString('base64url');
  const payload = Buffer.from(content).toString('base64url');
  const signature = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
  return detached === `${header}..${signature}`;
}

describe('signatures of cluster-info', () => {
  it("verify by upstream's algorithm, with the token that they name only", () => {
    const kubeconfig = 'apiVersion: v1\nkind: Config # \u00e4\n';
    const data = signedData({ kubeconfig }, [
      token('abcdef'),
      token('zyxwvu', { 'token-secret': 'fedcba9876543210' }),
    ]);
    assert.deepEqual(Object.keys(data), [
      'kubeconfig',
      'jws-kubeconfig-abcdef',
      'jws-kubeconfig-zyxwvu',
    ]);
    const first = data['jws-kubeconfig-abcdef']!;
    assert.ok(isValid(first, kubeconfig, 'abcdef', '0123456789abcdef'), first);
    assert.ok(isValid(data['jws-kubeconfig-zyxwvu']!, kubeconfig, 'zyxwvu', 'fedcba9876543210'));
    assert.ok(!isValid(first, `${kubeconfig} `, 'abcdef', '0123456789abcdef'), 'other content');
    assert.ok(!isValid(first, kubeconfig, 'abcdef', '0123456789abcdee'), 'another secret');
  });

  it('replace those of tokens that are gone, and keep other data', () => {
    const old = {
      kubeconfig: 'a',
      note: 'b',
      'jws-kubeconfig-oldone': 'x..y',
      'jws-kubeconfig-abcdef': 'x..z',
    };
    const data = signedData(old, [token('abcdef')]);
    assert.deepEqual(Object.keys(data), ['kubeconfig', 'note', 'jws-kubeconfig-abcdef']);
    assert.notEqual(data['jws-kubeconfig-abcdef'], 'x..z');
    assert.deepEqual(signedData(data, [token('abcdef')]), data);
  });

  it('are of tokens for signing that are valid, and have their own name', () => {
    const can = (one: Secret) => signs(one, NOW);
    assert.ok(can(token('abcdef')));
    assert.ok(can(token('abcdef', { expiration: '2026-01-01T00:00:01Z' })));
    for (const bad of [
      token('abcdef', { 'usage-bootstrap-signing': 'yes' }),
      token('abcdef', { 'usage-bootstrap-signing': '' }),
      token('abcdef', { 'token-secret': '' }),
      token('abcdef', { expiration: '2026-01-01T00:00:00Z' }),
      token('abcdef', { expiration: 'soon' }),
      token('abcdef', {}, 'bootstrap-token-abcdeg'),
      token('ABCDEF'),
      token('abc'),
    ])
      assert.ok(!can(bad), JSON.stringify(bad));
  });

  it('know when a token expires', () => {
    const left = (expiration?: string) =>
      tokenExpiresInMs(token('abcdef', expiration === undefined ? {} : { expiration }), NOW);
    assert.equal(left(), Infinity);
    assert.equal(left(''), Infinity);
    assert.equal(left('2026-01-01T00:01:00Z'), 60_000);
    assert.equal(left('2026-01-01T01:00:00+01:00'), 0);
    assert.equal(left('2025-01-01T00:00:00Z'), 0);
    assert.equal(left('never'), 0);
  });
});
