// Bootstrap tokens sign cluster-info while they live, and are deleted when they expire.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import { CONFIG_MAPS, SECRETS } from '../../../pkg/apis/resource-types.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';

const INFO = { namespace: 'kube-public', name: 'cluster-info' };

describe('bootstrap tokens', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  before(async () => {
    plane = await startControlPlane(['--controllers=*,bootstrapsigner,tokencleaner']);
    await plane.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: INFO,
      data: { kubeconfig: 'first' },
    });
  });
  after(() => plane.stop());

  const key = (id: string) => ({ namespace: 'kube-system', name: `bootstrap-token-${id}` });
  const create = (id: string, more: Record<string, string> = {}) =>
    plane.client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: key(id),
      type: 'bootstrap.kubernetes.io/token',
      stringData: {
        'token-id': id,
        'token-secret': '0123456789abcdef',
        'usage-bootstrap-signing': 'true',
        ...more,
      },
    });
  const data = async () => (await plane.client.get(CONFIG_MAPS, INFO)).data ?? {};
  const signers = (...ids: string[]) =>
    eventually(`signatures of ${ids.join()}`, async () => {
      const signatures = Object.keys(await data()).filter((name) => name !== 'kubeconfig');
      return signatures.sort().join() === ids.map((id) => `jws-kubeconfig-${id}`).join();
    });
  const isGone = (id: string) =>
    plane.client.get(SECRETS, key(id)).then(
      () => false,
      (error: unknown) => isReason(error, 'NotFound'),
    );
  const secondsFromNow = (seconds: number) =>
    new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '');

  it('sign the config map, and sign it again when it changes', async () => {
    await create('aaaaaa');
    await create('bbbbbb', { 'usage-bootstrap-signing': 'false' });
    await signers('aaaaaa');
    const [header = '', , signature] = (await data())['jws-kubeconfig-aaaaaa']!.split('.');
    const text = `${header}.${Buffer.from('first').toString('base64url')}`;
    const wanted = createHmac('sha256', '0123456789abcdef').update(text).digest('base64url');
    assert.equal(signature, wanted);
    await plane.client.patch(
      CONFIG_MAPS,
      INFO,
      { data: { kubeconfig: 'second' } },
      { type: 'merge' },
    );
    await eventually(
      'a signature of the new content',
      async () => !(await data())['jws-kubeconfig-aaaaaa']!.endsWith(wanted),
    );
    await plane.client.delete(SECRETS, key('aaaaaa'));
    await signers();
  });

  it('go at their time, with their signature', async () => {
    await create('cccccc', { expiration: secondsFromNow(4) });
    await create('dddddd', { expiration: secondsFromNow(3600) });
    await create('eeeeee', { expiration: 'nonsense' });
    await signers('cccccc', 'dddddd');
    await eventually('the unreadable time has passed', () => isGone('eeeeee'));
    await eventually('the token is gone', () => isGone('cccccc'));
    await signers('dddddd');
    assert.equal(await isGone('dddddd'), false);
    await plane.client.delete(SECRETS, key('dddddd'));
    await signers();
  });
});
