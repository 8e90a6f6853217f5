import assert from 'node:assert/strict';
import type { CertificateSigningRequest } from '../../apis/certificates/v1/types.js';
import { approvalPermissions, cleanInMs, signerProblem, type RequestNames } from './plan.js';
import { SIGNERS } from '../../component-helpers/signers.js';

const node: RequestNames = {
  commonName: 'system:node:a',
  organizations: ['system:nodes'],
  sans: [],
  otherSans: 0,
};
const CLIENT = ['digital signature', 'client auth'];
const SERVER = ['digital signature', 'key encipherment', 'server auth'];
const request = (
  username: string,
  signerName: string = SIGNERS.kubeletClient,
  usages = CLIENT,
): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'r', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { request: '', signerName, usages, username },
});

describe('certificate requests', () => {
  it('approves kubelet client certificates only, by requester', () => {
    const asked = (of: CertificateSigningRequest, names = node) =>
      approvalPermissions(of, names).map(({ subresource }) => subresource);
    assert.deepEqual(asked(request('system:node:a')), ['selfnodeclient', 'nodeclient']);
    assert.deepEqual(asked(request('system:bootstrap:x')), ['nodeclient']);
    assert.deepEqual(asked(request('system:node:a', SIGNERS.kubeletServing)), []);
    assert.deepEqual(
      asked(request('system:node:a', SIGNERS.kubeletClient, [...CLIENT, 'server auth'])),
      [],
    );
    assert.deepEqual(asked(request('system:node:a'), { ...node, sans: ['a'] }), []);
    assert.deepEqual(
      asked(request('system:node:a'), {
        ...node,
        organizations: ['system:nodes', 'system:masters'],
      }),
      [],
    );
  });

  it('enforces the rules of each signer', () => {
    assert.equal(signerProblem(SIGNERS.kubeletClient, node, CLIENT), undefined);
    assert.match(
      signerProblem(SIGNERS.kubeletClient, { ...node, commonName: 'admin' }, CLIENT) ?? '',
      /common name/,
    );
    assert.match(
      signerProblem(SIGNERS.kubeletServing, node, SERVER) ?? '',
      /subjectAltName is required/,
    );
    assert.equal(
      signerProblem(SIGNERS.kubeletServing, { ...node, sans: ['10.0.0.1'] }, SERVER),
      undefined,
    );
    assert.match(
      signerProblem(
        SIGNERS.kubeletServing,
        { ...node, sans: ['10.0.0.1'], otherSans: 1 },
        SERVER,
      ) ?? '',
      /URI/,
    );
    assert.match(
      signerProblem(SIGNERS.client, { ...node, commonName: 'jane' }, SERVER) ?? '',
      /usages/,
    );
    assert.equal(signerProblem(SIGNERS.client, { ...node, commonName: 'jane' }, CLIENT), undefined);
  });

  it('deletes decided requests after an hour, open requests after a day', () => {
    const now = Date.parse('2026-01-01T02:00:00Z');
    const denied = (at: string): CertificateSigningRequest => ({
      ...request('x'),
      status: { conditions: [{ type: 'Denied', status: 'True', lastUpdateTime: at }] },
    });
    assert.equal(cleanInMs(request('x'), now), 22 * 3_600_000);
    assert.equal(cleanInMs(denied('2026-01-01T01:30:00Z'), now), 1_800_000);
    assert.equal(cleanInMs(denied('2026-01-01T00:30:00Z'), now), 0);
  });
});
