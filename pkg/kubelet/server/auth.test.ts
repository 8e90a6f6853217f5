import { strict as assert } from 'node:assert';
import type { TLSSocket } from 'node:tls';
import type { AccessReviewer, Caller } from '../../client/access-review.js';
import { authorize, subresourceOf, verbOf } from './auth.js';

const socket = (CN?: string, ...O: string[]): TLSSocket =>
  ({
    authorized: CN !== undefined,
    getPeerCertificate: () => ({ subject: { CN, O } }),
  }) as unknown as TLSSocket;

/** Lets the named users in, and says who was asked about. */
function reviews(...allowed: string[]): AccessReviewer & { asked: [Caller, unknown][] } {
  const asked: [Caller, unknown][] = [];
  return {
    asked,
    authenticate: (token) =>
      Promise.resolve(token === 'good' ? { name: 'bearer', groups: ['g'] } : undefined),
    isAllowed(caller, { resourceAttributes }) {
      asked.push([caller, resourceAttributes]);
      return Promise.resolve(allowed.includes(caller.name));
    },
  };
}

describe("access to the kubelet's port", () => {
  it('trusts no name and no group: the API server is asked about everybody', async () => {
    for (const [name, ...groups] of [
      ['kube-apiserver-kubelet-client'],
      ['mallory', 'system:masters'],
      ['mallory', 'kubeadm:cluster-admins'],
      ['mallory', 'system:nodes'],
    ]) {
      const reviewer = reviews();
      const decision = await authorize(
        socket(name, ...groups),
        undefined,
        'create',
        '/exec/a/b/c',
        'n1',
        reviewer,
      );
      assert.deepEqual([decision.allow, !decision.allow && decision.code], [false, 403], name);
      const node = { group: '', version: 'v1', resource: 'nodes', name: 'n1' };
      assert.deepEqual(reviewer.asked, [
        [
          { name, groups: [...groups, 'system:authenticated'] },
          { ...node, verb: 'create', subresource: 'proxy' },
        ],
      ]);
    }
  });

  it('lets in whom the API server allows, by certificate and by token', async () => {
    const reviewer = reviews('kube-apiserver-kubelet-client', 'bearer');
    for (const [who, authorization] of [
      [socket('kube-apiserver-kubelet-client'), undefined],
      [socket(), 'Bearer good'],
    ] as const)
      assert.equal(
        (await authorize(who, authorization, 'get', '/pods', 'n1', reviewer)).allow,
        true,
      );
  });

  it('lets in nobody who is unknown, and nobody where nobody can be asked', async () => {
    const refused = async (who: TLSSocket, authorization?: string, reviewer?: AccessReviewer) => {
      const decision = await authorize(who, authorization, 'get', '/pods', 'n1', reviewer);
      return decision.allow ? 200 : decision.code;
    };
    assert.equal(await refused(socket(), undefined, reviews('anonymous')), 401);
    assert.equal(await refused(socket(), 'Bearer bad', reviews('bearer')), 401);
    assert.equal(await refused(socket('admin', 'system:masters')), 403);
  });

  it('takes a right to read for no right to run, however the path is written', () => {
    for (const path of [
      '/exec/n/p/c',
      '/%65xec/n/p/c',
      '/attach/n/p/c',
      '/portForward/n/p',
      '/run/n/p/c',
    ])
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS'])
        assert.deepEqual([verbOf(method, path), subresourceOf(path)], ['create', 'proxy'], path);
    assert.deepEqual(
      [verbOf('GET', '/%73tats/summary'), subresourceOf('/%73tats/summary')],
      ['get', 'stats'],
    );
    assert.deepEqual(
      [verbOf('GET', '/containerLogs/n/p/c'), verbOf('POST', '/pods')],
      ['get', 'create'],
    );
  });
});
